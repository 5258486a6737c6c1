package dev.countersign.signin;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Digest;
import dev.countersign.storage.Digester;
import java.time.Duration;
import java.util.Optional;

/**
 * Knows a browser again in which a person has signed in before, so that whoever guesses at their password from elsewhere
 * cannot lock them out at home. It replaces no proof. The cookie holds a random id and a keyed digest over it, tenant,
 * person and the time of their last password change: a new password makes every browser unknown. Thread-safe.
 */
public final class KnownBrowsers {
  public static final String COOKIE = "cs_known";

  /** How long a browser keeps it. */
  public static final Duration LASTS = Duration.ofDays(180);

  private static final String PURPOSE = "known-browser";

  private final Entropy entropy;
  private final Digester digester;

  public KnownBrowsers(Entropy entropy, Digester digester) {
    this.entropy = entropy;
    this.digester = digester;
  }

  /** The value for the cookie of a browser in which this person has just signed in. */
  public Secret introduce(TenantId tenant, UserId user, Moment passwordChangedAt) {
    var id = entropy.token(128);
    return Secret.of(
        id + "." + digester.digest(PURPOSE, bound(id, tenant, user, passwordChangedAt)));
  }

  /** The id of the browser, if its cookie was made for this person since their password was last changed. */
  public Optional<String> recognise(
      TenantId tenant, UserId user, Moment passwordChangedAt, Optional<Secret> cookie) {
    var value = cookie.map(Secret::reveal).orElse("");
    int dot = value.indexOf('.');
    if (dot < 1
        || value.length() != dot + 44
        || value.length() > 100
        || !value.substring(dot + 1).matches("[A-Za-z0-9_-]{43}")) {
      return Optional.empty();
    }
    var id = value.substring(0, dot);
    boolean ours =
        digester.matches(
            PURPOSE,
            bound(id, tenant, user, passwordChangedAt),
            new Digest(value.substring(dot + 1)));
    return ours ? Optional.of(id) : Optional.empty();
  }

  private static Secret bound(String id, TenantId tenant, UserId user, Moment passwordChangedAt) {
    return Secret.of(
        String.join(
            "\n", id, tenant.value(), user.value(), String.valueOf(passwordChangedAt.millis())));
  }
}
