package dev.countersign.webauthn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Holder;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Refusal.Reason;
import dev.countersign.factor.Scene;
import dev.countersign.factor.webauthn.WebAuthn;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ceremonies of WebAuthn Level 3 section 16, and attestation statements broken one way each. */
class StandardVectorsTest {
  private static final UserId ANA = new UserId("auth0|ana");
  private static final Level3Vectors VECTORS = new Level3Vectors();
  private static final String USUAL = "{\"userVerification\":\"discouraged\"}";

  private final WebAuthn keys = WebAuthn.roaming(new LiveEntropy());

  private static String attested(Level3Vectors by) {
    return Json.write(
        Json.object()
            .put("userVerification", "discouraged")
            .put("attestation", "required")
            .set("trustedRoots", Json.array().add(by.rootPem())));
  }

  private static Scene scene(String settings) {
    return new Scene(
        new Holder(ANA, "ana@example.org", Map.of(), "opaque"),
        new Scene.Site("Example", "https://example.org", List.of("https://example.org")),
        settings,
        Scene.Asking.NOBODY,
        Moment.ofSeconds(1_800_000_000));
  }

  private static Enrolment enrolment(Secret document, Enrolment.State state) {
    return new Enrolment(
        new EnrolmentId("dev_1"),
        ANA,
        WebAuthn.roaming(new LiveEntropy()).profile().id(),
        "",
        state,
        document,
        0,
        Moment.ofSeconds(1),
        Optional.empty(),
        Optional.empty());
  }

  private static Optional<Secret> asking(String challenge) {
    return Optional.of(
        Secret.of(
            Json.write(
                Json.object()
                    .put("challenge", challenge)
                    .put("relyingParty", "example.org")
                    .put("verified", false)
                    .put("named", false))));
  }

  private static Answer answer(String credential) {
    return new Answer(Map.of("credential", Secret.of(credential)));
  }

  private Factor.Finish registers(Level3Vectors.Ceremony it, String settings) {
    return keys.finishEnrolment(
        scene(settings),
        enrolment(Secret.of("{}"), Enrolment.State.PENDING),
        asking(it.challenge()),
        answer(it.registration()));
  }

  private static Reason why(Factor.Finish finish) {
    return finish instanceof Factor.Finish.Refused(Refusal(var reason, var _)) ? reason : null;
  }

  /** Beginnings of signatures as the standard prints them: of the statement, and of the answer. */
  @ParameterizedTest
  @CsvSource({
    "none.ES256, '', 3046022100f50a4e2e4409249c4a853ba361282f09841df4dd",
    "packed-self.ES256, 30440220067a20754ab925005dbf378097c9212003, 304402203310b9431903c401f1be2bdc8d23a4007682",
    "none.ES256.crossOrigin, '', 3046022100eb12fcf23b12764c0f122e22371fab92e283879f",
    "none.ES256.topOrigin, '', 3045022100b5a70c81780d5fcc9a4f2ae9caae99058f8accaf",
    "none.ES256.long-credential-id, '', 304502203ecef83fb12a0cae7841055f9f87103a99fd14b424",
    "packed.ES256, 304502203f19ec4b229f46ab8c45eff29b904ff10c0390dc, 30450220694969d3ee928de6f02ef23a9c644d7d77991645",
    "packed.ES384, 3045022100c56ecc970b7843833e0f461fde26233f61eb3951, ''",
    "packed.ES512, 3045022100ce158f6c04aa5c14c0dd3e1103cf93664896fb5c, ''",
    "packed.RS256, 30450221008b8c5c6ea8c142c032e0be69e1353d44461c5c91, 01063d52d7c39b4d432fc7063c5d93e582bdcb16889cd71f",
    "packed.EdDSA, 3046022100d83f60bd80269537583218858aefb03ac57d45fa, f5c59c7e46c34f6f8cc197101ddf9934fa2595f68eb1913a",
    "tpm.ES256, 3044022066e5826a652091030fd444e33c3eca2bc6dc548c, ''",
    "android-key.ES256, 3046022100e95512982aa3f216cff2e87c8ec57057b8529f67, ''",
    "apple.ES256, 3045022070f5c2ede3000e9dae358d412b26a4acbf18f4cd, ''",
    "fido-u2f.ES256, 3045022100f41887a20063bb26867cb9751978accea5b81791, ''"
  })
  void WA_01_what_is_derived_here_is_what_the_standard_prints(
      String vector, String attested, String answered) {
    var it = VECTORS.of(vector);

    assertThat(HexFormat.of().formatHex(it.attested())).startsWith(attested);
    assertThat(HexFormat.of().formatHex(it.signature())).startsWith(answered);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none.ES256",
        "packed-self.ES256",
        "none.ES256.long-credential-id",
        "packed.ES256",
        "packed.RS256",
        "packed.EdDSA",
        "tpm.ES256",
        "android-key.ES256",
        "apple.ES256",
        "fido-u2f.ES256"
      })
  void WA_01_ceremonies_of_the_standard_are_accepted(String vector) {
    var it = VECTORS.of(vector);

    var registered = registers(it, USUAL);
    assertThat(registered).isInstanceOf(Factor.Finish.Confirmed.class);
    var mine = enrolment(((Factor.Finish.Confirmed) registered).document(), Enrolment.State.ACTIVE);

    assertThat(
            keys.check(
                scene(USUAL), List.of(mine), asking(it.answerChallenge()), answer(it.answer())))
        .isInstanceOf(Factor.Verdict.Accepted.class);
  }

  @ParameterizedTest
  @CsvSource({
    "none.ES256.crossOrigin, CROSS_ORIGIN", // Our pages are in nobody's frame.
    "none.ES256.topOrigin, CROSS_ORIGIN",
    "packed.ES384, ALGORITHM_NOT_OFFERED", // We ask for ES256, EdDSA and RS256.
    "packed.ES512, ALGORITHM_NOT_OFFERED",
    "packed.Ed448, ALGORITHM_NOT_OFFERED"
  })
  void WA_01_ceremonies_that_our_data_do_not_fit_are_refused_for_that(
      String vector, Reason reason) {
    assertThat(why(registers(VECTORS.of(vector), USUAL)))
        .isIn(reason, vector.endsWith("Ed448") ? Reason.RESPONSE_MALFORMED : reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "packed.ES256",
        "packed.RS256",
        "packed.EdDSA",
        "android-key.ES256",
        "apple.ES256"
      })
  void WA_01_statements_that_lead_to_a_trusted_root_satisfy_a_tenant_that_wants_them(
      String vector) {
    assertThat(why(registers(VECTORS.of(vector), attested(VECTORS)))).isNull();
  }

  /**
   * The standard's TPM has no qualified name and a clock that is safe by 0x33; the library reads a name and YES or NO,
   * as TPM 2.0 part 2 has them (TPM2B_NAME, TPMI_YES_NO). This is the same with both.
   */
  private static final UnaryOperator<byte[]> NAMED =
      certInfo -> {
        var named = Arrays.copyOf(certInfo, certInfo.length + 34);
        named[58] = 1;
        named[certInfo.length - 1] = 34;
        named[certInfo.length + 1] = 0x0b;
        return named;
      };

  @Test
  void WA_01_so_does_a_tpm_with_a_name() {
    var it = VECTORS.of("tpm.ES256", Level3Vectors.Broken.certInfo(NAMED));

    assertThat(why(registers(it, attested(VECTORS)))).isNull();
    assertThat(why(registers(VECTORS.of("tpm.ES256"), attested(VECTORS))))
        .isEqualTo(Reason.ATTESTATION_INVALID);
  }

  // WA-13

  @ParameterizedTest
  @ValueSource(strings = {"none.ES256", "packed-self.ES256"})
  void WA_13_no_statement_and_one_by_the_key_itself_are_refused(String vector) {
    assertThat(why(registers(VECTORS.of(vector), attested(VECTORS))))
        .isEqualTo(Reason.ATTESTATION_UNTRUSTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"packed.ES256", "tpm.ES256", "android-key.ES256", "apple.ES256", "fido-u2f.ES256"})
  void WA_13_a_chain_forged_in_the_name_of_the_root_is_refused(String vector) {
    var forger = new Level3Vectors("Another CA");

    assertThat(why(registers(forger.of(vector), attested(VECTORS))))
        .isIn(Reason.ATTESTATION_UNTRUSTED, Reason.ATTESTATION_INVALID);
    assertThat(why(registers(forger.of(vector), USUAL)))
        .as("where none is wanted none is looked at, let alone trusted")
        .isNull();
  }

  @Test
  void WA_13_a_root_that_was_taken_off_vouches_for_nobody() {
    var it = VECTORS.of("packed.ES256");
    assertThat(why(registers(it, attested(VECTORS)))).isNull();

    assertThat(why(registers(it, attested(new Level3Vectors("Another CA")))))
        .isEqualTo(Reason.ATTESTATION_UNTRUSTED);
  }

  @Test
  void WA_13_a_certificate_for_another_model_is_refused() {
    var own = HexFormat.of().parseHex("876ca4f52071c3e9b25509ef2cdf7ed6");
    var right = VECTORS.of("packed.ES256", Level3Vectors.Broken.certificateFor(own));
    var wrong = VECTORS.of("packed.ES256", Level3Vectors.Broken.certificateFor(new byte[16]));

    assertThat(why(registers(right, attested(VECTORS)))).isNull();
    assertThat(why(registers(wrong, attested(VECTORS)))).isEqualTo(Reason.ATTESTATION_INVALID);
  }

  /** Where TPMS_ATTEST is broken; it is signed anew each time, so that nothing else is wrong. */
  static Stream<Arguments> certInfos() {
    return Stream.of(
        Arguments.argumentSet("magic", at(0)),
        Arguments.argumentSet("type", at(5)),
        Arguments.argumentSet("extra data", at(20)),
        Arguments.argumentSet("name of the key", at(80)));
  }

  private static UnaryOperator<byte[]> at(int place) {
    return bytes -> {
      var changed = NAMED.apply(bytes);
      changed[place] ^= 1;
      return changed;
    };
  }

  @ParameterizedTest
  @MethodSource("certInfos")
  void WA_13_a_tpm_that_certifies_something_else_is_refused(UnaryOperator<byte[]> edit) {
    var it = VECTORS.of("tpm.ES256", Level3Vectors.Broken.certInfo(edit));

    assertThat(why(registers(it, attested(VECTORS)))).isEqualTo(Reason.ATTESTATION_INVALID);
  }

  @Test
  void WA_13_a_model_that_is_vouched_for_has_to_be_an_allowed_one_too() {
    var it = VECTORS.of("packed.ES256");
    var document = (tools.jackson.databind.node.ObjectNode) Json.tree(attested(VECTORS));
    document.set("allowedModels", Json.array().add("876ca4f5-2071-c3e9-b255-09ef2cdf7ed6"));
    assertThat(why(registers(it, Json.write(document)))).isNull();

    document.set("allowedModels", Json.array().add("00000000-0000-0000-0000-000000000001"));
    assertThat(why(registers(it, Json.write(document)))).isEqualTo(Reason.MODEL_NOT_ALLOWED);
  }

  // The domain of keys

  @ParameterizedTest
  @CsvSource({
    "example.org, true",
    "login.example.org, true",
    "elsewhere.example, false",
    "org.example, false",
    "EXAMPLE.org, false",
    "https://example.org, false",
    "example.org:443, false",
    "example.org/, false",
    "example..org, false",
    "-example.org, false",
    "192.0.2.1, false",
    "münchen.example, false",
    "'', false"
  })
  void a_shared_domain_is_one_that_browsers_take_at_a_host_of_the_tenant(
      String domain, boolean fits) {
    var settings =
        Json.write(
            Json.object().put("overrideRelyingParty", true).put("relyingPartyIdentifier", domain));

    assertThat(
            keys.unfit(settings, List.of("https://login.example.org", "https://example.org"))
                .isEmpty())
        .isEqualTo(fits);
  }

  @Test
  void a_host_that_cannot_use_the_shared_domain_keeps_its_own() {
    var settings = "{\"overrideRelyingParty\":true,\"relyingPartyIdentifier\":\"example.org\"}";
    var site =
        new Scene.Site(
            "Example",
            "https://example.elsewhere",
            List.of("https://login.example.org", "https://example.elsewhere"));
    var asked = (dev.countersign.factor.Prompt.Credential) keys.invite(site, settings).prompt();
    assertThat(Json.tree(asked.options()).path("rpId").asString()).isEqualTo("example.elsewhere");

    var related =
        new Scene.Site(
            "Example",
            "https://example.elsewhere",
            List.of("https://example.org", "https://example.elsewhere"));
    asked = (dev.countersign.factor.Prompt.Credential) keys.invite(related, settings).prompt();
    assertThat(Json.tree(asked.options()).path("rpId").asString()).isEqualTo("example.org");
  }
}
