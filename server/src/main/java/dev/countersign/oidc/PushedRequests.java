package dev.countersign.oidc;

import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Tx;
import dev.countersign.web.Params;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Authorization requests that applications push before they send a browser (RFC 9126). Each is one application's, and good
 * once and for {@link #LIFE}. Thread-safe.
 */
final class PushedRequests {
  static final Duration LIFE = Duration.ofSeconds(90);

  /** Begins what names one (RFC 9126 section 2.2). */
  static final String NAMES = "urn:ietf:params:oauth:request_uri:";

  /** Its name, by which a request that came so can be told from one that a browser brought. */
  static final String PARAMETER = "request_uri";

  private static final int LONGEST = 300;

  private final Spendables spendables;
  private final Entropy entropy;

  PushedRequests(Spendables spendables, Entropy entropy) {
    this.spendables = spendables;
    this.entropy = entropy;
  }

  /** What is kept of one. */
  private record Kept(Map<String, String> params) {}

  /** Keeps one, and tells its name. */
  String keep(Tx tx, TenantId tenant, ClientId client, Params params, Moment now) {
    var name = Secret.fresh(entropy, 256);
    Map<String, String> all = new TreeMap<>();
    params.asMap().forEach((key, values) -> all.put(key, values.getFirst()));
    spendables.put(
        tx,
        tenant,
        Spendables.Kind.PUSHED_REQUEST,
        name,
        client.value(),
        Json.write(new Kept(all)),
        now,
        now.plus(LIFE));
    return NAMES + name.reveal();
  }

  /** Takes what was pushed under this name by this application; nothing the second time. */
  Optional<Params> take(Tx tx, TenantId tenant, ClientId client, String name, Moment now) {
    if (!name.startsWith(NAMES) || name.length() > LONGEST) {
      return Optional.empty();
    }
    var value = Secret.of(name.substring(NAMES.length()));
    // One that is somebody else's is left to them.
    boolean ours =
        spendables
            .peek(tx, tenant, Spendables.Kind.PUSHED_REQUEST, value)
            .filter(it -> it.owner().equals(client.value()))
            .isPresent();
    return ours
            && spendables.spend(tx, tenant, Spendables.Kind.PUSHED_REQUEST, value, now)
                instanceof Spendables.Spending.Spent(var it)
        ? Optional.of(Params.of(Json.read(it.payload(), Kept.class).params()))
        : Optional.empty();
  }
}
