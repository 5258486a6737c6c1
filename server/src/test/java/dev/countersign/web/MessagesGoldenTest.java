package dev.countersign.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.Golden;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class MessagesGoldenTest {
  @Test
  void every_language_has_these_keys() {
    var lines = new StringBuilder();
    for (var key : Messages.keys(Locale.ENGLISH)) {
      lines.append(key);
      Messages.pattern(Locale.ENGLISH, key)
          .placeholders()
          .forEach(placeholder -> lines.append(" {").append(placeholder).append('}'));
      lines.append('\n');
    }
    Golden.compare("docs/messages.txt", lines.toString());

    assertThat(Messages.LANGUAGES)
        .allSatisfy(language ->
            assertThat(Messages.keys(language)).isEqualTo(Messages.keys(Locale.ENGLISH)));
  }
}
