package dev.countersign.management.users;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enrolment.AdminSetUp;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Factors;
import dev.countersign.identity.Identifier;
import dev.countersign.identity.IdentitySchema;
import dev.countersign.identity.IdentitySchemas;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Shape;
import dev.countersign.signin.password.PasswordHasher;
import dev.countersign.signin.password.Passwords;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Brings in people from elsewhere, one at a time, each in the form of Auth0's imports: with the hash of their password and
 * with the factors that they have there. A person comes whole or not at all. Thread-safe.
 */
public final class UserImport {
  private static final Shape TEXT = Shape.text(0, 300);

  /** One person. */
  public static final Shape ITEM =
      Shape.fields()
          .with("email", Shape.text(3, Identifier.LONGEST, Format.EMAIL))
          .with("email_verified", Shape.flag())
          .with("user_id", Shape.text(1, 100))
          .with("username", Shape.text(1, 128, Format.USERNAME))
          .with("phone_number", Shape.text(8, 16, Format.PHONE))
          .with("name", Shape.text(1, 300))
          .with("given_name", TEXT)
          .with("family_name", TEXT)
          .with("nickname", TEXT)
          .with("picture", Shape.text(0, 2_000))
          .with("blocked", Shape.flag())
          .with("password_hash", Users.HASH)
          .with("custom_password_hash", Users.CUSTOM_HASH)
          .with("app_metadata", new Shape.Open(16_384))
          .with("user_metadata", new Shape.Open(16_384))
          .with(
              "mfa_factors",
              new Shape.ListOf(
                  Shape.fields()
                      .with(
                          "totp",
                          Shape.fields().withRequired("secret", Shape.text(1, 200, Format.BASE32)))
                      .with("phone", Shape.fields().withRequired("value", Shape.text(2, 30)))
                      .with(
                          "email",
                          Shape.fields()
                              .withRequired(
                                  "value", Shape.text(3, Identifier.LONGEST, Format.EMAIL))),
                  10));

  /** Traits that are Auth0's and not ours: kept among the user's metadata. */
  private static final List<String> KEPT_BESIDE =
      List.of("given_name", "family_name", "nickname", "picture");

  private static final Shape NAMES = new Shape.ListOf(Shape.text(1, 128), 200);

  private final People people;
  private final Passwords passwords;
  private final PasswordHasher hasher;
  private final IdentitySchemas schemas;
  private final Factors factors;
  private final AdminSetUp setUp;
  private final Audit audit;
  private final Entropy entropy;

  public UserImport(
      People people,
      Passwords passwords,
      PasswordHasher hasher,
      IdentitySchemas schemas,
      Factors factors,
      AdminSetUp setUp,
      Audit audit,
      Entropy entropy) {
    this.people = people;
    this.passwords = passwords;
    this.hasher = hasher;
    this.schemas = schemas;
    this.factors = factors;
    this.setUp = setUp;
    this.audit = audit;
    this.entropy = entropy;
  }

  /**
   * For whom and how.
   *
   * @param upsert whether people who are there already are changed rather than refused
   */
  public record Wish(TenantId tenant, boolean upsert, String actor, Occasion occasion) {}

  /** What is wrong with one, in Auth0's words. */
  public record Fault(String kind, String message, String path) {}

  /** What came of one. */
  public sealed interface Outcome {
    record Inserted(UserId user) implements Outcome {}

    record Updated(UserId user) implements Outcome {}

    /** There is somebody of that name already. */
    record There(UserId user) implements Outcome {}

    record Refused(Fault fault) implements Outcome {}
  }

  /** Takes one in. A {@link StorageException.Duplicate} tells that another was quicker; the next try will find them. */
  public Outcome take(Tx tx, Wish wish, JsonNode item) {
    var wrong = ITEM.check(item).or(() -> wrongNames(item));
    if (wrong.isPresent()) {
      return refused("INVALID_FORMAT", wrong.get().what(), wrong.get().path());
    }
    if (text(item, "email") == null && text(item, "username") == null) {
      return refused("OBJECT_REQUIRED", "Missing required property: email or username", "email");
    }
    if (item.has("password_hash") && item.has("custom_password_hash")) {
      return refused(
          "INVALID_FORMAT",
          "Send one of password_hash, custom_password_hash",
          "custom_password_hash");
    }
    var there = there(tx, wish.tenant(), item);
    if (there.size() > 1) {
      return refused("DUPLICATED_USER", "Its names belong to several users.", "email");
    }
    if (there.isEmpty()) {
      return insert(tx, wish, item);
    }
    return wish.upsert()
        ? update(tx, wish, there.iterator().next(), item)
        : new Outcome.There(there.iterator().next().id());
  }

  private static Outcome refused(String code, String message, String path) {
    return new Outcome.Refused(new Fault(code, message, path));
  }

  private static Optional<Shape.Violation> wrongNames(JsonNode item) {
    for (var name : List.of(PersonShown.GROUPS, PersonShown.ROLES)) {
      var sent = item.path("app_metadata").get(name);
      var wrong = sent == null ? Optional.<Shape.Violation>empty() : NAMES.check(sent);
      if (wrong.isPresent()) {
        return Optional.of(
            new Shape.Violation(wrong.get().what(), "app_metadata." + name + wrong.get().path()));
      }
    }
    return Optional.empty();
  }

  /** Everybody who goes by one of its names. */
  private Set<Person> there(Tx tx, TenantId tenant, JsonNode item) {
    Set<Person> found = new HashSet<>();
    id(item).flatMap(id -> people.find(tx, tenant, id)).ifPresent(found::add);
    Stream.of("email", "username")
        .flatMap(name -> Optional.ofNullable(text(item, name)).stream())
        .flatMap(name -> people.find(tx, tenant, Identifier.of(name)).stream())
        .forEach(found::add);
    return found;
  }

  private static Optional<UserId> id(JsonNode item) {
    return Optional.ofNullable(text(item, "user_id"))
        .map(id -> new UserId(id.startsWith("auth0|") ? id : "auth0|" + id));
  }

  private Outcome insert(Tx tx, Wish wish, JsonNode item) {
    var hash = hash(item);
    if (hash.isPresent() && !hasher.understands(hash.get().reveal())) {
      return refused(
          "INVALID_FORMAT",
          "Not a hash of Argon2id, bcrypt or PBKDF2 in its usual text form",
          item.has("password_hash") ? "password_hash" : "custom_password_hash");
    }
    var id = id(item).orElseGet(() -> UserId.fresh(entropy));
    var act = new AdminSetUp.Act(wish.tenant(), id, wish.actor(), wish.occasion());
    var brought = brought(wish.tenant(), item);
    for (int i = 0; i < brought.size(); i++) {
      var objection = setUp.objection(tx, act, brought.get(i));
      if (objection.isPresent()) {
        return refused("INVALID_FORMAT", inWords(objection.get()), "mfa_factors[" + i + "]");
      }
    }
    var newcomer =
        new People.Newcomer(
            id,
            text(item, "username"),
            text(item, "email"),
            item.path("email_verified").asBoolean(false),
            text(item, "phone_number"),
            name(item),
            names(item, PersonShown.GROUPS, Set.of()),
            names(item, PersonShown.ROLES, Set.of()),
            userMetadata(Map.of(), item),
            merged(Map.of(), item.get("app_metadata")));
    var misfit = misfit(tx, wish.tenant(), traits(newcomer));
    if (misfit.isPresent()) {
      return misfit.get();
    }
    var now = wish.occasion().at();
    var person = people.add(tx, wish.tenant(), newcomer, now);
    if (item.path("blocked").asBoolean(false)) {
      people.save(tx, wish.tenant(), blocked(person, true), now);
    }
    hash.ifPresent(it -> passwords.set(tx, wish.tenant(), id, it, now));
    brought.forEach(fresh -> setUp.takeAlong(tx, act, fresh));
    audit.record(
        tx,
        wish.tenant(),
        AuditEvent.success(AuditType.USER_CREATED, wish.occasion())
            .by(wish.actor(), id)
            .with("connection", person.connection())
            .with("by", "import"));
    return new Outcome.Inserted(id);
  }

  private static IdentitySchema.Traits traits(People.Newcomer it) {
    return IdentitySchema.Traits.of(
        it.username(), it.email(), it.phone(), it.name(), it.userMetadata());
  }

  private Optional<Outcome> misfit(Tx tx, TenantId tenant, IdentitySchema.Traits traits) {
    return schemas.current(tx, tenant).misfits(traits).stream()
        .findFirst()
        .map(it ->
            refused(
                "INVALID_FORMAT",
                "The identity schema says: " + it.why(),
                it.trait().equals("phone") ? "phone_number" : it.trait()));
  }

  /** What an import may change of somebody who is there: neither passwords nor factors. */
  private Outcome update(Tx tx, Wish wish, Person before, JsonNode item) {
    var name = name(item);
    var phone = text(item, "phone_number");
    var username = text(item, "username");
    var email = text(item, "email");
    var after =
        new Person(
            before.id(),
            username == null ? before.username() : username,
            email == null ? before.email() : email,
            item.has("email_verified")
                ? item.get("email_verified").asBoolean(false)
                : before.emailVerified(),
            phone == null ? before.phone() : phone,
            name == null ? before.name() : name,
            names(item, PersonShown.GROUPS, before.groups()),
            names(item, PersonShown.ROLES, before.roles()),
            before.blocked(),
            before.connection(),
            userMetadata(before.userMetadata(), item),
            merged(before.appMetadata(), item.get("app_metadata")),
            before.createdAt(),
            before.updatedAt(),
            before.version());
    var misfit = misfit(tx, wish.tenant(), IdentitySchema.Traits.of(after));
    if (misfit.isPresent()) {
      return misfit.get();
    }
    if (!people.save(tx, wish.tenant(), after, wish.occasion().at())) {
      throw StorageException.overtaken("user");
    }
    audit.record(
        tx,
        wish.tenant(),
        AuditEvent.success(AuditType.USER_CHANGED, wish.occasion())
            .by(wish.actor(), before.id())
            .with("changed", String.join(", ", item.propertyNames()))
            .with("by", "import"));
    return new Outcome.Updated(before.id());
  }

  private List<AdminSetUp.Fresh> brought(TenantId tenant, JsonNode item) {
    var all = new ArrayList<AdminSetUp.Fresh>();
    for (var each : item.path("mfa_factors")) {
      for (var kind : each.properties()) {
        var sent = kind.getValue();
        var fields =
            Map.of(
                "totp_secret", Secret.of(sent.path("secret").asString("")),
                "phone_number", Secret.of(sent.path("value").asString("")),
                "email", Secret.of(sent.path("value").asString("")));
        factors.of(tenant).profiles().stream()
            .filter(it -> it.methodType().equals(kind.getKey()))
            .map(FactorProfile::id)
            .findFirst()
            .ifPresent(id -> all.add(new AdminSetUp.Fresh(id, fields, "")));
      }
    }
    return all;
  }

  private static String inWords(AdminSetUp.Outcome why) {
    return switch (why) {
      case AdminSetUp.Outcome.Unfit(var _, var what) -> what;
      case AdminSetUp.Outcome.NotAllowed _ -> "This factor is off";
      case AdminSetUp.Outcome.Added _,
          AdminSetUp.Outcome.Impossible _,
          AdminSetUp.Outcome.Enough _,
          AdminSetUp.Outcome.Taken _ ->
          "This factor cannot be brought along";
    };
  }

  private static Optional<Secret> hash(JsonNode item) {
    var custom = item.path("custom_password_hash").path("hash").path("value");
    return Optional.ofNullable(
            custom.isString() ? custom.stringValue() : text(item, "password_hash"))
        .map(Secret::of);
  }

  private static @Nullable String name(JsonNode item) {
    var name = text(item, "name");
    if (name != null) {
      return name;
    }
    var both =
        (item.path("given_name").asString("") + " " + item.path("family_name").asString(""))
            .strip();
    return both.isEmpty() ? null : both;
  }

  private static @Nullable String text(JsonNode item, String name) {
    var value = item.get(name);
    return value == null ? null : value.stringValue();
  }

  private static Set<String> names(JsonNode item, String name, Set<String> before) {
    var sent = item.path("app_metadata").get(name);
    return sent == null ? before : new HashSet<>(Call.texts(sent));
  }

  private static Map<String, Object> userMetadata(Map<String, Object> before, JsonNode item) {
    Map<String, Object> all = new LinkedHashMap<>(merged(before, item.get("user_metadata")));
    for (var name : KEPT_BESIDE) {
      var value = text(item, name);
      if (value != null && !value.isEmpty()) {
        all.putIfAbsent(name, value);
      }
    }
    return all;
  }

  private static Map<String, Object> merged(Map<String, Object> before, @Nullable JsonNode sent) {
    Map<String, Object> all = new LinkedHashMap<>(before);
    if (sent != null) {
      for (var property : sent.properties()) {
        all.put(property.getKey(), property.getValue());
      }
    }
    all.remove(PersonShown.GROUPS);
    all.remove(PersonShown.ROLES);
    return all;
  }

  private static Person blocked(Person it, boolean blocked) {
    return new Person(
        it.id(),
        it.username(),
        it.email(),
        it.emailVerified(),
        it.phone(),
        it.name(),
        it.groups(),
        it.roles(),
        blocked,
        it.connection(),
        it.userMetadata(),
        it.appMetadata(),
        it.createdAt(),
        it.updatedAt(),
        it.version());
  }
}
