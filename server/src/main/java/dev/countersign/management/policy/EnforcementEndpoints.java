package dev.countersign.management.policy;

import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Policy;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.guardian.PolicyChange;
import dev.countersign.web.Reply;
import java.util.List;

/** The whole policy, rules included: ours, beside the words that the Guardian API has for it. */
public final class EnforcementEndpoints {
  private final PolicyForm form;
  private final PolicyChange policy;

  public EnforcementEndpoints(PolicyForm form, PolicyChange policy) {
    this.form = form;
    this.policy = policy;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/enforcement", "read:mfa_policies", call -> shown(call, policy.current(call)))
            .does("Shows the whole policy, rules included")
            .answers(200, form.shown()),
        Endpoint.put("/enforcement", "update:mfa_policies", form.shown(), this::replace)
            .does("Replaces the policy; refused where it would lock people out")
            .answers(200, form.shown()));
  }

  private Reply replace(Call call) {
    return switch (form.read(call.tenant(), call.body())) {
      case PolicyForm.Reading.Unsound(var violation) ->
          ApiError.body(violation.sentence("Payload")).reply();
      case PolicyForm.Reading.NoSuchFactor(var name) ->
          ApiError.unsupported(
                  "This server has no factor \"" + name + "\", so it cannot be allowed.")
              .reply();
      case PolicyForm.Reading.Sound(var edit) ->
          policy.make(
              call,
              edit,
              (before, after) ->
                  PolicyChange.event(AuditType.POLICY_CHANGED, call)
                      .with("before", form.told(call.tenant(), before))
                      .with("after", form.told(call.tenant(), after)),
              after -> shown(call, after));
    };
  }

  private Reply shown(Call call, Policy current) {
    return Reply.json(form.shown(call.tenant(), current));
  }
}
