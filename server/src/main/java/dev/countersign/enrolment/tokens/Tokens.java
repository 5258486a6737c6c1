package dev.countersign.enrolment.tokens;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enrolment.AdminSetUp;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.hardware.HardwareToken;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Place;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a tenant: in the drawer, or with somebody. A token that is assigned becomes a factor of that person; when that
 * factor is gone, for whatever reason, the token is in the drawer again and its counter goes on from where it was. Seeds
 * are sealed at rest and shown to nobody. Within the caller's transaction; thread-safe.
 */
public final class Tokens {
  private final Sealer sealer;
  private final Enrolments enrolments;
  private final AdminSetUp setUp;
  private final Audit audit;
  private final TokenStore store = new TokenStore();

  public Tokens(Sealer sealer, Enrolments enrolments, AdminSetUp setUp, Audit audit) {
    this.sealer = sealer;
    this.enrolments = enrolments;
    this.setUp = setUp;
    this.audit = audit;
  }

  /**
   * A token as it may be shown.
   *
   * @param holder who has it; null when it is in the drawer
   */
  public record Shown(
      String serial,
      Token.Kind kind,
      String algorithm,
      int digits,
      int period,
      Moment importedAt,
      @Nullable UserId holder,
      @Nullable Moment assignedAt) {}

  /**
   * What came of an import.
   *
   * @param known serials that were there before and were left as they are
   */
  public record Imported(int added, List<String> known) {}

  /** What came of assigning one. */
  public sealed interface Assignment {
    record Assigned(Shown token) implements Assignment {}

    record NoSuchToken() implements Assignment {}

    record Taken() implements Assignment {}

    /** The person cannot have it. */
    record Refused(AdminSetUp.Outcome why) implements Assignment {}
  }

  /** What came of something done to a token that somebody has. */
  public enum Done {
    DONE,
    NO_SUCH_TOKEN,
    NOT_ASSIGNED,
    /** The two codes do not follow one another within reach. */
    NOT_IN_STEP
  }

  /** Adds those that are not there yet. */
  public Imported add(Tx tx, TenantId tenant, List<Token> tokens, String actor, Occasion occasion) {
    int added = 0;
    var known = new ArrayList<String>();
    for (var token : tokens) {
      if (store.find(tx, tenant, token.serial()).isPresent()) {
        known.add(token.serial());
        continue;
      }
      store.insert(
          tx,
          tenant,
          new TokenStore.Row(
              token.serial(),
              token.kind(),
              token.algorithm(),
              token.digits(),
              token.period(),
              sealer.seal(place(tenant, token.serial()), token.seed()),
              token.counter(),
              occasion.at(),
              null,
              null,
              null));
      added++;
    }
    audit.record(
        tx,
        tenant,
        AuditEvent.success(AuditType.TOKENS_IMPORTED, occasion)
            .by(actor, null)
            .with("added", String.valueOf(added))
            .with("known", String.valueOf(known.size())));
    return new Imported(added, List.copyOf(known));
  }

  public List<Shown> page(Tx tx, TenantId tenant, int from, int most) {
    return store.page(tx, tenant, from, most).stream().map(row -> shown(tx, tenant, row)).toList();
  }

  public int count(Tx tx, TenantId tenant) {
    return store.count(tx, tenant);
  }

  public Optional<Shown> find(Tx tx, TenantId tenant, String serial) {
    return store.find(tx, tenant, serial).map(row -> shown(tx, tenant, row));
  }

  /** Gives it to a person, who is told. */
  public Assignment assign(Tx tx, AdminSetUp.Act act, String serial) {
    var tenant = act.tenant();
    var found = store.find(tx, tenant, serial);
    if (found.isEmpty()) {
      return new Assignment.NoSuchToken();
    }
    var row = found.get();
    if (holding(tx, tenant, row).isPresent()) {
      return new Assignment.Taken();
    }
    long next = next(tx, tenant, row);
    var seed = sealer.openSecret(place(tenant, serial), row.seed());
    var brought =
        Map.of(
            "type", Secret.of(row.kind().name().toLowerCase(Locale.ROOT)),
            "seed", seed,
            "algorithm", Secret.of(row.algorithm().name()),
            "digits", Secret.of(String.valueOf(row.digits())),
            "period", Secret.of(String.valueOf(row.period())),
            "counter", Secret.of(String.valueOf(next)));
    return switch (setUp.bring(tx, act, HardwareToken.ID, brought, serial)) {
      case AdminSetUp.Outcome.Added(var enrolment) -> {
        if (!store.assign(
            tx,
            tenant,
            serial,
            row.enrolment(),
            act.user(),
            enrolment.id(),
            next,
            act.occasion().at())) {
          throw StorageException.overtaken("assigning a token");
        }
        yield new Assignment.Assigned(find(tx, tenant, serial).orElseThrow());
      }
      // By the same person, a moment ago.
      case AdminSetUp.Outcome.Taken _ -> new Assignment.Taken();
      case AdminSetUp.Outcome other -> new Assignment.Refused(other);
    };
  }

  /** Takes it from whoever has it, who is told. */
  public Done takeBack(Tx tx, TenantId tenant, String serial, String actor, Occasion occasion) {
    var found = store.find(tx, tenant, serial);
    if (found.isEmpty()) {
      return Done.NO_SUCH_TOKEN;
    }
    var row = found.get();
    var held = holding(tx, tenant, row);
    if (held.isEmpty()) {
      return Done.NOT_ASSIGNED;
    }
    setUp.remove(
        tx, new AdminSetUp.Act(tenant, held.get().user(), actor, occasion), held.get().id());
    store.release(tx, tenant, serial, next(tx, tenant, row));
    return Done.DONE;
  }

  /** Brings it back in step by two codes that it showed one after the other. */
  public Done resynchronise(
      Tx tx,
      TenantId tenant,
      String serial,
      Secret one,
      Secret two,
      String actor,
      Occasion occasion) {
    var found = store.find(tx, tenant, serial);
    if (found.isEmpty()) {
      return Done.NO_SUCH_TOKEN;
    }
    var held = holding(tx, tenant, found.get()).filter(Enrolment::isActive);
    if (held.isEmpty()) {
      return Done.NOT_ASSIGNED;
    }
    var enrolment = held.get();
    var back = HardwareToken.resynchronise(enrolment, one, two, occasion.at());
    boolean done =
        back.isPresent() && enrolments.advance(tx, tenant, enrolment.id(), back.get().mark());
    back.filter(_ -> done)
        .ifPresent(it -> enrolments.keep(tx, tenant, enrolment.id(), it.document()));
    var type = AuditType.TOKEN_RESYNCHRONISED;
    audit.record(
        tx,
        tenant,
        (done
                ? AuditEvent.success(type, occasion)
                : AuditEvent.failure(type, occasion, "codes_not_consecutive"))
            .by(actor, enrolment.user())
            .with("serial", serial)
            .with("enrolment", enrolment.id().value()));
    return done ? Done.DONE : Done.NOT_IN_STEP;
  }

  /** Forgets one that nobody has. */
  public Done forget(Tx tx, TenantId tenant, String serial, String actor, Occasion occasion) {
    var found = store.find(tx, tenant, serial);
    if (found.isEmpty()) {
      return Done.NO_SUCH_TOKEN;
    }
    if (holding(tx, tenant, found.get()).isPresent()) {
      return Done.NOT_ASSIGNED;
    }
    store.delete(tx, tenant, serial);
    audit.record(
        tx,
        tenant,
        AuditEvent.success(AuditType.TOKEN_FORGOTTEN, occasion)
            .by(actor, null)
            .with("serial", serial));
    return Done.DONE;
  }

  private Shown shown(Tx tx, TenantId tenant, TokenStore.Row row) {
    boolean held = holding(tx, tenant, row).isPresent();
    return new Shown(
        row.serial(),
        row.kind(),
        row.algorithm().name(),
        row.digits(),
        row.period(),
        row.importedAt(),
        held ? row.user() : null,
        held ? row.assignedAt() : null);
  }

  /** The factor that it is now, if it is one. */
  private Optional<Enrolment> holding(Tx tx, TenantId tenant, TokenStore.Row row) {
    return became(tx, tenant, row).filter(it -> it.state() != Enrolment.State.REMOVED);
  }

  private Optional<Enrolment> became(Tx tx, TenantId tenant, TokenStore.Row row) {
    return row.user() == null || row.enrolment() == null
        ? Optional.empty()
        : enrolments.find(tx, tenant, row.user(), row.enrolment());
  }

  /** What its counter stands at: nothing that was accepted of it ever counts again, whoever has it. */
  private long next(Tx tx, TenantId tenant, TokenStore.Row row) {
    return row.kind() == Token.Kind.TOTP
        ? 0
        : Math.max(
            row.firstCounter(), became(tx, tenant, row).map(it -> it.highWater() + 1).orElse(0L));
  }

  private static Place place(TenantId tenant, String serial) {
    return new Place(tenant, "hardware_tokens", "seed", serial);
  }
}
