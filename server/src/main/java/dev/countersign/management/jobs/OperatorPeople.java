package dev.countersign.management.jobs;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policies;
import dev.countersign.identity.Identifier;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import dev.countersign.management.users.UserExport;
import dev.countersign.management.users.UserImport;
import dev.countersign.operator.Answer;
import dev.countersign.recovery.AccessCodes;
import dev.countersign.session.EndAccess;
import dev.countersign.signin.password.PasswordRules;
import dev.countersign.signin.password.PasswordRuling;
import dev.countersign.signin.password.Passwords;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What operators do to people, by the same operations as the management API. Thread-safe. */
public final class OperatorPeople {
  private static final String OPERATOR = "operator";
  private static final int PAGE = 500;
  private static final int TRIES = 4;

  private final Database database;
  private final People people;
  private final Passwords passwords;
  private final Policies policies;
  private final EndAccess endAccess;
  private final Audit audit;
  private final Jobs jobs;
  private final AccessCodes accessCodes;

  public OperatorPeople(
      Database database,
      People people,
      Passwords passwords,
      Policies policies,
      EndAccess endAccess,
      Audit audit,
      Jobs jobs,
      AccessCodes accessCodes) {
    this.database = database;
    this.people = people;
    this.passwords = passwords;
    this.policies = policies;
    this.endAccess = endAccess;
    this.audit = audit;
    this.jobs = jobs;
    this.accessCodes = accessCodes;
  }

  public boolean create(
      Tenant tenant, String email, String username, Secret password, Moment now, Answer answer) {
    if (!password.isEmpty() && !isFit(tenant, email, username, password, answer)) {
      return false;
    }
    var hash =
        password.isEmpty() ? Optional.<Secret>empty() : Optional.of(passwords.hash(password));
    var item = Json.object();
    if (!email.isEmpty()) {
      item.put("email", email);
    }
    if (!username.isEmpty()) {
      item.put("username", username);
    }
    var people = Json.array().add(item);
    var refused = new ArrayList<String>();
    var made =
        database.write(tx -> {
          refused.clear();
          var tally =
              jobs.take(
                  tx,
                  wish(tenant, false, now),
                  people,
                  (_, _, fault) -> refused.add(fault.message() + " (" + fault.path() + ")"));
          if (tally.inserted() == 0) {
            return Optional.<Person>empty();
          }
          var person = named(tx, tenant, email.isEmpty() ? username : email);
          hash.ifPresent(it -> passwords.set(tx, tenant.id(), person.orElseThrow().id(), it, now));
          return person;
        });
    refused.forEach(answer::tell);
    made.ifPresent(person -> answer.say(person.id().value()));
    return made.isPresent();
  }

  private boolean isFit(
      Tenant tenant, String email, String username, Secret password, Answer answer) {
    boolean secondAlways =
        database.read(tx -> policies.current(tx, tenant.id())).mode() == Mode.REQUIRED;
    var rules = secondAlways ? PasswordRules.WITH_SECOND_FACTOR : PasswordRules.ALONE;
    var about = List.of(email, username, tenant.displayName());
    return switch (rules.judge(password, about.stream().filter(it -> !it.isEmpty()).toList())) {
      case PasswordRuling.Acceptable _ -> true;
      case PasswordRuling.Refused(var why) -> {
        answer.tell(
            "The password is refused ("
                + why.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + "): it needs at least "
                + rules.minimum()
                + " characters, and must be none that attackers try first.");
        yield false;
      }
    };
  }

  private Optional<Person> named(Tx tx, Tenant tenant, String name) {
    return Optional.of(name)
        .filter(it -> it.contains("|") && it.length() <= 128)
        .flatMap(id -> people.find(tx, tenant.id(), new UserId(id)))
        .or(() -> people.find(tx, tenant.id(), Identifier.of(name)));
  }

  public boolean delete(Tenant tenant, String name, Moment now, Answer answer) {
    boolean gone =
        database.write(tx -> {
          var person = named(tx, tenant, name);
          if (person.isEmpty() || !people.remove(tx, tenant.id(), person.get().id())) {
            return false;
          }
          endAccess.everywhere(tx, tenant.id(), person.get().id(), now);
          audit.record(
              tx,
              tenant.id(),
              AuditEvent.success(AuditType.USER_DELETED, Occasion.ofServer(now))
                  .by(OPERATOR, person.get().id()));
          return true;
        });
    if (!gone) {
      answer.tell("There is no user \"" + name + "\".");
    }
    return gone;
  }

  public boolean issueAccessCode(
      Tenant tenant, String name, String number, Duration life, Moment now, Answer answer) {
    var issuing =
        database.write(tx ->
            named(tx, tenant, name)
                .map(person ->
                    accessCodes.issue(
                        tx,
                        new AccessCodes.By(
                            tenant.id(), person.id(), OPERATOR, Occasion.ofServer(now)),
                        number,
                        life)));
    if (issuing.isEmpty()) {
      answer.tell("There is no user \"" + name + "\".");
      return false;
    }
    return switch (issuing.get()) {
      case AccessCodes.Issuing.Issued(var code, var secret, var words) -> {
        answer.say("words=" + words);
        answer.say("code=" + secret.reveal());
        answer.say("expires_at=" + code.expiresAt());
        yield true;
      }
      case AccessCodes.Issuing.WrongNumber _ -> {
        answer.tell("This number is on no page that they have open: ask for it once more.");
        yield false;
      }
      case AccessCodes.Issuing.TooMany(var until) -> {
        answer.tell("Too many wrong numbers for this user: try again after " + until + ".");
        yield false;
      }
      case AccessCodes.Issuing.NotNeeded _ -> {
        answer.tell("They have no factor: their password leads them to setting one up.");
        yield false;
      }
    };
  }

  /** Page by page, so that nobody else waits and little is held. */
  public boolean list(Tenant tenant, int most, Answer answer) {
    var form = new UserExport(false, List.of());
    var at = new Moment(0);
    var id = "";
    int told = 0;
    while (told < most) {
      var after = at;
      var last = id;
      int wanted = Math.min(PAGE, most - told);
      var page = database.read(tx -> people.after(tx, tenant.id(), after, last, wanted));
      if (page.isEmpty()) {
        return true;
      }
      page.forEach(person -> answer.say(form.line(person).strip()));
      at = page.getLast().createdAt();
      id = page.getLast().id().value();
      told += page.size();
    }
    return true;
  }

  public boolean importAll(Tenant tenant, boolean upsert, Secret file, Moment now, Answer answer) {
    var items = Json.tree(file.reveal());
    int inserted = 0;
    int updated = 0;
    int there = 0;
    int failed = 0;
    var some = Json.array();
    var parts = new ArrayList<>(List.of(some));
    for (var item : items) {
      if (some.size() == Jobs.PART) {
        some = Json.array();
        parts.add(some);
      }
      some.add(item);
    }
    for (var part : parts) {
      var faults = new ArrayList<String>();
      var tally = taken(tenant, upsert, part, now, faults);
      faults.forEach(answer::tell);
      inserted += tally.inserted();
      updated += tally.updated();
      there += tally.there();
      failed += tally.failed();
    }
    answer.say(
        Json.write(
            Json.object()
                .put("inserted", inserted)
                .put("updated", updated)
                .put("there", there)
                .put("failed", failed)));
    return true;
  }

  private Jobs.Tally taken(
      Tenant tenant, boolean upsert, JsonNode part, Moment now, List<String> faults) {
    for (int attempt = 1; ; attempt++) {
      try {
        return Objects.requireNonNull(
            database.write(tx -> {
              faults.clear();
              return jobs.take(
                  tx,
                  wish(tenant, upsert, now),
                  part,
                  (_, item, fault) -> {
                    if (!fault.kind().equals("DUPLICATED_USER")) {
                      faults.add(
                          item.path("email").asString(item.path("username").asString("?"))
                              + ": "
                              + fault.message()
                              + " ("
                              + fault.path()
                              + ")");
                    }
                  });
            }));
      } catch (StorageException.Duplicate e) {
        if (attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  private static UserImport.Wish wish(Tenant tenant, boolean upsert, Moment now) {
    return new UserImport.Wish(tenant.id(), upsert, OPERATOR, Occasion.ofServer(now));
  }
}
