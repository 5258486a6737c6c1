package dev.countersign.loginsession;

import dev.countersign.enforcement.Because;
import dev.countersign.enforcement.Demand;
import dev.countersign.enforcement.Level;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.Transaction;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Digest;
import dev.countersign.storage.Mirror;
import dev.countersign.storage.Place;
import dev.countersign.storage.Query;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.Tx;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code sign_ins}. Proofs are not in it: they come from the ledger alone. A name that was typed is sealed, for people
 * type passwords into the wrong field.
 */
final class SignInStore {
  private final Sealer sealer;
  private final Mirror<Key, Optional<Stored>> rows = Mirror.of("sign_ins");

  private record Key(TenantId tenant, SignInId id) {}

  SignInStore(Sealer sealer) {
    this.sealer = sealer;
  }

  /** A row as stored. {@code earlierAndThis} names the sign-ins whose proofs the ledger has to bring. */
  record Stored(
      SignInId id,
      long version,
      String state,
      @Nullable UserId user,
      Digest browser,
      Document document,
      Moment createdAt,
      Moment expiresAt) {}

  /** What stands in the document column. */
  record Document(
      String application,
      String onward,
      Level level,
      @Nullable String acr,
      @Nullable Long firstProofAfter,
      @Nullable Long secondProofAfter,
      @Nullable String loginHint,
      @Nullable String locales,
      boolean interactive,
      @Nullable String session,
      List<String> earlier,
      boolean declined,
      @Nullable String settingUp,
      @Nullable Integer keysTried,
      @Nullable Boolean trusting,
      @Nullable Invited invited,
      @Nullable String named,
      @Nullable Owed owed,
      LoginSession.@Nullable Why why,
      @Nullable Boolean guarded,
      @Nullable String asked,
      @Nullable List<String> acts,
      SignIn.@Nullable Assessed assessed,
      @Nullable Transaction transaction,
      SignIn.@Nullable Recovering recovering) {}

  /** An invitation, flat. */
  record Invited(String ticket, String who, List<String> anyOf, boolean besideOthers) {
    static @Nullable Invited of(@Nullable Invitation it) {
      return it == null
          ? null
          : new Invited(it.ticket().text(), it.who().value(), names(it.anyOf()), it.besideOthers());
    }

    Invitation invitation() {
      return new Invitation(
          new Digest(ticket),
          new UserId(who),
          anyOf.stream().map(FactorId::new).toList(),
          besideOthers);
    }
  }

  /** A demand, flat. */
  record Owed(
      String what,
      List<String> anyOf,
      boolean optional,
      Because.Reason reason,
      List<String> rules,
      @Nullable List<String> signals,
      Because.@Nullable Leave leave) {
    static Owed of(String what, List<String> anyOf, boolean optional, Because because) {
      return new Owed(
          what,
          anyOf,
          optional,
          because.reason(),
          because.rules(),
          because.signals().isEmpty() ? null : because.signals(),
          because.leave());
    }

    Because because() {
      return new Because(reason, rules, Objects.requireNonNullElse(signals, List.of()), leave);
    }
  }

  void insert(Tx tx, SignIn it) {
    var document = document(it);
    var statement =
        tx.sql(
            "insert into sign_ins (tenant, id, version, state, user_id, browser, document, created_at, expires_at)"
                + " values (:tenant, :id, :version, :state, :user, :browser, :document, :created, :expires)");
    filled(statement, it, Json.brief(document))
        .set("created", it.createdAt())
        .set("expires", it.expiresAt())
        .update();
    rows.written(tx, key(it), Optional.of(stored(it, it.version(), document)));
  }

  private static final String MOVED =
      "update sign_ins set version = version + 1, state = :state, browser = :browser, document = :document";
  private static final String FROM = " where tenant = :tenant and id = :id and version = :version";

  /** The compare-and-set. An index is written whenever its column is named, so the person's is named only where it changes. */
  boolean update(Tx tx, SignIn it) {
    var document = document(it);
    var text = Json.brief(document);
    boolean moved =
        filled(tx.sql(MOVED + FROM + " and user_id is not distinct from :user"), it, text)
                .changedOne()
            || filled(tx.sql(MOVED + ", user_id = :user" + FROM), it, text).changedOne();
    if (moved) {
      rows.written(tx, key(it), Optional.of(stored(it, it.version() + 1, document)));
    }
    return moved;
  }

  private static Query filled(Query statement, SignIn it, String document) {
    return statement
        .set("tenant", it.tenant())
        .set("id", it.id())
        .set("version", it.version())
        .set("state", it.state().word())
        .set("user", it.who().orElse(null))
        .set("browser", it.browser())
        .set("document", document)
        .changing(key(it));
  }

  private static Key key(SignIn it) {
    return new Key(it.tenant(), it.id());
  }

  private static Stored stored(SignIn it, long version, Document document) {
    return new Stored(
        it.id(),
        version,
        it.state().word(),
        it.who().orElse(null),
        it.browser(),
        document,
        it.createdAt(),
        it.expiresAt());
  }

  Optional<Stored> find(Tx tx, TenantId tenant, SignInId id, boolean lock) {
    return rows.get(tx, new Key(tenant, id), () -> asked(tx, tenant, id, lock));
  }

  private static Optional<Stored> asked(Tx tx, TenantId tenant, SignInId id, boolean lock) {
    return tx.sql(
            "select id, version, state, user_id, browser, document, created_at, expires_at from sign_ins where tenant = :tenant and id = :id"
                + (lock ? " for update" : ""))
        .set("tenant", tenant)
        .set("id", id)
        .one(SignInStore::stored);
  }

  /** Those of a person that wait for a second proof. */
  List<SignInId> challenged(Tx tx, TenantId tenant, UserId user, Moment now) {
    return tx.sql(
            "select id from sign_ins where tenant = :tenant and user_id = :user and state = 'awaiting_mfa'"
                + " and expires_at > :now order by created_at desc, id desc fetch first 50 rows only")
        .set("tenant", tenant)
        .set("user", user)
        .set("now", now)
        .list(row -> new SignInId(row.text("id")));
  }

  int endUnfinished(Tx tx, TenantId tenant, UserId user) {
    return tx.sql(
            "update sign_ins set version = version + 1, state = 'expired' where tenant = :tenant and user_id = :user"
                + " and state not in ('completed', 'failed', 'expired')")
        .set("tenant", tenant)
        .set("user", user)
        .update();
  }

  int endUnfinishedBut(Tx tx, TenantId tenant, UserId user, SignInId kept) {
    return tx.sql(
            "update sign_ins set version = version + 1, state = 'expired' where tenant = :tenant and user_id = :user"
                + " and id <> :kept and state not in ('completed', 'failed', 'expired')")
        .set("tenant", tenant)
        .set("user", user)
        .set("kept", kept)
        .update();
  }

  int deleteExpired(Tx tx, TenantId tenant, Moment before, int most) {
    return tx.sql(
            "delete from sign_ins where tenant = :tenant and id in (select id from sign_ins where tenant = :tenant"
                + " and expires_at < :before order by expires_at fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("most", most)
        .update();
  }

  private static Stored stored(Query.Row row) {
    var user = row.textOrNull("user_id");
    return new Stored(
        new SignInId(row.text("id")),
        row.number("version"),
        row.text("state"),
        user == null ? null : new UserId(user),
        new Digest(row.text("browser")),
        Json.reread(row.text("document"), Document.class),
        row.moment("created_at"),
        row.moment("expires_at"));
  }

  /** The name that was typed in a sign-in that waits for the first proof. */
  Optional<String> claimed(TenantId tenant, Stored row) {
    var sealed = row.document().named();
    return sealed == null
        ? Optional.empty()
        : Optional.of(
            sealer
                .openSecret(
                    claimedOf(tenant, row.id()), new Sealed(Base64.getDecoder().decode(sealed)))
                .reveal());
  }

  private @Nullable String claimed(SignIn it) {
    return it.state() instanceof LoginSession.Pending(var claimed) && claimed.isPresent()
        ? Base64.getEncoder()
            .encodeToString(
                sealer.seal(claimedOf(it.tenant(), it.id()), Secret.of(claimed.get())).bytes())
        : null;
  }

  private static Place claimedOf(TenantId tenant, SignInId id) {
    return new Place(tenant, "sign_ins", "claimed", id.value());
  }

  private Document document(SignIn it) {
    var asked = it.asked();
    var notes = it.notes();
    var session = notes.session();
    var settingUp = notes.settingUp();
    return new Document(
        it.destination().application().value(),
        it.destination().onward(),
        asked.level(),
        asked.acr(),
        millis(asked.firstProofAfter()),
        millis(asked.secondProofAfter()),
        asked.loginHint(),
        asked.locales(),
        asked.interactive(),
        session == null ? null : session.value(),
        notes.earlier().stream().map(SignInId::value).toList(),
        notes.declined(),
        settingUp == null ? null : settingUp.value(),
        notes.keysTried() == 0 ? null : notes.keysTried(),
        notes.trusting() ? Boolean.TRUE : null,
        Invited.of(notes.invitation()),
        claimed(it),
        it.state() instanceof LoginSession.AwaitingMfa(var _, var demand, var because)
            ? owed(demand, because)
            : null,
        it.state() instanceof LoginSession.Ended(var why) ? why : null,
        asked.guarded() ? true : null,
        notes.asked() == null ? null : notes.asked().value(),
        asked.acts().isEmpty() ? null : asked.acts(),
        notes.assessed(),
        asked.transaction(),
        notes.recovering());
  }

  static SignIn.Asked asked(Document document) {
    return new SignIn.Asked(
        document.level(),
        document.acr(),
        moment(document.firstProofAfter()),
        moment(document.secondProofAfter()),
        document.loginHint(),
        document.locales(),
        document.interactive(),
        Objects.requireNonNullElse(document.guarded(), false),
        Objects.requireNonNullElse(document.acts(), List.of()),
        document.transaction());
  }

  static SignIn.Destination destination(Document document) {
    return new SignIn.Destination(new ClientId(document.application()), document.onward());
  }

  static boolean isDisowned(Document document) {
    return document.why() == LoginSession.Why.DISOWNED;
  }

  static SignIn.Notes notes(Document document) {
    return new SignIn.Notes(
        document.session() == null ? null : new SessionId(document.session()),
        document.earlier().stream().map(SignInId::new).toList(),
        document.declined(),
        document.settingUp() == null ? null : new EnrolmentId(document.settingUp()),
        Objects.requireNonNullElse(document.keysTried(), 0),
        document.asked() == null ? null : new FactorId(document.asked()),
        Objects.requireNonNullElse(document.trusting(), false),
        document.invited() == null ? null : document.invited().invitation(),
        document.assessed(),
        document.recovering());
  }

  private static Owed owed(Demand demand, Because because) {
    boolean optional = demand instanceof Demand.Enrol(var _, var mayDecline) && mayDecline;
    return Owed.of(optional ? "enrol" : demand.word(), names(demand.anyOf()), optional, because);
  }

  static Demand demand(Owed owed) {
    var anyOf = owed.anyOf().stream().map(FactorId::new).toList();
    return switch (owed.what()) {
      case "first_proof" -> new Demand.FirstProof();
      case "password" -> new Demand.Password();
      case "challenge" -> new Demand.Challenge(anyOf);
      case "enrol" -> new Demand.Enrol(anyOf, owed.optional());
      case "see_backup_codes" -> new Demand.SeeBackupCodes();
      default -> throw new IllegalStateException("no such demand: " + owed.what());
    };
  }

  private static List<String> names(List<FactorId> factors) {
    return factors.stream().map(FactorId::value).toList();
  }

  private static @Nullable Long millis(@Nullable Moment moment) {
    return moment == null ? null : moment.millis();
  }

  private static @Nullable Moment moment(@Nullable Long millis) {
    return millis == null ? null : new Moment(millis);
  }
}
