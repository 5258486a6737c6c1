package dev.countersign.factor.totp;

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
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.OneTimeCodes;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Claim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One-time passwords against the standards' vectors, and what counts as one. */
class TotpTest {
  private static final Moment NOW = Moment.ofSeconds(1_800_000_015); // The middle of a time step.
  private final Totp totp = new Totp(new LiveEntropy());
  private final Secret document =
      ((Factor.Opening.Begun) totp.beginEnrolment(scene(NOW), Answer.NONE)).document();
  private final byte[] key = Base32.decode(Totp.Document.read(document).key());

  private Enrolment enrolment() {
    return new Enrolment(
        new EnrolmentId("dev_1"),
        new UserId("auth0|ana"),
        totp.profile().id(),
        "",
        Enrolment.State.ACTIVE,
        document,
        -1,
        NOW,
        Optional.of(NOW),
        Optional.empty());
  }

  private static Scene scene(Moment at) {
    return new Scene(
        new Holder(new UserId("auth0|ana"), "ana@acme.example", Map.of()),
        new Scene.Site("Acme Bank", "", List.of()),
        "{}",
        Scene.Asking.NOBODY,
        at);
  }

  private Factor.Verdict check(String typed, Moment at) {
    return totp.check(
        scene(at), List.of(enrolment()), Optional.empty(), Answer.ofCode(Secret.of(typed)));
  }

  private String codeAt(Moment moment) {
    return OneTimeCodes.at(key, moment.seconds() / 30, 6, OneTimeCodes.Algorithm.SHA1);
  }

  @ParameterizedTest
  @CsvSource({
    "59, 94287082, 46119246, 90693936",
    "1111111109, 07081804, 68084774, 25091201",
    "1111111111, 14050471, 67062674, 99943326",
    "1234567890, 89005924, 91819424, 93441116",
    "2000000000, 69279037, 90698825, 38618901",
    "20000000000, 65353130, 77737706, 47863826"
  })
  void TOTP_01_the_vectors_of_RFC_6238_appendix_B(
      long time, String sha1, String sha256, String sha512) {
    var seed = "12345678901234567890".repeat(4);
    assertThat(
            OneTimeCodes.at(
                seed.substring(0, 20).getBytes(US_ASCII),
                time / 30,
                8,
                OneTimeCodes.Algorithm.SHA1))
        .isEqualTo(sha1);
    assertThat(
            OneTimeCodes.at(
                seed.substring(0, 32).getBytes(US_ASCII),
                time / 30,
                8,
                OneTimeCodes.Algorithm.SHA256))
        .isEqualTo(sha256);
    assertThat(
            OneTimeCodes.at(
                seed.substring(0, 64).getBytes(US_ASCII),
                time / 30,
                8,
                OneTimeCodes.Algorithm.SHA512))
        .isEqualTo(sha512);
    assertThat(
            OneTimeCodes.at(
                seed.substring(0, 20).getBytes(US_ASCII),
                time / 30,
                6,
                OneTimeCodes.Algorithm.SHA1))
        .isEqualTo(sha1.substring(2));
  }

  @Test
  void TOTP_01_the_vectors_of_RFC_4226_appendix_D() {
    var expected =
        List.of(
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
            "399871", "520489");
    for (int counter = 0; counter < expected.size(); counter++) {
      assertThat(
              OneTimeCodes.at(
                  "12345678901234567890".getBytes(US_ASCII),
                  counter,
                  6,
                  OneTimeCodes.Algorithm.SHA1))
          .isEqualTo(expected.get(counter));
    }
  }

  @Test
  void TOTP_04_one_step_either_side_is_accepted_and_nothing_beyond_to_the_millisecond() {
    long step = NOW.seconds() / 30;
    for (long offset = -3; offset <= 3; offset++) {
      var code = OneTimeCodes.at(key, step + offset, 6, OneTimeCodes.Algorithm.SHA1);
      var verdict = check(code, NOW);
      assertThat(verdict instanceof Factor.Verdict.Accepted)
          .as("step %d", offset)
          .isEqualTo(Math.abs(offset) <= 1);
    }
    var code = OneTimeCodes.at(key, step, 6, OneTimeCodes.Algorithm.SHA1);
    var opens = new Moment((step - 1) * 30_000);
    var closes = new Moment((step + 2) * 30_000);
    assertThat(check(code, new Moment(opens.millis() - 1)))
        .isInstanceOf(Factor.Verdict.Refused.class);
    assertThat(check(code, opens)).isInstanceOf(Factor.Verdict.Accepted.class);
    assertThat(check(code, new Moment(closes.millis() - 1)))
        .isInstanceOf(Factor.Verdict.Accepted.class);
    assertThat(check(code, closes)).isInstanceOf(Factor.Verdict.Refused.class);
  }

  @Test
  void an_accepted_code_claims_its_own_time_step() {
    assertThat(check(codeAt(NOW), NOW))
        .isInstanceOfSatisfying(
            Factor.Verdict.Accepted.class,
            it ->
                assertThat(it.claim())
                    .isEqualTo(new Claim.Advances(new EnrolmentId("dev_1"), NOW.seconds() / 30)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "12345", "1234567", "abcdef", "12345a", "+12345", "１２３４５６", "١٢٣٤٥٦", "1e5", "null",
        "12.456", "-12345"
      })
  void TOTP_09_only_ascii_digits_are_a_code(String typed) {
    assertThat(check(typed, NOW))
        .isEqualTo(new Factor.Verdict.Refused(Refusal.of(Refusal.Reason.CODE_MALFORMED)));
  }

  @Test
  void TOTP_09_blanks_between_digits_are_forgiven() {
    var code = codeAt(NOW);
    assertThat(check(" " + code.substring(0, 3) + " " + code.substring(3) + " ", NOW))
        .isInstanceOf(Factor.Verdict.Accepted.class);
  }

  @Test
  void a_clock_that_is_off_is_told_from_a_wrong_code() {
    var slow = codeAt(Moment.ofSeconds(NOW.seconds() - 90));
    assertThat(check(slow, NOW))
        .isInstanceOfSatisfying(
            Factor.Verdict.Refused.class,
            refused -> {
              assertThat(refused.why().reason()).isEqualTo(Refusal.Reason.CLOCK_DRIFT);
              assertThat(refused.why().hints()).containsEntry("seconds", "-90");
            });
  }

  @Test
  void TOTP_10_the_seed_is_ours_and_long_enough_whatever_the_client_sends() {
    var pending = enrolment();
    var fields = new HashMap<String, Secret>();
    fields.put("totp_secret", Secret.of("AAAA"));
    fields.put("confirmed", Secret.of("true"));
    fields.put("code", Secret.of(codeAt(NOW)));
    var finish = totp.finishEnrolment(scene(NOW), pending, Optional.empty(), new Answer(fields));
    assertThat(finish)
        .isInstanceOfSatisfying(
            Factor.Finish.Confirmed.class,
            confirmed -> assertThat(confirmed.document()).isEqualTo(document));
    assertThat(key).hasSize(20);
  }

  @Test
  void the_key_uri_names_issuer_and_person() {
    var prompt = (Prompt.SharedKey) totp.enrolling(scene(NOW), enrolment(), Secret.of(""));
    assertThat(prompt.uri())
        .startsWith("otpauth://totp/Acme%20Bank:ana%40acme.example?secret=" + prompt.key())
        .endsWith("&issuer=Acme%20Bank&algorithm=SHA1&digits=6&period=30");
    assertThat(prompt).hasToString("SharedKey[ana@acme.example]");
  }

  @Test
  void base_32_reads_what_it_writes_and_what_people_type() {
    assertThat(Base32.encode("foobar".getBytes(US_ASCII))).isEqualTo("MZXW6YTBOI");
    assertThat(Base32.decode("mzxw 6ytb-oi==")).isEqualTo("foobar".getBytes(US_ASCII));
  }
}
