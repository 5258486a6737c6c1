package dev.countersign.signin.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.kernel.Secret;
import dev.countersign.signin.password.PasswordRuling.Acceptable;
import dev.countersign.signin.password.PasswordRuling.Reason;
import dev.countersign.signin.password.PasswordRuling.Refused;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTest {
  private static final List<String> ABOUT =
      List.of("ana.lindqvist@acme.example", "ana.lindqvist", "Acme Rockets");

  private static PasswordRuling alone(String password) {
    return PasswordRules.ALONE.judge(Secret.of(password), ABOUT);
  }

  private static PasswordRuling withFactor(String password) {
    return PasswordRules.WITH_SECOND_FACTOR.judge(Secret.of(password), ABOUT);
  }

  private static PasswordRuling refused(Reason reason) {
    return new Refused(reason);
  }

  @Test
  void NIST_3_1_1_2_fifteen_characters_alone_and_eight_with_a_second_factor() {
    assertThat(alone("xk7 vot pram qu")).isEqualTo(new Acceptable());
    assertThat(alone("xk7 vot pram q")).isEqualTo(refused(Reason.TOO_SHORT));
    assertThat(withFactor("xk7 votp")).isEqualTo(new Acceptable());
    assertThat(withFactor("xk7 vot")).isEqualTo(refused(Reason.TOO_SHORT));
    assertThat(withFactor("")).isEqualTo(refused(Reason.TOO_SHORT));
  }

  @Test
  void NIST_3_1_1_2_lengths_count_code_points_and_are_not_gained_by_normalising() {
    assertThat(withFactor("🚀🦊🌵🎲🧭🪁🥨🛶")).isEqualTo(new Acceptable());
    assertThat(withFactor("🚀🦊🌵🎲🧭🪁🥨")).isEqualTo(refused(Reason.TOO_SHORT));
    assertThat(withFactor("\ufdfa"))
        .isEqualTo(refused(Reason.TOO_SHORT)); // NFKC makes 18 of this one
    assertThat(withFactor("e\u0301xk7vot"))
        .isEqualTo(refused(Reason.TOO_SHORT)); // and seven of these eight
  }

  @Test
  void NIST_3_1_1_2_long_passwords_are_taken_whole_or_refused_never_cut() {
    var phrase = "xk7 vot pram quiz ".repeat(20);
    assertThat(alone(phrase.substring(0, 64))).isEqualTo(new Acceptable());
    assertThat(alone(phrase.substring(0, 256))).isEqualTo(new Acceptable());
    assertThat(alone(phrase.substring(0, 257))).isEqualTo(refused(Reason.TOO_LONG));
    assertThat(alone("🚀🦊🌵🎲🧭🪁🥨🛶".repeat(32))).isEqualTo(new Acceptable());
    assertThat(alone("\ufdfaqx7".repeat(60)))
        .isEqualTo(refused(Reason.TOO_LONG)); // 240 typed, 1260 to hash
    assertThat(alone("x".repeat(1_000_000))).isEqualTo(refused(Reason.TOO_LONG));
  }

  @Test
  void NIST_3_1_1_2_no_kinds_of_characters_are_demanded() {
    assertThat(alone("velvet gravel otter")).isEqualTo(new Acceptable());
    assertThat(alone("83650174928374601")).isEqualTo(new Acceptable());
    assertThat(alone("правильная лошадь")).isEqualTo(new Acceptable());
  }

  @Test
  void every_password_the_rules_accept_can_be_hashed() {
    assertThat(PasswordText.normal(Secret.of("🚀".repeat(PasswordRules.MAXIMUM)))).isPresent();
  }

  @Test
  void PWD_02_nul_and_half_characters_are_refused() {
    assertThat(withFactor("xk7 vot\0 pram")).isEqualTo(refused(Reason.UNUSABLE_CHARACTER));
    assertThat(withFactor("xk7 vot pram \ud83d")).isEqualTo(refused(Reason.UNUSABLE_CHARACTER));
  }

  @Test
  void ASVS_6_2_4_the_three_thousand_most_common_passwords_that_are_long_enough_are_refused()
      throws Exception {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                PasswordRules.class.getResourceAsStream("/dictionaries/passwords.txt"),
                StandardCharsets.UTF_8))) {
      var common = lines.lines().filter(line -> line.length() >= 8).limit(3_000).toList();
      assertThat(common)
          .hasSize(3_000)
          .allSatisfy(password -> assertThat(withFactor(password)).isInstanceOf(Refused.class));
    }
    assertThat(CommonPasswords.list().size()).isGreaterThan(90_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "passwordpassword",
        "Password1234567",
        "PASSWORD!!!!!!!!",
        "1234567iloveyou",
        "sunshinesunshine!",
        "ｐａｓｓｗｏｒｄ１２３４５６７"
      })
  void a_common_password_stays_common_when_it_is_repeated_or_dressed_up(String password) {
    assertThat(alone(password)).isEqualTo(refused(Reason.COMMON));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aaaaaaaaaaaaaaaa",
        "123456789012345678",
        "987654321098765432",
        "abcdefghijklmnopq",
        "qwertyuiopasdfghjkl",
        "qwertzuiopasdfghjkl",
        "abcabcabcabcabcabc",
        "x1yx1yx1yx1yx1yx1y",
        "112233445566778899"
      })
  void repetitions_and_sequences_are_refused(String password) {
    assertThat(alone(password)).isEqualTo(refused(Reason.PATTERN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ana.lindqvist@acme.example",
        "Lindqvist-Acme-99",
        "countersign2026",
        "CounterSignCounterSign",
        "lindqvistlindqvist",
        "acmeRockets!2026"
      })
  void what_anyone_knows_about_the_person_is_no_password(String password) {
    assertThat(alone(password)).isEqualTo(refused(Reason.ABOUT_YOU));
  }

  @Test
  void a_word_about_the_person_within_a_long_phrase_is_fine() {
    assertThat(alone("my acme desk has three velvet legs")).isEqualTo(new Acceptable());
    assertThat(PasswordRules.ALONE.judge(Secret.of("velvet gravel otter"), List.of("", "a", "vel")))
        .isEqualTo(new Acceptable());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar", "de", "en", "es", "fr", "ja", "pt"})
  void every_reason_has_a_message_in_every_language(String language) throws Exception {
    var resource = "/messages/messages_" + language + ".properties";
    var messages = new Properties();
    try (var in =
        new InputStreamReader(
            PasswordRules.class.getResourceAsStream(resource), StandardCharsets.UTF_8)) {
      messages.load(in);
    }
    assertThat(Reason.values())
        .extracting(Reason::messageKey)
        .doesNotHaveDuplicates()
        .allMatch(messages::containsKey);
  }

  @Test
  void a_minimum_below_eight_cannot_be_configured() {
    assertThatThrownBy(() -> new PasswordRules(7)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PasswordRules(65)).isInstanceOf(IllegalArgumentException.class);
  }
}
