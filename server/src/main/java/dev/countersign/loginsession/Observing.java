package dev.countersign.loginsession;

import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.UserId;
import dev.countersign.risk.Browser;
import dev.countersign.risk.BrowserKeys;
import dev.countersign.risk.Finding;
import dev.countersign.risk.Observe;
import dev.countersign.storage.Tx;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notices what {@link Observe} does. Where an application asks by itself there is no browser to be looked at. */
public final class Observing implements Senses {
  private final Observe observe;

  private final BrowserKeys keys;

  public Observing(Observe observe, BrowserKeys keys) {
    this.observe = observe;
    this.keys = keys;
  }

  @Override
  public SignIn.Assessed assess(
      Tx tx, SignIn signIn, UserId who, List<Finding> noticed, Occasion occasion) {
    var key = key(signIn, occasion);
    var browser = browser(signIn, key, occasion);
    var found = observe.observe(tx, signIn.tenant(), who, browser, noticed, occasion);
    return new SignIn.Assessed(found.findings(), found.country(), key);
  }

  @Override
  public void learn(Tx tx, SignIn signIn, UserId who, Occasion occasion) {
    var assessed = signIn.notes().assessed();
    var key = assessed == null ? null : assessed.key();
    observe.learn(tx, signIn.tenant(), who, browser(signIn, key, occasion), occasion);
  }

  /** A sign-in that goes on from a session at once has shown no page on which its browser could have been asked. */
  private @Nullable String key(SignIn signIn, Occasion occasion) {
    if (signIn.version() == 0) {
      return null;
    }
    return keys.proven(signIn.tenant(), signIn.id(), signIn.version(), occasion).orElse("");
  }

  private static Browser browser(SignIn signIn, @Nullable String key, Occasion occasion) {
    return signIn.destination().isDirect() ? Browser.HIDDEN : Browser.of(occasion).holding(key);
  }
}
