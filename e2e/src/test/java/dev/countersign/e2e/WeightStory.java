package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the first view of a sign-in page weighs on the wire. */
@Told
class WeightStory {
  private static final int MOST = 30 * 1024;

  @RegisterExtension private final Visit visit;

  WeightStory(Screen screen) {
    visit = Visit.on(screen);
  }

  @Test
  void the_first_view_of_the_first_page_weighs_at_most_30_kilobytes_in_all() {
    visit.does().comesFrom(visit.acme().bank());
    visit.sees().heading("Sign in");

    var ours =
        visit.sees().answers().stream()
            .filter(it -> !it.url().getHost().startsWith("bank."))
            .toList();

    assertThat(ours).extracting(Wire.Answer::kind).contains("Document", "Stylesheet", "Script");
    assertThat(ours.stream().mapToLong(Wire.Answer::bytes).sum())
        .as("%s", ours)
        .isPositive()
        .isLessThanOrEqualTo(MOST);
  }
}
