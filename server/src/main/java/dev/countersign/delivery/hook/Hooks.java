package dev.countersign.delivery.hook;

import dev.countersign.delivery.Caps;
import dev.countersign.delivery.Courier;
import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Occasion;
import dev.countersign.outbound.Call;
import dev.countersign.outbound.Callout;
import dev.countersign.outbound.StandardWebhooks;
import dev.countersign.proof.Allowance;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.List;

/**
 * Asks services of tenants to reach people. What such a service sends may cost money and sleep, so it is asked no more often
 * than a text would be sent. Thread-safe.
 */
public final class Hooks implements Courier {
  static final Allowance PER_SIGN_IN = new Allowance("hooks/sign-in", 3, Duration.ofHours(1));
  static final Allowance PER_PERSON = new Allowance("hooks/person", 10, Duration.ofHours(1));

  private final Caps caps;
  private final Callout callout;

  public Hooks(Caps caps, Callout callout) {
    this.caps = caps;
    this.callout = callout;
  }

  @Override
  public Admission admit(Tx tx, Errand errand, Occasion occasion) {
    var signIn = errand.signIn();
    var perPerson = new Caps.Cap(PER_PERSON, errand.user().value() + " " + errand.factor());
    var limits =
        signIn == null
            ? List.of(perPerson)
            : List.of(new Caps.Cap(PER_SIGN_IN, signIn.value() + " " + errand.factor()), perPerson);
    return caps.admit(tx, errand, limits, occasion);
  }

  @Override
  public Outcome send(Errand errand, Occasion occasion) {
    if (!(errand.dispatch() instanceof Dispatch.Hook hook)) {
      throw new IllegalArgumentException("not a message to a service");
    }
    var call =
        StandardWebhooks.signed(
            Call.json(hook.url(), hook.body().reveal()).with(Call.IDEMPOTENCY_KEY, hook.id()),
            hook.id(),
            occasion.at(),
            hook.keys());
    return switch (callout.send(call, hook.most())) {
      case dev.countersign.outbound.Outcome.Answered answered when answered.isSuccess() ->
          new Outcome.Handed("webhook");
      case dev.countersign.outbound.Outcome.Answered answered ->
          new Outcome.Failed("status_" + answered.status());
      case dev.countersign.outbound.Outcome.Unanswered(var why) -> new Outcome.Failed(why.word());
    };
  }
}
