package dev.countersign.webauthn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Holder;
import dev.countersign.factor.Prompt;
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
import dev.countersign.proof.Claim;
import dev.countersign.proof.ProofKind;
import dev.countersign.testkit.SoftAuthenticator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Registering and answering, each step of WebAuthn Level 3 sections 7.1 and 7.2 broken alone. */
class CeremonyTest {
  private static final String ORIGIN = "https://login.acme.example";
  private static final String OTHER = "https://acme.example:8443";
  private static final String USUAL = "{}";
  private static final UserId ANA = new UserId("auth0|ana");

  private final WebAuthn passkeys = WebAuthn.platform(new LiveEntropy());
  private final WebAuthn securityKeys = WebAuthn.roaming(new LiveEntropy());
  private final SoftAuthenticator device = new SoftAuthenticator(new LiveEntropy(), ORIGIN);

  private static Scene scene(String settings) {
    return new Scene(
        new Holder(ANA, "ana@acme.example", Map.of(), "opaque"),
        new Scene.Site("Acme", ORIGIN, List.of(ORIGIN, OTHER)),
        settings,
        Scene.Asking.NOBODY,
        Moment.ofSeconds(1_800_000_000));
  }

  private static Answer answer(String credential) {
    return new Answer(Map.of("credential", Secret.of(credential)));
  }

  private static String options(Factor.Posed posed) {
    return ((Prompt.Credential) posed.prompt()).options();
  }

  private static Factor.Posed begun(WebAuthn factor, Scene scene) {
    return ((Factor.Opening.Begun) factor.beginEnrolment(scene, Answer.NONE)).posed();
  }

  private static Enrolment enrolment(Secret document, long highWater, boolean active) {
    return new Enrolment(
        new EnrolmentId("dev_1"),
        ANA,
        WebAuthn.platform(new LiveEntropy()).profile().id(),
        "",
        active ? Enrolment.State.ACTIVE : Enrolment.State.PENDING,
        document,
        highWater,
        Moment.ofSeconds(1),
        Optional.empty(),
        Optional.empty());
  }

  private Factor.Finish registers(WebAuthn factor, String settings) {
    var scene = scene(settings);
    var posed = begun(factor, scene);
    return factor.finishEnrolment(
        scene,
        enrolment(Secret.of("{}"), -1, false),
        Optional.of(posed.memo()),
        answer(device.creates(options(posed))));
  }

  private Factor.Finish.Confirmed registered() {
    return (Factor.Finish.Confirmed) registers(passkeys, USUAL);
  }

  private static Reason why(Factor.Finish finish) {
    return finish instanceof Factor.Finish.Refused(Refusal(var reason, var _)) ? reason : null;
  }

  private Factor.Verdict signs(WebAuthn factor, String settings, Enrolment enrolment) {
    var scene = scene(settings);
    var posed = factor.pose(scene, List.of(enrolment));
    return factor.check(
        scene, List.of(enrolment), Optional.of(posed.memo()), answer(device.signs(options(posed))));
  }

  private Factor.Verdict signs() {
    return signs(passkeys, USUAL, enrolment(registered().document(), 0, true));
  }

  private static Reason why(Factor.Verdict verdict) {
    return verdict instanceof Factor.Verdict.Refused(Refusal(var reason, var _)) ? reason : null;
  }

  /** What either procedure refuses, and why. */
  static Stream<Arguments> steps() {
    return Stream.of(
        step("type", Reason.TYPE_MISMATCH, it -> it.tellingClientData(put("type", "webauthn.x"))),
        step(
            "challenge of another",
            Reason.CHALLENGE_MISMATCH,
            it -> it.tellingClientData(put("challenge", "AAAAAAAAAAAAAAAAAAAAAA"))),
        step(
            "no challenge",
            Reason.CHALLENGE_MISMATCH,
            it ->
                it.tellingClientData(told -> {
                  told.remove("challenge");
                  return told;
                })),
        step("origin", Reason.ORIGIN_MISMATCH, it -> it.at("https://evil.example")),
        step(
            "cross-origin",
            Reason.CROSS_ORIGIN,
            it -> it.tellingClientData(told -> told.put("crossOrigin", true))),
        step(
            "cross-origin in words",
            Reason.CROSS_ORIGIN,
            it -> it.tellingClientData(told -> told.put("crossOrigin", "false"))),
        step(
            "top origin",
            Reason.TOP_ORIGIN_MISMATCH,
            it -> it.tellingClientData(put("topOrigin", ORIGIN))),
        step("RP ID", Reason.RP_ID_MISMATCH, it -> it.forRelyingParty("evil.example")),
        step("user not present", Reason.USER_NOT_PRESENT, SoftAuthenticator::withoutPresence),
        step("user not verified", Reason.USER_NOT_VERIFIED, SoftAuthenticator::withoutVerification),
        step(
            "backed up though not eligible",
            Reason.BACKUP_STATE_INCONSISTENT,
            SoftAuthenticator::backedUpThoughNotEligible),
        step(
            "type of credential",
            Reason.RESPONSE_MALFORMED,
            it -> it.sending(put("type", "password"))),
        step(
            "two ids",
            Reason.RESPONSE_MALFORMED,
            it -> it.sending(put("id", "AAAAAAAAAAAAAAAAAAAAAA"))),
        step(
            "client data that is no JSON",
            Reason.RESPONSE_MALFORMED,
            it -> it.sending(inResponse("clientDataJSON", "bm90IGpzb24"))),
        step(
            "no client data",
            Reason.RESPONSE_MALFORMED,
            it ->
                it.sending(sent -> {
                  ((ObjectNode) sent.path("response")).remove("clientDataJSON");
                  return sent;
                })));
  }

  private static Arguments step(String name, Reason reason, Consumer<SoftAuthenticator> breaking) {
    return Arguments.argumentSet(name, reason, breaking);
  }

  private static java.util.function.UnaryOperator<ObjectNode> put(String name, String value) {
    return told -> told.put(name, value);
  }

  private static java.util.function.UnaryOperator<ObjectNode> inResponse(
      String name, String value) {
    return sent -> {
      ((ObjectNode) sent.path("response")).put(name, value);
      return sent;
    };
  }

  @ParameterizedTest
  @MethodSource("steps")
  void WA_02_a_registration_with_one_step_wrong_is_refused(
      Reason reason, Consumer<SoftAuthenticator> breaking) {
    breaking.accept(device);

    assertThat(why(registers(passkeys, USUAL))).isEqualTo(reason);
  }

  @ParameterizedTest
  @MethodSource("steps")
  void WA_02_an_answer_with_one_step_wrong_is_refused(
      Reason reason, Consumer<SoftAuthenticator> breaking) {
    var mine = enrolment(registered().document(), 0, true);
    breaking.accept(device);

    assertThat(why(signs(passkeys, USUAL, mine))).isEqualTo(reason);
  }

  @Test
  void an_honest_registration_and_an_honest_answer_are_accepted() {
    var made = registered();

    assertThat(made.handles()).hasSize(2).allSatisfy(it -> assertThat(it).hasSize(43));
    assertThat(made.evidence().phishingResistant()).isTrue();
    assertThat(signs(passkeys, USUAL, enrolment(made.document(), 0, true)))
        .isInstanceOf(Factor.Verdict.Accepted.class);
  }

  @Test
  void WA_02_an_algorithm_that_was_not_asked_for_is_refused() {
    device.claimingAlgorithm(-35);

    assertThat(why(registers(passkeys, USUAL))).isEqualTo(Reason.ALGORITHM_NOT_OFFERED);
  }

  @Test
  void WA_02_an_id_of_1024_bytes_is_refused_and_one_of_1023_is_not() {
    device.called(new byte[1023]);
    assertThat(why(registers(passkeys, USUAL))).isNull();

    device.called(new byte[1024]);
    assertThat(why(registers(passkeys, USUAL)))
        .isIn(Reason.CREDENTIAL_ID_TOO_LONG, Reason.RESPONSE_MALFORMED);
  }

  @Test
  void WA_02_the_browser_and_the_authenticator_have_to_speak_of_one_credential() {
    device.sending(sent -> sent.put("id", "AAAA").put("rawId", "AAAA"));

    assertThat(why(registers(passkeys, USUAL))).isEqualTo(Reason.CREDENTIAL_ID_MISMATCH);
  }

  @Test
  void WA_02_an_attestation_object_that_is_none_is_refused() {
    device.sending(inResponse("attestationObject", "oA"));

    assertThat(why(registers(passkeys, USUAL))).isEqualTo(Reason.RESPONSE_MALFORMED);
  }

  @Test
  void WA_02_authenticator_data_that_is_none_is_refused() {
    var mine = enrolment(registered().document(), 0, true);
    device.sending(inResponse("authenticatorData", "AAAA"));

    assertThat(why(signs(passkeys, USUAL, mine))).isEqualTo(Reason.RESPONSE_MALFORMED);
  }

  @Test
  void WA_02_another_keys_signature_is_refused() {
    var mine = enrolment(registered().document(), 0, true);
    device.forging();

    assertThat(why(signs(passkeys, USUAL, mine))).isEqualTo(Reason.SIGNATURE_INVALID);
  }

  @Test
  void WA_02_what_is_no_signature_is_refused() {
    var mine = enrolment(registered().document(), 0, true);
    device.sending(inResponse("signature", "AAAA"));

    assertThat(why(signs(passkeys, USUAL, mine))).isEqualTo(Reason.SIGNATURE_INVALID);
  }

  @Test
  void WA_05_a_credential_that_was_not_asked_for_is_refused() {
    var mine = enrolment(registered().document(), 0, true);
    device.called(new byte[] {1, 2, 3});

    assertThat(why(signs(passkeys, USUAL, mine))).isEqualTo(Reason.CREDENTIAL_UNKNOWN);
  }

  @Test
  void WA_05_a_credential_that_names_another_person_is_refused() {
    var mine = enrolment(registered().document(), 0, true);
    device.knowing(new byte[] {4, 5, 6});

    assertThat(why(signs(passkeys, USUAL, mine))).isEqualTo(Reason.USER_HANDLE_MISMATCH);
  }

  @Test
  void WA_02_whether_it_may_be_backed_up_never_changes() {
    var mine = enrolment(registered().document(), 0, true);
    device.withEligibilityTurned();

    assertThat(why(signs(passkeys, USUAL, mine))).isEqualTo(Reason.BACKUP_ELIGIBILITY_CHANGED);
  }

  @Test
  void whether_it_is_backed_up_is_noted() {
    var mine = enrolment(registered().document(), 0, true);
    assertThat(((Factor.Verdict.Accepted) signs(passkeys, USUAL, mine)).document()).isEmpty();
    device.backedUp(false);

    var accepted = (Factor.Verdict.Accepted) signs(passkeys, USUAL, mine);

    assertThat(accepted.document().orElseThrow().reveal()).contains("\"backedUp\":false");
  }

  @ParameterizedTest
  @CsvSource({
    "7, 8, true",
    "7, 7, false",
    "7, 6, false",
    "0, 0, true",
    "0, 1, true",
    "3, 0, false"
  })
  void WA_02_a_counter_has_to_grow(long before, long told, boolean accepted) {
    var mine = enrolment(registered().document(), before, true);
    device.counterAt(told - 1); // Signing counts one up.

    assertThat(why(signs(passkeys, USUAL, mine)))
        .isEqualTo(accepted ? null : Reason.COUNTER_REGRESSED);
  }

  @Test
  void a_counter_that_counts_is_claimed_and_one_that_stands_still_is_not() {
    assertThat(((Factor.Verdict.Accepted) signs()).claim()).isInstanceOf(Claim.Repeatable.class);
    device.counterAt(9);

    assertThat(((Factor.Verdict.Accepted) signs()).claim())
        .isEqualTo(new Claim.Advances(new EnrolmentId("dev_1"), 10));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://login.acme.example",
        "https://login.acme.example:444",
        "https://login.acme.example:443",
        "https://login.acme.example.evil",
        "https://evil-login.acme.example",
        "https://login.acme.example.",
        "https://login.acme.example/",
        "https://LOGIN.acme.example",
        "https://xn--login-acme.example",
        "https://acme.example",
        "null",
        ""
      })
  void WA_10_an_origin_that_is_not_ours_letter_by_letter_is_refused(String origin) {
    var mine = enrolment(registered().document(), 0, true);
    device.at(origin);

    assertThat(why(signs(passkeys, USUAL, mine))).isEqualTo(Reason.ORIGIN_MISMATCH);
    assertThat(why(registers(passkeys, USUAL))).isEqualTo(Reason.ORIGIN_MISMATCH);
  }

  @Test
  void any_origin_of_the_tenant_will_do() {
    var mine = enrolment(registered().document(), 0, true);
    device.at(OTHER);

    assertThat(why(signs(passkeys, USUAL, mine))).isNull();
  }

  @Test
  void a_relying_party_that_several_hosts_share_is_asked_for() {
    var settings = "{\"overrideRelyingParty\":true,\"relyingPartyIdentifier\":\"acme.example\"}";

    assertThat(
            Json.tree(options(begun(passkeys, scene(settings)))).path("rp").path("id").asString())
        .isEqualTo("acme.example");
    assertThat(Json.tree(options(begun(passkeys, scene(USUAL)))).path("rp").path("id").asString())
        .isEqualTo("login.acme.example");
    assertThat(why(registers(passkeys, settings))).isNull();
  }

  @Test
  void WA_03_an_answer_to_no_question_is_refused() {
    var scene = scene(USUAL);
    var mine = List.of(enrolment(registered().document(), 0, true));
    var signed = device.signs(options(passkeys.pose(scene, mine)));

    assertThat(why(passkeys.check(scene, mine, Optional.empty(), answer(signed))))
        .isEqualTo(Reason.CODE_EXPIRED);
  }

  @Test
  void WA_11_a_security_key_that_did_not_verify_its_user_is_one_factor() {
    var key = (Factor.Finish.Confirmed) registers(securityKeys, USUAL);
    device.withoutVerification();

    var accepted =
        (Factor.Verdict.Accepted) signs(securityKeys, USUAL, enrolment(key.document(), 0, true));

    assertThat(accepted.evidence().kind()).isEqualTo(ProofKind.HAS);
  }

  @Test
  void one_that_verified_its_user_is_two_factors_unless_the_tenant_wants_another_beside_it() {
    assertThat(((Factor.Verdict.Accepted) signs()).evidence().kind()).isEqualTo(ProofKind.BOTH);
    var mine = enrolment(registered().document(), 0, true);

    var alone = (Factor.Verdict.Accepted) signs(passkeys, "{\"passkeyIsMultiFactor\":false}", mine);

    assertThat(alone.evidence().kind()).isEqualTo(ProofKind.HAS);
  }

  @Test
  void what_may_be_copied_is_software_and_what_may_not_is_hardware() {
    var synced = registered();
    device.bound();
    var bound = registered();

    assertThat(synced.evidence().amr()).containsExactly("swk", "user");
    assertThat(synced.evidence().hardwareBound()).isFalse();
    assertThat(passkeys.hardwareBound(enrolment(synced.document(), 0, true))).isFalse();
    assertThat(bound.evidence().amr()).containsExactly("hwk", "user");
    assertThat(bound.evidence().hardwareBound()).isTrue();
    assertThat(passkeys.hardwareBound(enrolment(bound.document(), 0, true))).isTrue();
  }

  private static final String WANTED = "\"attestation\":\"required\"";

  @Test
  void WA_13_where_attestation_is_required_none_and_self_are_refused() {
    assertThat(why(registers(passkeys, "{" + WANTED + "}")))
        .isEqualTo(Reason.ATTESTATION_UNTRUSTED);
    device.attesting(new SoftAuthenticator.Statement.Self());

    assertThat(why(registers(passkeys, "{" + WANTED + "}")))
        .isEqualTo(Reason.ATTESTATION_UNTRUSTED);
    assertThat(why(registers(passkeys, USUAL))).as("where none is wanted").isNull();
  }

  @Test
  void WA_13_models_are_allowed_and_denied_by_their_id() {
    var model = "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4";
    device.model(model);

    assertThat(why(registers(passkeys, "{\"deniedModels\":[\"" + model + "\"]}")))
        .isEqualTo(Reason.MODEL_NOT_ALLOWED);
    assertThat(
            why(
                registers(
                    passkeys, "{\"allowedModels\":[\"00000000-0000-0000-0000-000000000001\"]}")))
        .isEqualTo(Reason.MODEL_NOT_ALLOWED);
    assertThat(why(registers(passkeys, "{\"allowedModels\":[\"" + model + "\"]}"))).isNull();
    assertThat(registered().name()).isEqualTo("Google Password Manager");
  }

  @Test
  void a_key_is_brought_by_an_admin_and_answers() {
    var key = device.bound();
    var brought =
        securityKeys.bring(
            Map.of(
                "key_id", Secret.of(key.id()),
                "public_key",
                    Secret.of(java.util.Base64.getEncoder().encodeToString(key.cosePublicKey())),
                "relying_party_identifier", Secret.of("login.acme.example"),
                "credential_device_type", Secret.of("single_device")));

    assertThat(brought).isInstanceOf(Factor.Brought.Ready.class);
    var document = ((Factor.Brought.Ready) brought).document();
    assertThat(why(signs(securityKeys, USUAL, enrolment(document, -1, true)))).isNull();
  }

  @ParameterizedTest
  @CsvSource({"key_id, ***", "public_key, AAAA", "relying_party_identifier, ''", "user_handle, *"})
  void a_key_that_cannot_be_right_is_not_brought(String field, String value) {
    var fields =
        new java.util.HashMap<>(
            Map.of(
                "key_id", Secret.of(device.id()),
                "public_key",
                    Secret.of(java.util.Base64.getEncoder().encodeToString(device.cosePublicKey())),
                "relying_party_identifier", Secret.of("acme.example")));
    fields.put(field, Secret.of(value));

    assertThat(securityKeys.bring(fields))
        .isInstanceOfSatisfying(
            Factor.Brought.Unfit.class, it -> assertThat(it.field()).isEqualTo(field));
  }

  @Test
  void what_the_person_has_already_is_not_made_again() {
    var mine = enrolment(registered().document(), 0, true);
    var asked = Json.tree(options(begun(passkeys, scene(USUAL).having(List.of(mine)))));

    assertThat(asked.path("excludeCredentials").path(0).path("id").asString())
        .isEqualTo(device.id());
    assertThat(asked.path("user").path("id").asString()).doesNotContain("ana");
    assertThat(asked.path("authenticatorSelection").path("userVerification").asString())
        .isEqualTo("required");
  }
}
