package dev.countersign.oidc;

import com.nimbusds.jose.JWSObject;
import dev.countersign.application.Application;
import dev.countersign.application.Credential;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.web.Site;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What an application signs to say that it is itself (RFC 7523 section 3; OpenID Connect Core 1.0 section 9,
 * {@code private_key_jwt}). Each is good once. What costs nothing is judged first, so that only an assertion that could be
 * right makes the server verify a signature. Thread-safe.
 */
final class ClientAssertions {
  /** How far ahead an assertion may end; for so long, and a little, it is known as used. */
  static final Duration LONGEST_LIFE = Duration.ofMinutes(5);

  private static final int LONGEST = 8_192;
  private static final int LONGEST_ID = 255;

  /** The end of the year 9999: numbers beyond it are no dates. */
  private static final long LAST_SECOND = 253_402_300_799L;

  private final Database database;
  private final Spendables spendables;

  ClientAssertions(Database database, Spendables spendables) {
    this.database = database;
    this.spendables = spendables;
  }

  private record Parsed(JWSObject jws, JsonNode claims) {}

  /** Whom an assertion claims to be from, unproven; empty when it cannot be read. */
  static String claimedSubject(Secret assertion) {
    return parsed(assertion).map(it -> it.claims().path("sub").stringValue("")).orElse("");
  }

  private static Optional<Parsed> parsed(Secret assertion) {
    if (assertion.reveal().length() > LONGEST) {
      return Optional.empty();
    }
    try {
      var jws = Jws.read(assertion.reveal());
      if (jws.isEmpty()) {
        return Optional.empty();
      }
      var claims = Json.parse(jws.get().getPayload().toBytes());
      return claims.isObject() ? Optional.of(new Parsed(jws.get(), claims)) : Optional.empty();
    } catch (Json.Malformed | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Why it does not prove that this client asks, for the record; empty when it does, and then it is used up. */
  Optional<String> refused(Site site, Application client, Secret assertion, Moment now) {
    var parsed = parsed(assertion);
    if (parsed.isEmpty()) {
      return Optional.of("client_assertion_unreadable");
    }
    var wrong = wrong(site, client, parsed.get().claims(), now);
    if (wrong.isPresent()) {
      return wrong;
    }
    var jws = parsed.get().jws();
    var keys =
        client.credentials().stream()
            .filter(it -> it.isGood(now) && it.fits(jws.getHeader()))
            .toList();
    if (keys.isEmpty()) {
      return Optional.of("client_assertion_key_unknown");
    }
    if (keys.stream().noneMatch(key -> verifies(key, jws))) {
      return Optional.of("client_assertion_signature_invalid");
    }
    return isFirstUse(site, client, parsed.get().claims(), now)
        ? Optional.empty()
        : Optional.of("client_assertion_reused");
  }

  private static boolean verifies(Credential key, JWSObject jws) {
    return key.verifies(jws.getHeader(), jws.getSigningInput(), jws.getSignature());
  }

  /** RFC 7523 section 3. */
  private static Optional<String> wrong(
      Site site, Application client, JsonNode claims, Moment now) {
    var id = client.id().value();
    if (!text(claims, "iss").equals(id) || !text(claims, "sub").equals(id)) {
      return Optional.of("client_assertion_of_another");
    }
    if (!isFor(site, claims.path("aud"))) {
      return Optional.of("client_assertion_audience_wrong");
    }
    var ends = time(claims, "exp");
    if (ends.isEmpty() || now.reached(ends.get())) {
      return Optional.of("client_assertion_expired");
    }
    if (now.plus(LONGEST_LIFE).isBefore(ends.get())) {
      return Optional.of("client_assertion_too_long");
    }
    var latest = now.plus(Tokens.TOLERANCE);
    for (var name : List.of("iat", "nbf")) {
      if (claims.has(name) && time(claims, name).filter(it -> latest.reached(it)).isEmpty()) {
        return Optional.of("client_assertion_not_yet");
      }
    }
    var jti = text(claims, "jti");
    return jti.isEmpty() || jti.length() > LONGEST_ID
        ? Optional.of("client_assertion_unnamed")
        : Optional.empty();
  }

  /** For us and nobody else: what another server may be shown as well, that server could show us. */
  private static boolean isFor(Site site, JsonNode audience) {
    var only = audience.isArray() && audience.size() == 1 ? audience.get(0) : audience;
    return only.isString()
        && List.of(site.issuer(), site.issuer() + "oauth/token", site.issuer() + "oauth/par")
            .contains(only.stringValue());
  }

  private static String text(JsonNode claims, String name) {
    return claims.path(name).stringValue("");
  }

  private static Optional<Moment> time(JsonNode claims, String name) {
    var value = claims.path(name);
    return value.isIntegralNumber()
            && value.canConvertToLong()
            && value.longValue() >= 0
            && value.longValue() <= LAST_SECOND
        ? Optional.of(Moment.ofSeconds(value.longValue()))
        : Optional.empty();
  }

  private boolean isFirstUse(Site site, Application client, JsonNode claims, Moment now) {
    // A server whose clock is behind must know it as well.
    var until = time(claims, "exp").orElseThrow().plus(Tokens.TOLERANCE.multipliedBy(2));
    try {
      return database.write(tx ->
          spendables.useUp(
              tx,
              site.tenant(),
              Spendables.Kind.CLIENT_ASSERTION,
              client.id().value(),
              Secret.of(text(claims, "jti")),
              now,
              until));
    } catch (StorageException.Duplicate _) {
      return false;
    }
  }
}
