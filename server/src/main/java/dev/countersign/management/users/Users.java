package dev.countersign.management.users;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policies;
import dev.countersign.enrolment.CodeSets;
import dev.countersign.identity.Identifier;
import dev.countersign.identity.IdentitySchema;
import dev.countersign.identity.IdentitySchemas;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Checkpoint;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Paging;
import dev.countersign.management.api.Paths;
import dev.countersign.management.api.Shape;
import dev.countersign.session.EndAccess;
import dev.countersign.signin.password.PasswordHasher;
import dev.countersign.signin.password.PasswordRules;
import dev.countersign.signin.password.PasswordRuling;
import dev.countersign.signin.password.Passwords;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Reply;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Creates, shows, changes and removes people. */
public final class Users {
  private static final Shape NAMES = new Shape.ListOf(Shape.text(1, 128), 200);
  private static final Shape METADATA = new Shape.Open(16_384);
  private static final Shape PASSWORD = Shape.text(1, 1024, Format.ANY);
  static final Shape HASH = Shape.text(1, 512, Format.LINE);

  /** A hash brought along, as Auth0's import format has it. */
  static final Shape CUSTOM_HASH =
      Shape.fields()
          .withRequired("algorithm", Shape.word("argon2", "bcrypt", "pbkdf2"))
          .withRequired(
              "hash",
              Shape.fields().withRequired("value", HASH).with("encoding", Shape.word("utf8")));

  private static final Shape CONNECTION = Shape.text(1, 128);

  private static final Shape NEW =
      Shape.fields()
          .withRequired("connection", CONNECTION)
          .with("email", Shape.text(3, Identifier.LONGEST, Format.EMAIL))
          .with("username", Shape.text(1, 128, Format.USERNAME))
          .with("phone_number", Shape.text(8, 16, Format.PHONE))
          .with("name", Shape.text(1, 300))
          .with("email_verified", Shape.flag())
          .with("blocked", Shape.flag())
          .with("password", PASSWORD)
          .with("password_hash", HASH)
          .with("custom_password_hash", CUSTOM_HASH)
          .with("user_metadata", METADATA)
          .with("app_metadata", METADATA);

  private static final Shape CHANGE =
      Shape.fields()
          .with("connection", CONNECTION)
          .with("email", Shape.text(3, Identifier.LONGEST, Format.EMAIL).orNull())
          .with("username", Shape.text(1, 128, Format.USERNAME).orNull())
          .with("phone_number", Shape.text(7, 16, Format.PHONE).orNull())
          .with("name", Shape.text(1, 300))
          .with("email_verified", Shape.flag())
          .with("blocked", Shape.flag())
          .with("password", PASSWORD)
          .with("user_metadata", METADATA)
          .with("app_metadata", METADATA);

  private static final Map<String, Shape> NARROWING =
      Map.of("fields", Shape.text(0, 500), "include_fields", Shape.flag());

  /** What stands behind a checkpoint. */
  private static final Pattern PLACE = Pattern.compile("([0-9]{1,15}) (.{1,128})");

  private final Database database;
  private final Tenants tenants;
  private final People people;
  private final IdentitySchemas schemas;
  private final Passwords passwords;
  private final PasswordHasher hasher;
  private final Policies policies;
  private final EndAccess endAccess;
  private final CodeSets codeSets;
  private final Audit audit;
  private final Notices notices;

  public Users(
      Database database,
      Tenants tenants,
      People people,
      IdentitySchemas schemas,
      Passwords passwords,
      PasswordHasher hasher,
      Policies policies,
      EndAccess endAccess,
      CodeSets codeSets,
      Audit audit,
      Notices notices) {
    this.database = database;
    this.tenants = tenants;
    this.people = people;
    this.schemas = schemas;
    this.passwords = passwords;
    this.hasher = hasher;
    this.policies = policies;
    this.endAccess = endAccess;
    this.codeSets = codeSets;
    this.audit = audit;
    this.notices = notices;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(Paths.USERS, "read:users", this::list)
            .does("Lists people, or finds some")
            .answers(200, Shape.page("users", PersonShown.SHAPE))
            .query(Paging.QUERY)
            .query(Checkpoint.QUERY)
            .query(NARROWING)
            .query("q", Shape.text(0, 500))
            .query("search_engine", Shape.word("v2", "v3"))
            .query("sort", Shape.word("created_at:1", "created_at:-1")),
        Endpoint.post(Paths.USERS, "create:users", NEW, this::create)
            .does("Adds a person")
            .answers(201, PersonShown.SHAPE),
        Endpoint.get(Paths.USER, "read:users", this::show)
            .does("Shows a person")
            .query(NARROWING)
            .answers(200, PersonShown.SHAPE),
        Endpoint.patch(Paths.USER, "update:users", CHANGE, this::change)
            .does("Changes a person; metadata is merged at the first level")
            .answers(200, PersonShown.SHAPE),
        Endpoint.delete(Paths.USER, "delete:users", this::remove)
            .does("Deletes a person with everything that is theirs")
            .answersNothing(),
        Endpoint.get("/users-by-email", "read:users", this::byEmail)
            .does("Finds people by their address")
            .answers(200, new Shape.ListOf(PersonShown.SHAPE, 100))
            .query("email", Shape.text(1, Identifier.LONGEST))
            .query(NARROWING));
  }

  // Reading

  private Reply list(Call call) {
    var checkpoint = Checkpoint.of(call);
    var search = call.queryText("q").filter(q -> !q.isBlank());
    if (search.isPresent()) {
      return checkpoint.isPresent()
          ? badQuery("Goes without q: a search finds one person at most", "from").reply()
          : search(call, Paging.of(call), search.get());
    }
    return checkpoint.map(it -> onwards(call, it)).orElseGet(() -> page(call, Paging.of(call)));
  }

  private Reply page(Call call, Paging paging) {
    boolean newestFirst = call.queryText("sort").filter("created_at:-1"::equals).isPresent();
    return database.read(tx -> {
      if (paging.isBeyondReach()) {
        return people.count(tx, call.tenant(), Paging.REACH + 1) > Paging.REACH
            ? Paging.tooFar().reply()
            : paging.answer(
                "users", List.of(), () -> people.count(tx, call.tenant(), Paging.REACH));
      }
      var page =
          newestFirst
              ? people.newest(tx, call.tenant(), paging.offset(), paging.limit())
              : people.page(tx, call.tenant(), paging.offset(), paging.limit());
      return paging.answer(
          "users",
          page.stream().map(it -> call.narrowed(PersonShown.of(it))).toList(),
          () -> people.count(tx, call.tenant(), Paging.REACH));
    });
  }

  /** From a checkpoint on, oldest first. Its key is when the last one joined, and their id. */
  private Reply onwards(Call call, Checkpoint checkpoint) {
    var key = PLACE.matcher(checkpoint.after());
    if (!checkpoint.after().isEmpty() && !key.matches()) {
      return badQuery("Send the next of the page before, as it was given", "from").reply();
    }
    boolean first = checkpoint.after().isEmpty();
    var at = new Moment(first ? 0 : Long.parseLong(key.group(1)));
    var id = first ? "" : key.group(2);
    var found = database.read(tx -> people.after(tx, call.tenant(), at, id, checkpoint.take() + 1));
    return checkpoint.answer(
        "users",
        found,
        it -> it.createdAt().millis() + " " + it.id().value(),
        it -> call.narrowed(PersonShown.of(it)));
  }

  private Reply search(Call call, Paging paging, String q) {
    return switch (PeopleQuery.parse(q)) {
      case PeopleQuery.Parsed.NotUnderstood(var why) -> badQuery(why, "q").reply();
      case PeopleQuery.Parsed.Understood(var query) ->
          database.read(tx -> {
            var found =
                switch (query.by()) {
                  case USER_ID ->
                      query.wanted().length() > 128
                          ? Optional.<Person>empty()
                          : people.find(tx, call.tenant(), new UserId(query.wanted()));
                  case EMAIL -> named(tx, call, query.wanted(), Identifier.Kind.EMAIL);
                  case USERNAME -> named(tx, call, query.wanted(), Identifier.Kind.USERNAME);
                };
            var all =
                found.stream()
                    .filter(query::matches)
                    .map(it -> call.narrowed(PersonShown.of(it)))
                    .toList();
            return paging.answer("users", paging.cut(all), all::size);
          });
    };
  }

  private static ApiError badQuery(String what, String parameter) {
    return ApiError.query(new Shape.Violation(what, parameter).sentence("Query"));
  }

  private Optional<Person> named(Tx tx, Call call, String name, Identifier.Kind kind) {
    var identifier = Identifier.of(name);
    return identifier.kind() == kind
        ? people.find(tx, call.tenant(), identifier)
        : Optional.empty();
  }

  private Reply byEmail(Call call) {
    var email = call.queryText("email");
    if (email.isEmpty()) {
      return ApiError.query(
              new Shape.Violation("Missing required property: email", "email").sentence("Query"))
          .reply();
    }
    return database.read(tx ->
        Reply.json(
            Paging.array(
                named(tx, call, email.get(), Identifier.Kind.EMAIL).stream()
                    .map(it -> call.narrowed(PersonShown.of(it)))
                    .toList())));
  }

  private Reply show(Call call) {
    return database
        .read(tx -> people.find(tx, call.tenant(), new UserId(call.parameter("id"))))
        .map(it -> Reply.json(call.narrowed(PersonShown.of(it))))
        .orElseGet(ApiError.NO_SUCH_USER::reply);
  }

  // Creating

  private Reply create(Call call) {
    var refused =
        wrongConnection(call)
            .or(() -> unfitNewcomer(call))
            .or(() -> unfitMetadata(call))
            .or(() -> unfitPassword(call, about(call)));
    if (refused.isPresent()) {
      return refused.get().reply();
    }
    var hash = hash(call);
    if (hash.isPresent() && !hasher.understands(hash.get().reveal())) {
      return ApiError.body(
              new Shape.Violation(
                      "Not a hash of Argon2id, bcrypt or PBKDF2 in its usual text form",
                      "password_hash")
                  .sentence("Payload"))
          .reply();
    }
    var app = metadata(Map.of(), call.field("app_metadata"));
    var newcomer =
        new People.Newcomer(
            null,
            call.text("username"),
            call.text("email"),
            call.flag("email_verified", false),
            call.text("phone_number"),
            call.text("name"),
            names(call, PersonShown.GROUPS, Set.of()),
            names(call, PersonShown.ROLES, Set.of()),
            metadata(Map.of(), call.field("user_metadata")),
            app);
    var misfit = misfit(call, traits(newcomer));
    if (misfit.isPresent()) {
      return misfit.get().reply();
    }
    try {
      return Reply.json(201, PersonShown.of(database.write(tx -> add(tx, call, newcomer, hash))));
    } catch (StorageException.Duplicate e) {
      return taken("The user already exists.");
    }
  }

  private static IdentitySchema.Traits traits(People.Newcomer it) {
    return IdentitySchema.Traits.of(
        it.username(), it.email(), it.phone(), it.name(), it.userMetadata());
  }

  /** What of a person does not fit the tenant's identity schema. */
  private Optional<ApiError> misfit(Call call, IdentitySchema.Traits traits) {
    return database.read(tx -> schemas.current(tx, call.tenant())).misfits(traits).stream()
        .findFirst()
        .flatMap(it ->
            wrong(
                "The identity schema says: " + it.why(),
                it.trait().equals("phone") ? "phone_number" : it.trait()));
  }

  private Person add(Tx tx, Call call, People.Newcomer newcomer, Optional<Secret> hash) {
    var now = call.occasion().at();
    var person = people.add(tx, call.tenant(), newcomer, now);
    if (call.flag("blocked", false)) {
      people.save(tx, call.tenant(), blocked(person), now);
    }
    hash.ifPresent(it -> passwords.set(tx, call.tenant(), person.id(), it, now));
    audit.record(
        tx,
        call.tenant(),
        AuditEvent.success(AuditType.USER_CREATED, call.occasion())
            .by(call.actor(), person.id())
            .with("connection", person.connection()));
    return people.find(tx, call.tenant(), person.id()).orElseThrow();
  }

  private static Optional<ApiError> wrongConnection(Call call) {
    var connection = call.text("connection");
    return connection == null || connection.equals(Person.PASSWORD_CONNECTION)
        ? Optional.empty()
        : Optional.of(new ApiError(400, "inexistent_connection", "The connection does not exist."));
  }

  private static Optional<ApiError> unfitNewcomer(Call call) {
    if (call.text("email") == null && call.text("username") == null) {
      return wrong("Missing required property: email or username", "email");
    }
    if (call.field("phone_number") != null && isMask(call.text("phone_number"))) {
      return wrong("Object didn't pass validation for format phone", "phone_number");
    }
    long passwords =
        Stream.of("password", "password_hash", "custom_password_hash")
            .filter(name -> call.field(name) != null)
            .count();
    return passwords > 1
        ? wrong("Send one of password, password_hash, custom_password_hash", "password")
        : Optional.empty();
  }

  /** The hash of the password that was sent, or the hash that was; slow by intent, so outside any transaction. */
  private Optional<Secret> hash(Call call) {
    var password = call.text("password");
    if (password != null) {
      return Optional.of(passwords.hash(Secret.of(password)));
    }
    var custom = call.body().path("custom_password_hash").path("hash").path("value");
    return Optional.ofNullable(
            custom.isString() ? custom.stringValue() : call.text("password_hash"))
        .map(Secret::of);
  }

  // Changing

  private Reply change(Call call) {
    var id = new UserId(call.parameter("id"));
    var before = database.read(tx -> people.find(tx, call.tenant(), id));
    if (before.isEmpty()) {
      return wrongConnection(call)
          .or(() -> unfitMetadata(call))
          .orElse(ApiError.NO_SUCH_USER)
          .reply();
    }
    var refused =
        wrongConnection(call)
            .or(() -> unfitChange(call, before.get()))
            .or(() -> unfitMetadata(call))
            .or(() -> unfitPassword(call, about(call, before.get())))
            .or(() -> misfit(call, IdentitySchema.Traits.of(changed(call, before.get()))));
    if (refused.isPresent()) {
      return refused.get().reply();
    }
    var hash = hash(call);
    try {
      return database.write(tx ->
          people
              .find(tx, call.tenant(), id)
              .map(now -> change(tx, call, now, hash))
              .orElseGet(ApiError.NO_SUCH_USER::reply));
    } catch (StorageException.Duplicate e) {
      return taken("The specified new email or username already exists.");
    }
  }

  private Reply change(Tx tx, Call call, Person before, Optional<Secret> hash) {
    var tenant = call.tenant();
    var now = call.occasion().at();
    var after = changed(call, before);
    boolean differs =
        !PersonShown.of(after).equals(PersonShown.of(before))
            || !Objects.equals(after.phone(), before.phone());
    if (differs) {
      if (!people.save(tx, tenant, after, now)) {
        throw StorageException.overtaken("user");
      }
      audit.record(
          tx,
          tenant,
          AuditEvent.success(AuditType.USER_CHANGED, call.occasion())
              .by(call.actor(), before.id())
              .with("changed", String.join(", ", new TreeSet<>(sent(call))))
              .with("blocked", String.valueOf(after.blocked())));
    }
    if (hash.isPresent()) {
      passwords.set(tx, tenant, before.id(), hash.get(), now);
      audit.record(
          tx,
          tenant,
          AuditEvent.success(AuditType.PASSWORD_CHANGED, call.occasion())
              .by(call.actor(), before.id()));
      notices.tell(tx, tenant, before.id(), new Notice.PasswordChanged(), call.occasion());
    }
    if (hash.isPresent() || (after.blocked() && !before.blocked())) {
      endAccess.everywhere(tx, tenant, before.id(), now);
    }
    return Reply.json(PersonShown.of(people.find(tx, tenant, before.id()).orElseThrow()));
  }

  private static List<String> sent(Call call) {
    return call.body().propertyNames().stream()
        .filter(name -> !name.equals("password") && !name.equals("connection"))
        .toList();
  }

  /** The person with what was sent in place of what was; an address that is new is not verified unless the caller says so. */
  private static Person changed(Call call, Person it) {
    var email = sentOr(call, "email", it.email());
    boolean sameEmail =
        email != null
            && it.email() != null
            && Identifier.of(email).equals(Identifier.of(it.email()));
    var phone = sentOr(call, "phone_number", it.phone());
    var name = call.text("name");
    return new Person(
        it.id(),
        sentOr(call, "username", it.username()),
        email,
        call.flag("email_verified", sameEmail && it.emailVerified()),
        isMask(phone) ? it.phone() : phone,
        name == null ? it.name() : name,
        names(call, PersonShown.GROUPS, it.groups()),
        names(call, PersonShown.ROLES, it.roles()),
        call.flag("blocked", it.blocked()),
        it.connection(),
        metadata(it.userMetadata(), call.field("user_metadata")),
        metadata(it.appMetadata(), call.field("app_metadata")),
        it.createdAt(),
        it.updatedAt(),
        it.version());
  }

  private static @Nullable String sentOr(Call call, String name, @Nullable String before) {
    return call.field(name) == null ? before : call.text(name);
  }

  private static Optional<ApiError> unfitChange(Call call, Person before) {
    if (sentOr(call, "email", before.email()) == null
        && sentOr(call, "username", before.username()) == null) {
      return wrong("A user must keep an email or a username", "email");
    }
    var phone = call.text("phone_number");
    var known = before.phone();
    boolean strangeMask =
        isMask(phone) && (known == null || !PersonShown.masked(known).equals(phone));
    return strangeMask
        ? wrong("Object didn't pass validation for format phone", "phone_number")
        : Optional.empty();
  }

  /** The form in which a number is shown; sent back, it leaves the number as it is. */
  private static boolean isMask(@Nullable String phone) {
    return phone != null && phone.startsWith("X");
  }

  private static Person blocked(Person it) {
    return new Person(
        it.id(),
        it.username(),
        it.email(),
        it.emailVerified(),
        it.phone(),
        it.name(),
        it.groups(),
        it.roles(),
        true,
        it.connection(),
        it.userMetadata(),
        it.appMetadata(),
        it.createdAt(),
        it.updatedAt(),
        it.version());
  }

  // Removing

  private Reply remove(Call call) {
    var id = new UserId(call.parameter("id"));
    var now = call.occasion().at();
    database.run(tx -> {
      codeSets.discard(tx, call.tenant(), id, now);
      if (people.remove(tx, call.tenant(), id)) {
        endAccess.everywhere(tx, call.tenant(), id, now);
        audit.record(
            tx,
            call.tenant(),
            AuditEvent.success(AuditType.USER_DELETED, call.occasion()).by(call.actor(), id));
      }
    });
    return Reply.empty(204);
  }

  // Metadata

  /** Merged at the first level; null takes a field out. Groups and roles are not kept twice. */
  private static Map<String, Object> metadata(Map<String, Object> before, @Nullable JsonNode sent) {
    Map<String, Object> merged = new LinkedHashMap<>(before);
    if (sent != null) {
      for (var property : sent.properties()) {
        if (property.getValue().isNull()) {
          merged.remove(property.getKey());
        } else {
          merged.put(property.getKey(), property.getValue());
        }
      }
    }
    merged.remove(PersonShown.GROUPS);
    merged.remove(PersonShown.ROLES);
    return merged;
  }

  private static Set<String> names(Call call, String name, Set<String> before) {
    var sent = call.body().path("app_metadata").get(name);
    if (sent == null) {
      return before;
    }
    return sent.isNull() ? Set.of() : new HashSet<>(Call.texts(sent));
  }

  private static Optional<ApiError> unfitMetadata(Call call) {
    for (var name : List.of(PersonShown.GROUPS, PersonShown.ROLES)) {
      var sent = call.body().path("app_metadata").get(name);
      var wrong = sent == null ? Optional.<Shape.Violation>empty() : NAMES.orNull().check(sent);
      if (wrong.isPresent()) {
        return wrong(wrong.get().what(), "app_metadata." + name + wrong.get().path());
      }
    }
    return Optional.empty();
  }

  // Passwords

  private Optional<ApiError> unfitPassword(Call call, List<String> about) {
    var password = call.text("password");
    if (password == null) {
      return Optional.empty();
    }
    boolean secondAlways =
        database.read(tx -> policies.current(tx, call.tenant())).mode() == Mode.REQUIRED;
    var rules = secondAlways ? PasswordRules.WITH_SECOND_FACTOR : PasswordRules.ALONE;
    return switch (rules.judge(Secret.of(password), about(call, about))) {
      case PasswordRuling.Acceptable _ -> Optional.empty();
      case PasswordRuling.Refused(var why) ->
          Optional.of(ApiError.body("PasswordStrengthError: " + inWords(why, rules)));
    };
  }

  private List<String> about(Call call, List<String> names) {
    return Stream.concat(names.stream(), Stream.of(tenants.get(call.tenant()).displayName()))
        .toList();
  }

  private static List<String> about(Call call) {
    return Stream.of("username", "email", "name")
        .map(call::text)
        .filter(Objects::nonNull)
        .map(String::valueOf)
        .toList();
  }

  private static List<String> about(Call call, Person person) {
    var known =
        Stream.of(person.username(), person.email(), person.name())
            .filter(Objects::nonNull)
            .map(String::valueOf);
    return Stream.concat(about(call).stream(), known).toList();
  }

  private static String inWords(PasswordRuling.Reason why, PasswordRules rules) {
    return switch (why) {
      case TOO_SHORT -> "The password must have at least " + rules.minimum() + " characters.";
      case TOO_LONG -> "The password must have at most " + PasswordRules.MAXIMUM + " characters.";
      case UNUSABLE_CHARACTER -> "The password holds a character that cannot be typed.";
      case COMMON -> "The password is among those that attackers try first.";
      case ABOUT_YOU -> "The password is too close to the person's name or the tenant's.";
      case PATTERN -> "The password is a pattern of keys.";
    };
  }

  private static Optional<ApiError> wrong(String what, String path) {
    return Optional.of(ApiError.body(new Shape.Violation(what, path).sentence("Payload")));
  }

  private static Reply taken(String message) {
    return new ApiError(409, "auth0_idp_error", message).reply();
  }
}
