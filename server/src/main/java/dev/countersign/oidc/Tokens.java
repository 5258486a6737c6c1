package dev.countersign.oidc;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.tenant.SigningKeys;
import dev.countersign.web.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Reads tokens of our own making back. The key comes from the tenant's published ones by {@code kid} and brings its
 * algorithm with it; whatever else the header says of keys is not looked at (RFC 8725 sections 3.1, 3.10). Thread-safe.
 */
final class Tokens {
  /** How far the clocks of our servers may be apart. Counts for the beginning of a token's life; its end is exact. */
  static final Duration TOLERANCE = Duration.ofSeconds(60);

  private static final int LONGEST = 16_384;

  private final SigningKeys keys;

  Tokens(SigningKeys keys) {
    this.keys = keys;
  }

  /** The claims of a token that is genuine, of the wanted type and from this issuer; whether its time is now is another question. */
  record Genuine(JsonNode claims) {
    String text(String name) {
      var value = claims.get(name);
      return value != null && value.isString() ? value.stringValue() : "";
    }

    Optional<Moment> time(String name) {
      var value = claims.get(name);
      return value != null && value.isIntegralNumber() && value.canConvertToLong()
          ? Optional.of(Moment.ofSeconds(value.longValue()))
          : Optional.empty();
    }

    /** The grant that it came of, which begins its {@code jti}; empty for a client's own. */
    String grant() {
      var jti = text("jti");
      return jti.substring(0, Math.max(0, jti.indexOf('.')));
    }

    List<String> audience() {
      var value = claims.get("aud");
      if (value == null) {
        return List.of();
      }
      if (value.isString()) {
        return List.of(value.stringValue());
      }
      var all = new ArrayList<String>();
      value.forEach(each -> all.add(each.isString() ? each.stringValue() : ""));
      return all;
    }

    Set<String> scopes() {
      return new TreeSet<>(AuthorizationRequest.words(text("scope")));
    }

    /** Valid while now is before {@code exp}, and not from the future by more than {@link #TOLERANCE}. */
    boolean isNow(Moment now) {
      var ends = time("exp");
      var begun = time("iat");
      var notBefore = claims.has("nbf") ? time("nbf") : begun;
      var latest = now.plus(TOLERANCE);
      return ends.isPresent()
          && !now.reached(ends.get())
          && begun.isPresent()
          && !latest.isBefore(begun.get())
          && notBefore.isPresent()
          && !latest.isBefore(notBefore.get());
    }
  }

  /** An access token that is good now for this audience. */
  Optional<Genuine> access(Site site, Secret token, String audience, Moment now) {
    return genuine(site.tenant(), site.issuer(), token, Mint.ACCESS_TYPE, now)
        .filter(
            it -> it.isNow(now) && it.audience().contains(audience) && !it.text("sub").isEmpty());
  }

  /** An access token of ours that is good now, for whichever audience. */
  Optional<Genuine> livingAccess(Site site, Secret token, Moment now) {
    return genuine(site.tenant(), site.issuer(), token, Mint.ACCESS_TYPE, now)
        .filter(it -> it.isNow(now));
  }

  /** An ID token as a hint, which may have run out where the caller allows for it. */
  Optional<Genuine> hint(Site site, Secret token, Moment now) {
    return genuine(site.tenant(), site.issuer(), token, Mint.ID_TYPE, now)
        .filter(it -> it.audience().size() == 1);
  }

  private Optional<Genuine> genuine(
      TenantId tenant, String issuer, Secret token, String type, Moment now) {
    if (token.reveal().length() > LONGEST) {
      return Optional.empty();
    }
    try {
      var read = Jws.read(token.reveal());
      if (read.isEmpty()) {
        return Optional.empty();
      }
      var parsed = read.get();
      var header = parsed.getHeader();
      if (header.getKeyID() == null
          || header.getType() == null
          || !header
              .getType()
              .getType()
              .toLowerCase(Locale.ROOT)
              .equals(type.toLowerCase(Locale.ROOT))) {
        return Optional.empty();
      }
      var key = keys.find(tenant, header.getKeyID(), now);
      if (key.isEmpty()
          || !key.get().verifies(header, parsed.getSigningInput(), parsed.getSignature())) {
        return Optional.empty();
      }
      return Optional.of(new Genuine(Json.parse(parsed.getPayload().toBytes())))
          .filter(it -> it.text("iss").equals(issuer));
    } catch (Json.Malformed | IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
