package dev.countersign.loginsession;

import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.UserId;
import dev.countersign.risk.Browser;
import dev.countersign.risk.Finding;
import dev.countersign.risk.Observe;
import dev.countersign.storage.Tx;
import java.util.List;

/** Notices what {@link Observe} does. Where an application asks by itself there is no browser to be looked at. */
public final class Observing implements Senses {
  private final Observe observe;

  public Observing(Observe observe) {
    this.observe = observe;
  }

  @Override
  public SignIn.Assessed assess(
      Tx tx, SignIn signIn, UserId who, List<Finding> noticed, Occasion occasion) {
    var found =
        observe.observe(tx, signIn.tenant(), who, browser(signIn, occasion), noticed, occasion);
    return new SignIn.Assessed(found.findings(), found.country());
  }

  @Override
  public void learn(Tx tx, SignIn signIn, UserId who, Occasion occasion) {
    observe.learn(tx, signIn.tenant(), who, browser(signIn, occasion), occasion);
  }

  private static Browser browser(SignIn signIn, Occasion occasion) {
    return signIn.destination().isDirect() ? Browser.HIDDEN : Browser.of(occasion);
  }
}
