package dev.countersign.factor.backupcodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Holder;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Claim;
import dev.countersign.proof.Spendables;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A set of codes, and how they may be typed. */
class BackupCodesTest {
  private static final Moment NOW = Moment.ofSeconds(1_800_000_000);
  private final BackupCodes codes = new BackupCodes(new LiveEntropy());
  private final BackupCodes.Issue issue = codes.issue();

  private Factor.Verdict check(String typed) {
    var set =
        new Enrolment(
            new EnrolmentId("dev_1"),
            new UserId("auth0|ana"),
            codes.profile().id(),
            "",
            Enrolment.State.ACTIVE,
            issue.document(),
            -1,
            NOW,
            Optional.of(NOW),
            Optional.empty());
    var scene =
        new Scene(
            new Holder(set.user(), "ana", Map.of()),
            new Scene.Site("Acme", "", List.of()),
            "{}",
            Scene.Asking.NOBODY,
            NOW);
    return codes.check(scene, List.of(set), Optional.empty(), Answer.ofCode(Secret.of(typed)));
  }

  @Test
  void ten_different_codes_of_seventy_bits_without_look_alikes() {
    assertThat(issue.shown()).hasSize(10);
    assertThat(new HashSet<>(issue.shown().stream().map(Secret::reveal).toList())).hasSize(10);
    assertThat(issue.shown())
        .allSatisfy(code ->
            assertThat(code.reveal())
                .matches("[0-9a-hjkmnp-tv-z]{4}-[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}"));
  }

  @Test
  void a_code_is_read_however_it_is_typed() {
    var shown = issue.shown().getFirst().reveal();
    var expected =
        new Claim.Spends(Spendables.Kind.BACKUP_CODE, "dev_1", issue.values().getFirst());
    for (var typed :
        List.of(
            shown,
            shown.replace("-", ""),
            shown.toUpperCase(Locale.ROOT),
            " " + shown.replace("-", " ") + " ",
            shown.replace('0', 'o').replace('1', 'l'))) {
      assertThat(check(typed))
          .as(typed)
          .isInstanceOfSatisfying(
              Factor.Verdict.Accepted.class, it -> assertThat(it.claim()).isEqualTo(expected));
    }
  }

  @Test
  void what_cannot_be_a_code_is_not_hashed() {
    for (var typed : List.of("", "1234", "x".repeat(200), "uuuu-uuuuu-uuuuu", "abcd-efghj-kmnp")) {
      assertThat(check(typed))
          .isEqualTo(new Factor.Verdict.Refused(Refusal.of(Refusal.Reason.CODE_MALFORMED)));
    }
  }

  @Test
  void what_is_kept_tells_nothing_of_the_codes() {
    assertThat(issue.document().reveal())
        .contains("salt")
        .doesNotContain(issue.shown().getFirst().reveal());
    assertThat(issue.values()).doesNotContainAnyElementsOf(issue.shown());
  }
}
