package dev.countersign.factor.sms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.delivery.Dispatch;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Holder;
import dev.countersign.factor.PhoneNumbers;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as a number, and what the factor makes of answers. */
class SmsTest {
  private static final String NUMBER = "+4915112345678";

  private final Sms sms = new Sms(new LiveEntropy());

  private static Scene scene(Map<String, String> traits) {
    return new Scene(
        new Holder(new UserId("auth0|ana"), "ana", traits),
        new Scene.Site("Acme Bank", "", List.of(), Locale.GERMAN),
        "{}",
        Scene.Asking.NOBODY,
        Moment.ofSeconds(1_800_000_000));
  }

  private static final Scene SCENE = scene(Map.of("phone", NUMBER));

  private Factor.Opening begin(String typed) {
    return sms.beginEnrolment(SCENE, new Answer(Map.of("phone", Secret.of(typed))));
  }

  private Factor.Opening.Begun begun() {
    return (Factor.Opening.Begun) begin(NUMBER);
  }

  private static Enrolment enrolment(Secret document) {
    return new Enrolment(
        new EnrolmentId("dev_1"),
        new UserId("auth0|ana"),
        new Sms(new LiveEntropy()).profile().id(),
        "",
        Enrolment.State.ACTIVE,
        document,
        -1,
        SCENE.moment(),
        Optional.of(SCENE.moment()),
        Optional.empty());
  }

  private static Secret code(Factor.Posed posed) {
    return ((Dispatch.Text) posed.dispatch().orElseThrow()).code();
  }

  @ParameterizedTest
  @CsvSource({
    "0151 12345678, de, +4915112345678",
    "'+49 (151) 123-45678', en, +4915112345678",
    "0049 151 12345678, de, +4915112345678",
    "202-555-0143, en, +12025550143",
    "06 12 34 56 78, fr, +33612345678",
    "06 12 34 56 78, fr-BE, ",
    "0151 12345678, ar, ",
    "12, de, ",
    "hello, de, ",
    "+999 1234567, de, "
  })
  void numbers_are_kept_in_e164_and_read_as_the_tenants_country_writes_them(
      String typed, String language, String kept) {
    var read = PhoneNumbers.read(typed, Locale.forLanguageTag(language), Dispatch.Via.SMS);

    assertThat(read)
        .isEqualTo(
            kept == null ? new PhoneNumbers.Read.Invalid() : new PhoneNumbers.Read.Good(kept));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"+49 30 901820", "+49 900 1234567", "+1 800 555 0199", "+44 70 1234 5678"})
  void landlines_and_numbers_that_cost_or_pay_are_refused(String typed) {
    assertThat(PhoneNumbers.read(typed, Locale.GERMAN, Dispatch.Via.SMS))
        .isNotInstanceOf(PhoneNumbers.Read.Good.class);
  }

  @Test
  void a_landline_is_called_where_no_text_reaches_it_and_what_costs_is_not() {
    assertThat(PhoneNumbers.read("+49 30 901820", Locale.GERMAN, Dispatch.Via.VOICE))
        .isEqualTo(new PhoneNumbers.Read.Good("+4930901820"));
    assertThat(PhoneNumbers.read("+49 900 1234567", Locale.GERMAN, Dispatch.Via.VOICE))
        .isNotInstanceOf(PhoneNumbers.Read.Good.class);
  }

  @Test
  void the_known_number_is_offered_and_nothing_is_sent_before_it_is_confirmed() {
    var asked = (Factor.Opening.Asks) sms.beginEnrolment(SCENE, Answer.NONE);

    assertThat(asked.details().fields())
        .containsExactly(new Prompt.Details.Field("phone", "+49 1511 2345678", "tel"));
    assertThat(begin(""))
        .isInstanceOfSatisfying(
            Factor.Opening.Unfit.class,
            unfit -> assertThat(unfit.why().reason()).isEqualTo(Refusal.Reason.NUMBER_MISSING));
  }

  @Test
  void SMS_06_it_suits_only_whom_the_schema_gives_a_phone() {
    assertThat(sms.suits(new Holder(new UserId("a"), "", Map.of()))).isFalse();
    assertThat(sms.suits(new Holder(new UserId("a"), "", Map.of("phone", "")))).isTrue();
  }

  @Test
  void a_code_has_six_digits_and_hardly_ever_comes_again() {
    var codes = new HashSet<String>();
    for (int i = 0; i < 200; i++) {
      codes.add(code(begun().posed()).reveal());
    }

    assertThat(codes).hasSizeGreaterThan(195).allMatch(code -> code.matches("[0-9]{6}"));
  }

  @Test
  void the_code_that_was_sent_is_right_and_no_other() {
    var begun = begun();
    var pending = enrolment(begun.document());
    var memo = Optional.of(begun.posed().memo());
    var right = code(begun.posed());
    var spaced = Secret.of(right.reveal().substring(0, 3) + " " + right.reveal().substring(3));
    var wrong = Secret.of(right.reveal().equals("000000") ? "000001" : "000000");

    assertThat(sms.finishEnrolment(SCENE, pending, memo, Answer.ofCode(spaced)))
        .isInstanceOf(Factor.Finish.Confirmed.class);
    assertThat(sms.finishEnrolment(SCENE, pending, memo, Answer.ofCode(wrong)))
        .isEqualTo(new Factor.Finish.Refused(Refusal.of(Refusal.Reason.CODE_INVALID)));
    assertThat(sms.finishEnrolment(SCENE, pending, Optional.empty(), Answer.ofCode(right)))
        .isEqualTo(new Factor.Finish.Refused(Refusal.of(Refusal.Reason.CODE_EXPIRED)));
    assertThat(sms.check(SCENE, List.of(pending), memo, Answer.ofCode(Secret.of("１２３４５６"))))
        .isEqualTo(new Factor.Verdict.Refused(Refusal.of(Refusal.Reason.CODE_MALFORMED)));
  }

  @Test
  void a_code_that_went_to_another_number_is_worthless() {
    var begun = begun();
    var other = (Factor.Opening.Begun) begin("+4915187654321");

    assertThat(
            sms.check(
                SCENE,
                List.of(enrolment(other.document())),
                Optional.of(begun.posed().memo()),
                Answer.ofCode(code(begun.posed()))))
        .isEqualTo(new Factor.Verdict.Refused(Refusal.of(Refusal.Reason.CODE_INVALID)));
  }

  @Test
  void a_challenge_shows_the_number_masked() {
    var posed = sms.pose(SCENE, List.of(enrolment(begun().document())));

    assertThat(((Prompt.Code) posed.prompt()).sentTo()).contains("+49 ••• ••78");
    assertThat(posed.memo().toString()).doesNotContain("4915");
  }
}
