package dev.countersign.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;

class FlagsTest {
  @Test
  void a_flag_takes_its_value_after_a_space_or_an_equals_sign() {
    Flags flags =
        parse("--http-port", "1", "--http-bind=::1", "word", "--metrics-enabled", "--data", "d");

    assertThat(flags.values())
        .containsOnly(
            entry("http.port", "1"),
            entry("http.bind", "::1"),
            entry("metrics.enabled", "true"),
            entry("data", "d"));
    assertThat(flags.words()).containsExactly("word");
    assertThat(flags.mistakes()).isEmpty();
  }

  @Test
  void a_toggle_takes_the_next_word_only_if_it_is_true_or_false() {
    assertThat(parse("--metrics-enabled", "false").values())
        .containsEntry("metrics.enabled", "false");
    assertThat(parse("--metrics-enabled", "word").words()).containsExactly("word");
  }

  @Test
  void everything_after_two_dashes_is_a_word() {
    assertThat(parse("--", "--http-port", "-x").words()).containsExactly("--http-port", "-x");
  }

  @Test
  void all_mistakes_are_found_in_one_go() {
    assertThat(
            parse("--htp-port", "1", "--data", "--http-port=1", "--http-port=2", "--log-level")
                .mistakes())
        .extracting(Mistake::toString)
        .containsExactly(
            "--htp-port is no flag, did you mean --http-port?",
            "--data needs a value",
            "--http-port is given twice",
            "--log-level needs a value");
  }

  @Test
  void a_secret_is_not_taken_from_the_command_line() {
    Flags flags = parse("--database-password", "hunter2", "--mail-smtp-password-file", "f");

    assertThat(flags.values()).containsOnly(entry("mail.smtp.password-file", "f"));
    assertThat(flags.mistakes())
        .extracting(Mistake::toString)
        .containsExactly(
            "--database-password would show a secret in the process list, use --database-password-file");
  }

  private static Flags parse(String... arguments) {
    return Flags.parse(Keys.ALL, List.of(arguments));
  }
}
