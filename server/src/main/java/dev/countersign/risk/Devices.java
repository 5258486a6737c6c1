package dev.countersign.risk;

import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Digester;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tells browsers apart by a lasting cookie with a random value. Kept is a keyed digest of it, tenant and person, so that what
 * is kept of two people does not tell that they share a browser. It proves nothing: whoever lacks it is new, no more.
 * Thread-safe.
 */
final class Devices {
  private static final String PURPOSE = "risk-device";
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{22}");

  private final Digester digester;

  Devices(Digester digester) {
    this.digester = digester;
  }

  /** What this browser is known by to this person, under each key of the ring, the newest key's first; none when it shows nothing. */
  List<String> marks(TenantId tenant, UserId user, Secret device) {
    if (!FORM.matcher(device.reveal()).matches()) {
      return List.of();
    }
    var bound = Secret.of(String.join("\n", device.reveal(), tenant.value(), user.value()));
    return digester.candidates(PURPOSE, bound).stream()
        .map(it -> it.text().substring(0, 22))
        .toList();
  }
}
