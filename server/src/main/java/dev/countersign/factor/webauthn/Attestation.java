package dev.countersign.factor.webauthn;

import static dev.countersign.factor.Refusal.Reason.ATTESTATION_INVALID;
import static dev.countersign.factor.Refusal.Reason.ATTESTATION_UNTRUSTED;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.anchor.TrustAnchorRepository;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.RegistrationRequest;
import com.webauthn4j.data.attestation.authenticator.AAGUID;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.attestation.statement.androidkey.AndroidKeyAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.statement.apple.AppleAnonymousAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.statement.packed.PackedAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.statement.tpm.TPMAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.statement.u2f.FIDOU2FAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.trustworthiness.certpath.DefaultCertPathTrustworthinessVerifier;
import com.webauthn4j.verifier.attestation.trustworthiness.self.DefaultSelfAttestationTrustworthinessVerifier;
import com.webauthn4j.verifier.exception.CertificateException;
import com.webauthn4j.verifier.exception.SelfAttestationProhibitedException;
import com.webauthn4j.verifier.exception.TrustAnchorNotFoundException;
import dev.countersign.factor.Scene;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a maker whom the tenant trusts vouches for an authenticator (WebAuthn Level 3 section 7.1 steps 21 to 25). */
final class Attestation {
  private Attestation() {}

  static void verify(
      byte[] attestationObject,
      byte[] clientData,
      Question question,
      Scene scene,
      Settings settings)
      throws Refused {
    if (Response.format(attestationObject).equals("none")) {
      throw new Refused(ATTESTATION_UNTRUSTED);
    }
    try {
      var self = new DefaultSelfAttestationTrustworthinessVerifier();
      self.setSelfAttestationAllowed(false);
      var manager =
          new WebAuthnManager(
              List.of(
                  new PackedAttestationStatementVerifier(),
                  new TPMAttestationStatementVerifier(),
                  new AndroidKeyAttestationStatementVerifier(),
                  new AppleAnonymousAttestationStatementVerifier(),
                  new FIDOU2FAttestationStatementVerifier()),
              new DefaultCertPathTrustworthinessVerifier(new Anchors(anchors(settings.roots()))),
              self,
              Response.CONVERTER);
      var server =
          ServerProperty.builder()
              .origins(scene.site().origins().stream().map(Origin::new).collect(Collectors.toSet()))
              .rpId(question.relyingParty())
              .challenge(new DefaultChallenge(Credential.bytes(question.challenge())))
              .build();
      manager.verify(
          new RegistrationRequest(attestationObject, clientData),
          new RegistrationParameters(server, null, question.verified(), true));
    } catch (TrustAnchorNotFoundException
        | SelfAttestationProhibitedException
        | CertificateException _) {
      throw new Refused(ATTESTATION_UNTRUSTED);
    } catch (RuntimeException _) {
      // The library's own exceptions, and what odd bytes provoke below it: nobody vouches.
      throw new Refused(ATTESTATION_INVALID);
    }
  }

  /** The same for every model: which models there may be is another setting. */
  private record Anchors(Set<TrustAnchor> all) implements TrustAnchorRepository {
    @Override
    public Set<TrustAnchor> find(AAGUID aaguid) {
      return all;
    }

    @Override
    public Set<TrustAnchor> find(byte[] attestationCertificateKeyIdentifier) {
      return all;
    }
  }

  /** The certificates; an {@link IllegalStateException} when one is none. */
  static Set<TrustAnchor> anchors(List<String> roots) {
    try {
      var factory = CertificateFactory.getInstance("X.509");
      var anchors = new HashSet<TrustAnchor>();
      for (var pem : roots) {
        var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
        anchors.add(new TrustAnchor((X509Certificate) factory.generateCertificate(bytes), null));
      }
      return anchors;
    } catch (java.security.cert.CertificateException e) {
      throw new IllegalStateException("a root that was accepted cannot be read", e);
    }
  }
}
