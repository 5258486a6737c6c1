package dev.countersign.hosted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.Golden;
import dev.countersign.enforcement.Because;
import dev.countersign.factor.Refusal;
import dev.countersign.kernel.Problem;
import dev.countersign.signin.password.PasswordRuling;
import dev.countersign.web.Messages;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ErrorsGoldenTest {
  @Test
  void the_catalogue_of_what_can_be_wrong_is_the_one_that_is_documented() {
    var page =
        new StringBuilder(
            """
            # What can be wrong

            This page is made from the catalogues in the code, whose words are stable: they are never reused for something else.

            ## Problems

            From `server/src/main/java/dev/countersign/kernel/Problem.java`. The second column is the HTTP status, the third who can
            mend it, the fourth what Auth0's clients know it by (`errorCode` or `error`). The last is what a page says, by its keys
            in the message files: `.title`, `.what` happened and how to `.mend` it.

            | Code | Status | Mended by | Auth0 | Words |
            |---|---|---|---|---|
            """);
    for (var it : Problem.values()) {
      row(
          page,
          code(it.code()),
          String.valueOf(it.status()),
          it.audience().name().toLowerCase(Locale.ROOT),
          it.auth0().isEmpty() ? "" : code(it.auth0()),
          code(words(it)));
    }
    page.append(
        """

        ## Refused answers

        From `server/src/main/java/dev/countersign/factor/Refusal.java`: the `reason` of `user.mfa_failed` in the audit log. At a challenge
        the page says the same about all of them.

        | Reason |
        |---|
        """);
    for (var it : Refusal.Reason.values()) {
      row(page, code(it.word()));
    }
    page.append(
        """

        ## Passwords that cannot be set

        From `server/src/main/java/dev/countersign/signin/password/PasswordRuling.java`.

        | Reason | Message |
        |---|---|
        """);
    for (var it : PasswordRuling.Reason.values()) {
      row(page, code(it.name().toLowerCase(Locale.ROOT)), code(it.messageKey()));
    }
    page.append(
        """

        ## Reasons of decisions

        From `server/src/main/java/dev/countersign/enforcement/Because.java`: why a sign-in was let through, asked for more or denied, as kept
        with it and told by `GET /api/v2/decisions/{sign_in}`.

        | Reason |
        |---|
        """);
    for (var it : Because.Reason.values()) {
      row(page, code(it.word()));
    }
    Golden.compare("docs/errors.md", page.toString());
  }

  @Test
  void no_word_of_a_catalogue_means_two_things() {
    assertThat(Arrays.stream(Problem.values()).map(Problem::code)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(Refusal.Reason.values()).map(Refusal.Reason::word))
        .doesNotHaveDuplicates();
    assertThat(Arrays.stream(Because.Reason.values()).map(Because.Reason::word))
        .doesNotHaveDuplicates();
  }

  @Test
  void everything_that_a_person_is_told_has_its_words() {
    var english = Messages.in(Locale.ENGLISH);

    assertThat(
            Stream.concat(
                Arrays.stream(Problem.values())
                    .flatMap(
                        it -> Stream.of("title", "what", "mend").map(PageFailures.kind(it)::key)),
                Arrays.stream(PasswordRuling.Reason.values())
                    .map(PasswordRuling.Reason::messageKey)))
        .allMatch(english::has);
  }

  private static String words(Problem problem) {
    return PageFailures.kind(problem).key("*");
  }

  private static String code(String word) {
    return "`" + word + "`";
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
