package dev.countersign.management.users;

import dev.countersign.identity.Identifier;
import dev.countersign.identity.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The little of Lucene's language that finds people without looking through all of them: one of {@code email}, {@code
 * username}, {@code user_id} names the person, exactly; whatever else is joined to it by AND is compared with what that
 * person is.
 */
record PeopleQuery(By by, String wanted, List<Term> others) {
  private static final String HINT =
      "Search for one of email:\"...\", username:\"...\", user_id:\"...\", exactly, to which more may be joined by AND";
  private static final String NAME =
      "email|username|user_id|name|phone_number|blocked|email_verified|identities\\.connection|(?:app|user)_metadata(?:\\.[A-Za-z0-9_-]{1,64}){1,5}";
  private static final Pattern TERM =
      Pattern.compile(
          "\\s*(" + NAME + ")\\s*:\\s*(?:\"([^\"\\\\]*)\"|([^\\s\"*?()\\[\\]{}:\\\\]+))\\s*");
  private static final int MOST = 10;

  /** By what one person is found. */
  enum By {
    USER_ID,
    EMAIL,
    USERNAME
  }

  /** A field and the value that it is to have. */
  record Term(String field, String value) {}

  /** What came of reading one. */
  sealed interface Parsed {
    record Understood(PeopleQuery query) implements Parsed {}

    record NotUnderstood(String why) implements Parsed {}
  }

  static Parsed parse(String q) {
    var terms = new ArrayList<Term>();
    for (var text : q.split("\\sAND\\s", MOST + 1)) {
      var match = TERM.matcher(text);
      if (!match.matches()) {
        return new Parsed.NotUnderstood(HINT);
      }
      terms.add(new Term(match.group(1), match.group(2) == null ? match.group(3) : match.group(2)));
    }
    var first = terms.stream().filter(term -> by(term).isPresent()).findFirst();
    if (first.isEmpty() || terms.size() > MOST) {
      return new Parsed.NotUnderstood(
          first.isEmpty() && terms.size() == 1
              ? "Nobody is found by " + terms.getFirst().field() + " alone. " + HINT
              : HINT);
    }
    terms.remove(first.get());
    return new Parsed.Understood(
        new PeopleQuery(by(first.get()).orElseThrow(), first.get().value(), List.copyOf(terms)));
  }

  private static Optional<By> by(Term term) {
    if (term.value().isEmpty()) {
      return Optional.empty();
    }
    return switch (term.field()) {
      case "user_id" -> Optional.of(By.USER_ID);
      case "email" -> Optional.of(By.EMAIL);
      case "username" -> Optional.of(By.USERNAME);
      default -> Optional.empty();
    };
  }

  /** Whether somebody who was found is what else is asked for. */
  boolean matches(Person person) {
    return others.stream().allMatch(term -> matches(person, term));
  }

  private static boolean matches(Person person, Term term) {
    var name = term.field();
    return switch (name) {
      case "user_id" -> person.id().value().equals(term.value());
      case "email" -> isCalled(person.email(), term.value());
      case "username" -> isCalled(person.username(), term.value());
      case "name" ->
          person.name().toLowerCase(Locale.ROOT).equals(term.value().toLowerCase(Locale.ROOT));
      case "phone_number" -> term.value().equals(person.phone());
      case "blocked" -> String.valueOf(person.blocked()).equals(term.value());
      case "email_verified" -> String.valueOf(person.emailVerified()).equals(term.value());
      case "identities.connection" -> person.connection().equals(term.value());
      default -> holds(PersonShown.of(person), name, term.value());
    };
  }

  private static boolean isCalled(@Nullable String name, String wanted) {
    return name != null && Identifier.of(name).equals(Identifier.of(wanted));
  }

  /** Of a list any of its values will do, as in Lucene. */
  private static boolean holds(JsonNode shown, String path, String wanted) {
    var at = shown;
    for (var step : path.split("\\.", -1)) {
      at = at.path(step);
    }
    if (at.isArray()) {
      for (var each : at) {
        if (each.asString("").equals(wanted)) {
          return true;
        }
      }
      return false;
    }
    return at.isValueNode() && at.asString("").equals(wanted);
  }
}
