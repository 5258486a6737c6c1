package dev.countersign.factor.webauthn;

import dev.countersign.factor.Factor;
import dev.countersign.kernel.Json;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant has set; what is absent is as usual.
 *
 * @param overrideRelyingParty whether {@code relyingPartyIdentifier} counts
 * @param relyingPartyIdentifier a domain that several hosts of the tenant share
 * @param userVerification of security keys: {@code discouraged}, {@code preferred} or {@code required}
 * @param attestation {@code none}, or {@code required}: only models whose makers are trusted
 * @param trustedRoots certificates of makers, in PEM
 * @param allowedModels AAGUIDs; none means all
 * @param passkeyIsMultiFactor whether one that verified its user is two factors at once
 * @param attachment of keys that a tenant has defined as a factor of its own: {@link #PLATFORM}, {@link #CROSS_PLATFORM} or
 *     {@link #ANY}
 */
record Settings(
    @Nullable Boolean overrideRelyingParty,
    @Nullable String relyingPartyIdentifier,
    @Nullable String userVerification,
    @Nullable String attestation,
    @Nullable List<String> trustedRoots,
    @Nullable List<String> allowedModels,
    @Nullable List<String> deniedModels,
    @Nullable Boolean passkeyIsMultiFactor,
    @Nullable String attachment) {

  static final String PLATFORM = "platform";
  static final String CROSS_PLATFORM = "cross-platform";
  static final String ANY = "any";

  private static final Pattern MODEL =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /** Labels of letters, digits and hyphens (RFC 1123 section 2.1). */
  private static final Pattern DOMAIN =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");
  private static final int LONGEST_DOMAIN = 253;

  static Settings read(String document) {
    return Json.read(document, Settings.class);
  }

  /** What cannot be meant so, for a tenant at these origins. */
  Optional<Factor.Brought.Unfit> unfit(List<String> origins) {
    var party = shared();
    if (party.isPresent()) {
      if (!DOMAIN.matcher(party.get()).matches()
          || party.get().length() > LONGEST_DOMAIN
          || ADDRESS.matcher(party.get()).matches()) {
        return unfit(
            "relyingPartyIdentifier",
            "Has to be a domain name in lower case, without scheme, port and path, and in its ASCII form");
      }
      if (hosts(origins).noneMatch(host -> isBelow(host, party.get()))) {
        return unfit(
            "relyingPartyIdentifier", "Has to be a host of the tenant, or a domain above one");
      }
    } else if (Boolean.TRUE.equals(overrideRelyingParty)) {
      return unfit("relyingPartyIdentifier", "Is needed where overrideRelyingParty is true");
    }
    for (var model : Stream.of(allowedModels, deniedModels).filter(Objects::nonNull).toList()) {
      if (!model.stream().allMatch(it -> MODEL.matcher(it).matches())) {
        return unfit("allowedModels or deniedModels", "Every model has to be an AAGUID");
      }
    }
    try {
      if (wantsAttestation() && Attestation.anchors(roots()).isEmpty()) {
        return unfit("trustedRoots", "Attestation needs certificates to lead to");
      }
    } catch (IllegalStateException _) {
      return unfit("trustedRoots", "Every root has to be a certificate in PEM");
    }
    return Optional.empty();
  }

  private static Optional<Factor.Brought.Unfit> unfit(String field, String why) {
    return Optional.of(new Factor.Brought.Unfit(field, why));
  }

  /** The domain that hosts of the tenant share. */
  Optional<String> shared() {
    return Boolean.TRUE.equals(overrideRelyingParty)
        ? Optional.ofNullable(relyingPartyIdentifier).filter(it -> !it.isBlank())
        : Optional.empty();
  }

  /**
   * The shared domain where browsers take it: at hosts below it, and, where it is a host of the tenant itself and can say
   * which origins are related, at all others (WebAuthn Level 3 sections 5.1.3 step 8 and 5.11). Else the host where the
   * person is.
   */
  String relyingParty(String host, List<String> origins) {
    return shared()
        .filter(it -> isBelow(host, it) || hosts(origins).anyMatch(it::equals))
        .orElse(host);
  }

  private static boolean isBelow(String host, String domain) {
    return host.equals(domain) || (domain.contains(".") && host.endsWith("." + domain));
  }

  private static Stream<String> hosts(List<String> origins) {
    return origins.stream().map(origin -> String.valueOf(URI.create(origin).getHost()));
  }

  String verification() {
    return userVerification == null ? "preferred" : userVerification;
  }

  boolean wantsAttestation() {
    return "required".equals(attestation);
  }

  List<String> roots() {
    return trustedRoots == null ? List.of() : trustedRoots;
  }

  boolean allows(String aaguid) {
    boolean allowed =
        allowedModels == null
            || allowedModels.isEmpty()
            || allowedModels.stream().anyMatch(aaguid::equalsIgnoreCase);
    return allowed
        && (deniedModels == null || deniedModels.stream().noneMatch(aaguid::equalsIgnoreCase));
  }

  /** As SP 800-63B-4 section 3.1.7 has it, unless the tenant wants more. */
  boolean isMultiFactor() {
    return !Boolean.FALSE.equals(passkeyIsMultiFactor);
  }
}
