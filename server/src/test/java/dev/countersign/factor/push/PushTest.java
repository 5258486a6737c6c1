package dev.countersign.factor.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.Answer;
import dev.countersign.factor.AnsweredElsewhere.Heard;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Holder;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Scene;
import dev.countersign.kernel.ChallengeId;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the factor itself makes of messages; the stories tell the rest. */
class PushTest {
  private static final Moment NOW = Moment.ofSeconds(1_800_000_000);
  private static final String ORIGIN = "https://acme.example.com";
  private static final ChallengeId QUESTION = new ChallengeId("chl_1");

  private final Push push = new Push(new LiveEntropy());
  private final KeyPair keys = keys("secp256r1");
  private final Enrolment phone = phone(keys);
  private final Factor.Posed posed = push.pose(scene(NOW), List.of(phone));

  private static KeyPair keys(String curve) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private Enrolment phone(KeyPair its) {
    return new Enrolment(
        new EnrolmentId("enr_1"),
        new UserId("auth0|ana"),
        push.profile().id(),
        "",
        Enrolment.State.ACTIVE,
        new Push.Document(base64url(its.getPublic().getEncoded()), "", null, false, 0).write(),
        -1,
        NOW,
        Optional.of(NOW),
        Optional.empty());
  }

  private static Scene scene(Moment at) {
    return new Scene(
        new Holder(new UserId("auth0|ana"), "ana", Map.of()),
        new Scene.Site("Acme", ORIGIN, List.of(ORIGIN)),
        "{}",
        new Scene.Asking("Acme Bank", "192.0.2.7", "Firefox"),
        at);
  }

  private String number() {
    return ((Prompt.Approval) posed.prompt()).number();
  }

  private Answer said(String what, String answer) {
    return said(keys, ORIGIN, what, QUESTION.value(), answer, NOW);
  }

  private static Answer said(
      KeyPair by, String origin, String what, String question, String answer, Moment at) {
    try {
      var empty = base64url(MessageDigest.getInstance("SHA-256").digest(new byte[0]));
      var signed =
          String.join(
              "\n",
              "countersign-approver-1",
              origin,
              what,
              "enr_1",
              question,
              answer,
              String.valueOf(at.millis()),
              empty);
      var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(by.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.UTF_8));
      Map<String, Secret> fields = new LinkedHashMap<>();
      fields.put("what", Secret.of(what));
      fields.put("device", Secret.of("enr_1"));
      fields.put("question", Secret.of(question));
      fields.put("answer", Secret.of(answer));
      fields.put("at", Secret.of(String.valueOf(at.millis())));
      fields.put("attachment", Secret.of(""));
      fields.put("signature", Secret.of(base64url(signature.sign())));
      return new Answer(fields);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Heard hears(Answer said, Moment at) {
    return push.hear(scene(at), phone, QUESTION, posed.memo(), said);
  }

  @Test
  void numbers_have_two_digits_and_no_leading_zero() {
    assertThat(IntStream.range(0, 2_000).mapToObj(_ -> push.pose(scene(NOW), List.of(phone))))
        .extracting(it -> Integer.parseInt(((Prompt.Approval) it.prompt()).number()))
        .allSatisfy(number -> assertThat(number).isBetween(10, 99))
        .contains(10, 99);
  }

  @Test
  void the_right_number_is_accepted_and_names_the_phone() {
    var heard = (Heard.Noted) hears(said("approve", number()), NOW);

    var verdict = push.check(scene(NOW), List.of(phone), Optional.of(heard.memo()), Answer.NONE);
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Factor.Verdict.Accepted.class, it -> assertThat(it.enrolment()).isEqualTo(phone));
    assertThat(push.check(scene(NOW), List.of(), Optional.of(heard.memo()), Answer.NONE))
        .as("when the phone was removed meanwhile")
        .isInstanceOf(Factor.Verdict.NotYet.class);
  }

  @Test
  void nothing_that_a_browser_says_is_an_approval() {
    assertThat(
            push.check(
                scene(NOW),
                List.of(phone),
                Optional.of(posed.memo()),
                Answer.ofCode(Secret.of(number()))))
        .isInstanceOf(Factor.Verdict.NotYet.class);
    assertThat(push.check(scene(NOW), List.of(phone), Optional.empty(), Answer.NONE))
        .isInstanceOf(Factor.Verdict.NotYet.class);
  }

  @Test
  void PUSH_02_a_wrong_number_ends_the_question() {
    var heard = (Heard.Wrong) hears(said("approve", "01"), NOW);

    assertThat(push.hear(scene(NOW), phone, QUESTION, heard.memo(), said("approve", number())))
        .isInstanceOf(Heard.Unheard.class);
    assertThat(push.asking(scene(NOW), List.of(phone), heard.memo()))
        .extracting(it -> ((Prompt.Approval) it).state())
        .isEqualTo(Prompt.Approval.State.MISMATCHED);
  }

  @Test
  void it_can_be_decided_for_two_minutes_to_the_millisecond() {
    var end = NOW.plus(Duration.ofMinutes(2));

    assertThat(hears(said("approve", number()), end.minus(Duration.ofMillis(1))))
        .isInstanceOf(Heard.Noted.class);
    assertThat(hears(said("approve", number()), end)).isInstanceOf(Heard.Unheard.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"what", "device", "question", "answer", "at", "attachment", "signature"})
  void a_message_changed_in_any_part_is_worth_nothing(String part) {
    var changed = new LinkedHashMap<>(said("approve", number()).fields());
    changed.put(part, Secret.of(part.equals("at") ? "1" : "{}"));

    assertThat(hears(new Answer(changed), NOW)).isInstanceOf(Heard.Unheard.class);
  }

  @Test
  void a_signature_for_another_site_or_by_another_key_is_worth_nothing() {
    assertThat(
            hears(said(keys, "https://acme.example.net", "approve", "chl_1", number(), NOW), NOW))
        .isInstanceOf(Heard.Unheard.class);
    assertThat(hears(said(keys("secp256r1"), ORIGIN, "approve", "chl_1", number(), NOW), NOW))
        .isInstanceOf(Heard.Unheard.class);
  }

  @Test
  void a_key_on_another_curve_is_no_key() {
    assertThat(Said.key(base64url(keys("secp384r1").getPublic().getEncoded()))).isEmpty();
    assertThat(Said.key("not a key")).isEmpty();
    assertThat(Said.key(base64url(keys.getPublic().getEncoded()))).isPresent();
  }

  @Test
  void a_disowned_question_silences_all_phones_until_that_one_speaks() {
    var heard = (Heard.Disowned) hears(said("disown", ""), NOW);
    var silent =
        new Enrolment(
            phone.id(),
            phone.user(),
            phone.factor(),
            "",
            Enrolment.State.ACTIVE,
            heard.document(),
            -1,
            NOW,
            Optional.of(NOW),
            Optional.empty());

    assertThat(push.isPaused(silent)).isTrue();
    assertThat(push.pose(scene(NOW), List.of(phone, silent)).dispatch())
        .hasValueSatisfying(it -> assertThat(it.toString()).isEqualTo("Push[devices=[]]"));
    assertThat(push.renew(scene(NOW), silent, said(keys, ORIGIN, "resume", "", "", NOW)))
        .hasValueSatisfying(it -> assertThat(it.resumed()).isTrue());
  }

  @Test
  void what_a_phone_says_of_itself_is_taken_once_and_only_from_now() {
    var said = said(keys, ORIGIN, "subscribe", "", "", NOW);
    var renewed = push.renew(scene(NOW), phone, said).orElseThrow();
    var after =
        new Enrolment(
            phone.id(),
            phone.user(),
            phone.factor(),
            "",
            Enrolment.State.ACTIVE,
            renewed.document(),
            -1,
            NOW,
            Optional.of(NOW),
            Optional.empty());

    assertThat(push.renew(scene(NOW), after, said)).isEmpty();
    assertThat(push.renew(scene(NOW.plus(Duration.ofMinutes(5))), phone, said)).isEmpty();
  }
}
