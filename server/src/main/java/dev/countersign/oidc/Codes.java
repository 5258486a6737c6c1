package dev.countersign.oidc;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Tx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Authorization codes (RFC 6749 section 4.1.2): 256 random bits, good once and for {@link #LIFE}. Thread-safe. */
final class Codes {
  static final Duration LIFE = Duration.ofSeconds(60);

  private final Spendables spendables;
  private final Entropy entropy;

  Codes(Spendables spendables, Entropy entropy) {
    this.spendables = spendables;
    this.entropy = entropy;
  }

  /**
   * What a code stands for.
   *
   * @param challenge of PKCE, method S256; null where a confidential application sent none
   */
  record Meaning(Grant grant, String redirectUri, @Nullable String challenge) {
    static Meaning read(String document) {
      return Json.read(document, Meaning.class);
    }
  }

  Secret issue(Tx tx, TenantId tenant, Meaning meaning, Moment now) {
    var code = Secret.fresh(entropy, 256);
    spendables.put(
        tx,
        tenant,
        Spendables.Kind.AUTHORIZATION_CODE,
        code,
        meaning.grant().id(),
        Json.write(meaning),
        now,
        now.plus(LIFE));
    return code;
  }

  Spendables.Spending spend(Tx tx, TenantId tenant, Secret code, Moment now) {
    return spendables.spend(tx, tenant, Spendables.Kind.AUTHORIZATION_CODE, code, now);
  }
}
