package dev.countersign.factor.hardware;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Holder;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.kernel.Base32;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.OneTimeCodes;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Claim;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HardwareTokenTest {
  private static final byte[] SEED = "12345678901234567890".getBytes(US_ASCII);
  private static final Moment NOW = Moment.ofSeconds(1_800_000_015);
  private static final long STEP = 1_800_000_015 / 30;
  private final HardwareToken factor = new HardwareToken();

  private Secret document(String type, int digits, long counter) {
    var brought =
        factor.bring(
            Map.of(
                "type", Secret.of(type),
                "seed", Secret.of(Base32.encode(SEED)),
                "algorithm", Secret.of("SHA1"),
                "digits", Secret.of(String.valueOf(digits)),
                "period", Secret.of("30"),
                "counter", Secret.of(String.valueOf(counter))));
    return ((Factor.Brought.Ready) brought).document();
  }

  private Enrolment enrolment(Secret document, long highWater) {
    return new Enrolment(
        new EnrolmentId("dev_1"),
        new UserId("auth0|ana"),
        HardwareToken.ID,
        "A-1",
        Enrolment.State.ACTIVE,
        document,
        highWater,
        NOW,
        Optional.of(NOW),
        Optional.empty());
  }

  private static Scene scene(Moment at) {
    return new Scene(
        new Holder(new UserId("auth0|ana"), "ana", Map.of()),
        new Scene.Site("Acme", "", List.of()),
        "{}",
        Scene.Asking.NOBODY,
        at);
  }

  private static Secret code(long counter) {
    return Secret.of(OneTimeCodes.at(SEED, counter, 6, OneTimeCodes.Algorithm.SHA1));
  }

  private Factor.Verdict check(Enrolment it, long counter) {
    return factor.check(scene(NOW), List.of(it), Optional.empty(), Answer.ofCode(code(counter)));
  }

  private static long mark(Factor.Verdict verdict) {
    var accepted = (Factor.Verdict.Accepted) verdict;
    return ((Claim.Advances) accepted.claim()).mark();
  }

  private static Refusal why(Factor.Verdict verdict) {
    return ((Factor.Verdict.Refused) verdict).why();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 755224", "1, 287082", "2, 359152", "3, 969429", "4, 338314",
    "5, 254676", "6, 287922", "7, 162583", "8, 399871", "9, 520489"
  })
  void TOTP_01_the_vectors_of_RFC_4226_appendix_D(long counter, String code) {
    var token = enrolment(document("hotp", 6, 0), counter - 1);

    assertThat(code(counter).reveal()).isEqualTo(code);
    assertThat(mark(check(token, counter))).isEqualTo(counter);
  }

  @Test
  void a_counter_may_be_ahead_by_ten_codes_and_never_goes_back() {
    var token = enrolment(document("hotp", 6, 0), 99);

    assertThat(mark(check(token, 100))).isEqualTo(100);
    assertThat(mark(check(token, 110))).isEqualTo(110);
    assertThat(why(check(token, 111)).hints()).isEqualTo(Map.of("ahead", "11"));
    assertThat(why(check(token, 98))).isEqualTo(Refusal.of(Refusal.Reason.CODE_INVALID));
    assertThat(mark(check(token, 99)))
        .as("what was accepted last, for the ledger to refuse")
        .isEqualTo(99);
  }

  @Test
  void a_counter_begins_where_the_maker_says() {
    var token = enrolment(document("hotp", 6, 50), -1);

    assertThat(mark(check(token, 50))).isEqualTo(50);
    assertThat(check(token, 49)).isInstanceOf(Factor.Verdict.Refused.class);
  }

  @Test
  void a_clock_that_is_off_is_followed_step_by_step_and_not_beyond_an_hour() {
    var token = enrolment(document("totp", 6, 0), -1);
    assertThat(why(check(token, STEP + 2)).reason()).isEqualTo(Refusal.Reason.CLOCK_DRIFT);

    for (long drift = 1; drift <= HardwareToken.MOST_DRIFT; drift++) {
      var accepted = (Factor.Verdict.Accepted) check(token, STEP + drift);
      assertThat(accepted.document()).isPresent();
      token = enrolment(accepted.document().get(), -1);
    }

    assertThat(check(token, STEP))
        .as("its own clock says")
        .isInstanceOf(Factor.Verdict.Refused.class);
    assertThat(((Factor.Verdict.Accepted) check(token, STEP + 120)).document())
        .as("nothing new to remember")
        .isEmpty();
    assertThat(check(token, STEP + 121)).isInstanceOf(Factor.Verdict.Refused.class);
  }

  @Test
  void two_codes_in_a_row_bring_a_counter_back_and_two_others_do_not() {
    var token = enrolment(document("hotp", 6, 0), 99);

    assertThat(HardwareToken.resynchronise(token, code(700), code(701), NOW))
        .map(HardwareToken.InStep::mark)
        .contains(701L);
    assertThat(HardwareToken.resynchronise(token, code(700), code(702), NOW)).isEmpty();
    assertThat(HardwareToken.resynchronise(token, code(701), code(700), NOW)).isEmpty();
    assertThat(HardwareToken.resynchronise(token, code(700), code(700), NOW)).isEmpty();
    assertThat(HardwareToken.resynchronise(token, code(98), code(99), NOW)).isEmpty();
    assertThat(HardwareToken.resynchronise(token, code(1_101), code(1_102), NOW)).isEmpty();
    assertThat(HardwareToken.resynchronise(token, code(700), Secret.of(""), NOW)).isEmpty();
  }

  @Test
  void two_codes_in_a_row_bring_a_clock_back_and_what_it_is_off_by_is_remembered() {
    var token = enrolment(document("totp", 6, 0), -1);
    var back =
        HardwareToken.resynchronise(token, code(STEP - 101), code(STEP - 100), NOW).orElseThrow();
    var kept = enrolment(back.document(), back.mark());

    var later = scene(NOW.plus(Duration.ofSeconds(30)));
    assertThat(factor.check(later, List.of(kept), Optional.empty(), Answer.ofCode(code(STEP - 99))))
        .isInstanceOf(Factor.Verdict.Accepted.class);
    assertThat(HardwareToken.resynchronise(kept, code(STEP - 101), code(STEP - 100), NOW))
        .as("the same two again")
        .isEmpty();
    assertThat(HardwareToken.resynchronise(token, code(STEP - 122), code(STEP - 121), NOW))
        .isEmpty();
  }

  @Test
  void the_page_asks_for_as_many_digits_as_the_tokens_have() {
    var six = enrolment(document("hotp", 6, 0), -1);
    var eight = enrolment(document("hotp", 8, 0), -1);

    assertThat(factor.pose(scene(NOW), List.of(eight)).prompt())
        .isEqualTo(Prompt.Code.of(new Prompt.Shape(8)));
    assertThat(factor.pose(scene(NOW), List.of(six, eight)).prompt())
        .isEqualTo(Prompt.Code.of(Prompt.Shape.ANY));
  }
}
