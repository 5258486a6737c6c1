package dev.countersign.management.policy;

import dev.countersign.enforcement.Explanation;
import dev.countersign.enforcement.Policies;
import dev.countersign.enforcement.Policy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.SignInId;
import dev.countersign.loginsession.History;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.web.Reply;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Why a sign-in was asked for what it was: every decision in it with the facts that it rested on, and what they meant. Ours. */
public final class Decisions {
  private static final Shape RULE =
      Shape.fields()
          .withRequired("kind", Shape.word("enforcement", "step_up"))
          .withRequired("id", Shape.text(1, 64))
          .withRequired("name", Shape.text(1, 100));
  private static final Shape POINT =
      Shape.fields()
          .withRequired("signal", Shape.text(1, 64))
          .withRequired("points", new Shape.Whole(0, 100))
          .withRequired("details", new Shape.Open(10_000));
  private static final Shape RISK =
      Shape.fields()
          .withRequired("score", new Shape.Whole(0, 100))
          .withRequired("confidence", Shape.word("low", "medium", "high"))
          .withRequired("response", Shape.word("allow", "challenge", "phishing_resistant", "block"))
          .withRequired("followed", Shape.flag())
          .withRequired("findings", new Shape.ListOf(POINT, 100));
  private static final Shape FACTOR =
      Shape.fields()
          .withRequired("factor", Shape.text(1, 64))
          .withRequired(
              "standing",
              Shape.word(
                  Arrays.stream(Explanation.Standing.values())
                      .map(Explanation.Standing::word)
                      .toArray(String[]::new)));
  private static final Shape DECIDED =
      Shape.fields()
          .withRequired("at", Shape.moment())
          .withRequired("policy_version", new Shape.Whole(0, Long.MAX_VALUE))
          .withRequired("result", Shape.text(1, 64))
          .withRequired("reason", Shape.text(1, 64))
          .withRequired("exempt", Shape.flag())
          .withRequired("rules", new Shape.ListOf(RULE, 1_000))
          .withRequired("risk", RISK)
          .withRequired("factors", new Shape.ListOf(FACTOR, 200))
          .withRequired("explanation", new Shape.ListOf(Shape.text(1, 2_000), 500))
          .withRequired("facts", new Shape.Open(1_000_000));

  private final Database database;
  private final History history;
  private final Policies policies;

  public Decisions(Database database, History history, Policies policies) {
    this.database = database;
    this.history = history;
    this.policies = policies;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/decisions/{sign_in}", "read:logs", this::show)
            .does("Shows why a sign-in was asked for what it was")
            .answers(
                200,
                Shape.fields()
                    .withRequired("sign_in", Shape.text(1, 64))
                    .withRequired("decisions", new Shape.ListOf(DECIDED, 1_000))));
  }

  private Reply show(Call call) {
    var signIn = new SignInId(call.parameter("sign_in"));
    var decided =
        database.read(tx -> {
          var out = Json.array();
          history
              .of(tx, call.tenant(), signIn)
              .forEach(it ->
                  out.add(shown(it, policies.version(tx, call.tenant(), it.policyVersion()))));
          return out;
        });
    if (decided.isEmpty()) {
      return new ApiError(404, "inexistent_decision", "No decision is recorded for this sign-in.")
          .reply();
    }
    ObjectNode out = Json.object().put("sign_in", signIn.value());
    out.set("decisions", decided);
    return Reply.json(out);
  }

  private static ObjectNode shown(History.Recorded record, Policy policy) {
    var why = Explanation.of(policy, record.facts());
    ObjectNode out =
        Json.object()
            .put("at", record.facts().at().toString())
            .put("policy_version", record.policyVersion())
            .put("result", record.result())
            .put("reason", why.decision().because().reason().word())
            .put("exempt", why.exempt());
    var rules = Json.array();
    why.rules()
        .forEach(it ->
            rules.add(
                Json.object().put("kind", it.kind()).put("id", it.id()).put("name", it.name())));
    out.set("rules", rules);
    out.set("risk", shown(why.risk()));
    var factors = Json.array();
    why.factors()
        .forEach(it ->
            factors.add(
                Json.object()
                    .put("factor", it.factor().value())
                    .put("standing", it.standing().word())));
    out.set("factors", factors);
    out.set("explanation", Json.texts(why.lines(policy)));
    out.set("facts", Json.tree(Json.write(record.facts())));
    return out;
  }

  private static ObjectNode shown(Explanation.Risk risk) {
    ObjectNode out =
        Json.object()
            .put("score", risk.score())
            .put("confidence", risk.confidence())
            .put("response", PolicyForm.word(risk.response()))
            .put("followed", risk.followed());
    var findings = Json.array();
    risk.points()
        .forEach(it -> {
          ObjectNode each =
              Json.object().put("signal", it.finding().signal().word()).put("points", it.points());
          var details = Json.object();
          it.finding().details().forEach(details::put);
          each.set("details", details);
          findings.add(each);
        });
    out.set("findings", findings);
    return out;
  }
}
