package dev.countersign.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.Factors;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.newpassword.AskPasswordReset;
import dev.countersign.outbound.Callout;
import dev.countersign.proof.Allowance;
import dev.countersign.proof.Door;
import dev.countersign.tenant.TenantSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The design of throttling and lock-out is written down and true (OWASP ASVS 6.1.1). */
class LockoutDocumentTest {
  private final List<String> lines = read();

  private static List<String> read() {
    try {
      return Files.readAllLines(Path.of("..", "docs", "lockout.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cells after the first of the table row that begins so. */
  private List<String> row(String first) {
    return lines.stream()
        .filter(line -> line.startsWith("| " + first + " |"))
        .findFirst()
        .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
        .map(cells -> cells.subList(2, cells.size() - 1))
        .orElseThrow(() -> new AssertionError("docs/lockout.md has no row \"" + first + "\""));
  }

  private static List<String> cells(Door door) {
    var limits = door.limits();
    return List.of(
        String.valueOf(limits.burst()),
        String.valueOf(limits.window().toMinutes()),
        String.valueOf(limits.rest().toMinutes()),
        limits.ceiling() == Integer.MAX_VALUE ? "never" : String.valueOf(limits.ceiling()));
  }

  private static List<String> cells(Allowance allowance) {
    return List.of(String.valueOf(allowance.most()), String.valueOf(allowance.per().toMinutes()));
  }

  @Test
  void RATE_01_the_doors_stand_what_the_document_says() {
    assertThat(row("password, one person or one unknown name"))
        .isEqualTo(cells(AnswerPassword.PERSON));
    assertThat(row("password, one browser that the person has used before"))
        .isEqualTo(cells(AnswerPassword.PERSON));
    assertThat(row("password, one network, whomever it names"))
        .isEqualTo(cells(AnswerPassword.ADDRESS));
    assertThat(row("all factors of one person together")).isEqualTo(cells(Doors.ANY_FACTOR));
  }

  @Test
  void every_factor_stands_what_the_document_says() {
    assertThat(
            Factors.all(new LiveEntropy(), Callout.CLOSED, _ -> TenantSettings.usual(), _ -> {})
                .fixed()
                .profiles())
        .isNotEmpty()
        .allSatisfy(profile ->
            assertThat(row("one factor of one person")).isEqualTo(cells(profile.door())));
  }

  @Test
  void links_are_sent_as_often_as_the_document_says() {
    assertThat(row("by one person, or one name that is nobody's"))
        .isEqualTo(cells(AskPasswordReset.PERSON));
    assertThat(row("from one network")).isEqualTo(cells(AskPasswordReset.ADDRESS));
    assertThat(lines)
        .anyMatch(line ->
            line.contains(
                "A link is good for " + AskPasswordReset.LINK_LIFE.toMinutes() + " minutes"));
  }

  @Test
  void an_attack_is_told_of_when_the_document_says() {
    assertThat(row("wrong passwords in one tenant"))
        .containsExactly(String.valueOf(AttackWatch.UNREMARKABLE.most()));
    assertThat(row("within minutes"))
        .containsExactly(String.valueOf(AttackWatch.UNREMARKABLE.per().toMinutes()));
  }
}
