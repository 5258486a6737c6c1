package dev.countersign.factor.webauthn;

import dev.countersign.kernel.Json;
import java.util.List;
import java.util.Objects;
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
 */
record Settings(
    @Nullable Boolean overrideRelyingParty,
    @Nullable String relyingPartyIdentifier,
    @Nullable String userVerification,
    @Nullable String attestation,
    @Nullable List<String> trustedRoots,
    @Nullable List<String> allowedModels,
    @Nullable List<String> deniedModels,
    @Nullable Boolean passkeyIsMultiFactor) {

  static Settings read(String document) {
    return Json.read(document, Settings.class);
  }

  /** The shared domain, or the host where the person is. */
  String relyingParty(String host) {
    boolean overridden =
        Boolean.TRUE.equals(overrideRelyingParty)
            && relyingPartyIdentifier != null
            && !relyingPartyIdentifier.isBlank();
    return overridden ? Objects.requireNonNull(relyingPartyIdentifier) : host;
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
