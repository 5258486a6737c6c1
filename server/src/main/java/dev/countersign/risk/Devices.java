package dev.countersign.risk;

import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Digester;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tells browsers apart by a lasting cookie with a random value, and by the key that they hold, where they can. Kept are keyed
 * digests of both, each with tenant and person, so that what is kept of two people does not tell that they share a browser.
 * They prove nothing: whoever lacks them is new, no more. Thread-safe.
 */
final class Devices {
  private static final String PURPOSE = "risk-device";
  private static final String KEY_PURPOSE = "risk-device-key";
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{22}");

  private final Digester digester;

  Devices(Digester digester) {
    this.digester = digester;
  }

  /**
   * What a browser is known by.
   *
   * @param cookie by its cookie; empty when it sent none
   * @param key by its key; empty when it showed none; null where it could not be asked
   */
  record Marks(String cookie, @Nullable String key) {
    static final Marks NOTHING = new Marks("", "");
  }

  /** What this browser is known by to this person, under each key of the ring, the newest key's first; none without a cookie. */
  List<Marks> marks(TenantId tenant, UserId user, Browser browser) {
    var cookie = browser.device().reveal();
    if (!FORM.matcher(cookie).matches()) {
      return List.of();
    }
    var cookies = marks(PURPOSE, cookie, tenant, user);
    var key = browser.key();
    if (key == null || key.isEmpty()) {
      return cookies.stream().map(it -> new Marks(it, key)).toList();
    }
    var keys = marks(KEY_PURPOSE, key, tenant, user);
    return IntStream.range(0, cookies.size())
        .mapToObj(it -> new Marks(cookies.get(it), keys.get(it)))
        .toList();
  }

  private List<String> marks(String purpose, String of, TenantId tenant, UserId user) {
    var bound = Secret.of(String.join("\n", of, tenant.value(), user.value()));
    return digester.candidates(purpose, bound).stream()
        .map(it -> it.text().substring(0, 22))
        .toList();
  }
}
