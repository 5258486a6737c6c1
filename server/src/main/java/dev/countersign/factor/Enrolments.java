package dev.countersign.factor;

import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Place;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who has which factor. Documents are sealed at rest, bound to their row. Thread-safe. */
public final class Enrolments {
  private final Sealer sealer;
  private final Entropy entropy;
  private final EnrolmentStore store = new EnrolmentStore();

  public Enrolments(Sealer sealer, Entropy entropy) {
    this.sealer = sealer;
    this.entropy = entropy;
  }

  /** All but the removed ones, oldest first. */
  public List<Enrolment> of(Tx tx, TenantId tenant, UserId user) {
    return tx.once(
        new Living(tenant, user),
        () -> store.of(tx, tenant, user).stream().map(row -> opened(tenant, row)).toList());
  }

  private record Living(TenantId tenant, UserId user) {}

  /** The same of everybody, in one reading. */
  public Map<UserId, List<Enrolment>> ofEverybody(Tx tx, TenantId tenant) {
    return store.all(tx, tenant).stream()
        .map(row -> opened(tenant, row))
        .collect(Collectors.groupingBy(Enrolment::user));
  }

  /** Those of one factor that answers can be given with. */
  public List<Enrolment> active(Tx tx, TenantId tenant, UserId user, FactorId factor) {
    return of(tx, tenant, user).stream()
        .filter(it -> it.isActive() && it.factor().equals(factor))
        .toList();
  }

  /** All that there ever were, with empty documents where they were removed (SP 800-63B-4 section 4.1). */
  public List<Enrolment> history(Tx tx, TenantId tenant, UserId user) {
    return store.history(tx, tenant, user).stream().map(row -> opened(tenant, row)).toList();
  }

  /** One of this person's, in whatever state. */
  public Optional<Enrolment> find(Tx tx, TenantId tenant, UserId user, EnrolmentId id) {
    return store.find(tx, tenant, user, id).map(row -> opened(tenant, row));
  }

  /** One by its id alone, for a device that says which it is; whoever asks has to see that it is. */
  public Optional<Enrolment> find(Tx tx, TenantId tenant, EnrolmentId id) {
    return store.find(tx, tenant, id).map(row -> opened(tenant, row));
  }

  /** The one of this tenant that was registered under this handle. */
  public Optional<Enrolment> registeredAs(Tx tx, TenantId tenant, String handle) {
    return store.registeredAs(tx, tenant, handle).map(row -> opened(tenant, row));
  }

  /** Keeps a set-up that was begun. */
  public EnrolmentId begin(
      Tx tx,
      TenantId tenant,
      UserId user,
      FactorId factor,
      String name,
      Secret document,
      Moment now) {
    return insert(tx, tenant, user, factor, name, document, Enrolment.State.PENDING, now);
  }

  /** Adds one that needs no confirmation: issued codes, or what an admin or an import brings. */
  public EnrolmentId add(
      Tx tx,
      TenantId tenant,
      UserId user,
      FactorId factor,
      String name,
      Secret document,
      Moment now) {
    return insert(tx, tenant, user, factor, name, document, Enrolment.State.ACTIVE, now);
  }

  private EnrolmentId insert(
      Tx tx,
      TenantId tenant,
      UserId user,
      FactorId factor,
      String name,
      Secret document,
      Enrolment.State state,
      Moment now) {
    var id = EnrolmentId.fresh(entropy);
    store.insert(
        tx,
        tenant,
        new EnrolmentStore.Stored(
            id,
            user,
            factor,
            name,
            state,
            seal(tenant, id, document),
            -1,
            now,
            state == Enrolment.State.ACTIVE ? now : null,
            null,
            null));
    return id;
  }

  /** Whether this call confirmed it; another may have been quicker. */
  public boolean confirm(
      Tx tx, TenantId tenant, EnrolmentId id, Secret document, String name, Moment now) {
    return store.confirm(tx, tenant, id, seal(tenant, id, document), name, now);
  }

  /** Keeps what a factor knows of an active one from now on. */
  public void keep(Tx tx, TenantId tenant, EnrolmentId id, Secret document) {
    store.keep(tx, tenant, id, seal(tenant, id, document));
  }

  /** Ends everything up to this counter without proving anything; false when it stands there or beyond. */
  public boolean advance(Tx tx, TenantId tenant, EnrolmentId id, long mark) {
    return store.advance(tx, tenant, id, mark);
  }

  /** What made it this one thing may be registered again. */
  public boolean remove(Tx tx, TenantId tenant, EnrolmentId id, Moment now) {
    store.free(tx, tenant, id);
    return store.remove(tx, tenant, id, now);
  }

  /** Removes everybody's of a factor that is given up; returns how many people had one. */
  public int removeAll(Tx tx, TenantId tenant, FactorId factor, Moment now) {
    return store.removeAll(tx, tenant, factor, now);
  }

  /** Whether any of these is registered already, by whomever. */
  public boolean isTaken(Tx tx, Collection<String> handles) {
    return handles.stream().anyMatch(handle -> store.isTaken(tx, handle));
  }

  /** Takes them for this one; whoever is overtaken by another tries again and sees it. */
  public void take(Tx tx, TenantId tenant, EnrolmentId id, Collection<String> handles) {
    for (var handle : handles) {
      try {
        if (!store.take(tx, tenant, id, handle)) {
          throw StorageException.overtaken("registering a credential");
        }
      } catch (StorageException.Duplicate _) {
        throw StorageException.overtaken("registering a credential");
      }
    }
  }

  public boolean disable(Tx tx, TenantId tenant, EnrolmentId id) {
    return store.disable(tx, tenant, id);
  }

  public boolean rename(Tx tx, TenantId tenant, UserId user, EnrolmentId id, String name) {
    return store.rename(tx, tenant, user, id, name);
  }

  /** Forgets a set-up that was not confirmed. */
  public void drop(Tx tx, TenantId tenant, EnrolmentId id) {
    store.drop(tx, tenant, id);
  }

  /** Forgets set-ups of this factor that were begun before that time and never confirmed. */
  public void dropPending(
      Tx tx, TenantId tenant, UserId user, FactorId factor, Moment begunBefore) {
    store.dropPending(tx, tenant, user, factor, begunBefore);
  }

  /** How many people would have no factor left if only {@code kept} counted. */
  public int peopleWithOnly(
      Tx tx, TenantId tenant, Collection<FactorId> lost, Collection<FactorId> kept) {
    return lost.isEmpty()
        ? 0
        : store.peopleWithOnly(tx, tenant, List.copyOf(lost), List.copyOf(kept));
  }

  /** A few of them. */
  public List<UserId> somePeopleWithOnly(
      Tx tx, TenantId tenant, Collection<FactorId> lost, Collection<FactorId> kept, int most) {
    return lost.isEmpty()
        ? List.of()
        : store.somePeopleWithOnly(tx, tenant, List.copyOf(lost), List.copyOf(kept), most);
  }

  /**
   * How many of a factor a person has.
   *
   * @param disabled how many were closed after too many wrong answers
   */
  public record Counted(UserId user, FactorId factor, int active, int disabled) {}

  /** The same of several people at once, without opening anything. */
  public List<Counted> counted(Tx tx, TenantId tenant, Collection<UserId> users) {
    return users.isEmpty() ? List.of() : store.counted(tx, tenant, List.copyOf(users));
  }

  private Sealed seal(TenantId tenant, EnrolmentId id, Secret document) {
    return sealer.seal(place(tenant, id), document);
  }

  private Enrolment opened(TenantId tenant, EnrolmentStore.Stored row) {
    return new Enrolment(
        row.id(),
        row.user(),
        row.factor(),
        row.name(),
        row.state(),
        open(tenant, row.id(), row.document()),
        row.highWater(),
        row.createdAt(),
        Optional.ofNullable(row.confirmedAt()),
        Optional.ofNullable(row.lastUsedAt()));
  }

  private Secret open(TenantId tenant, EnrolmentId id, @Nullable Sealed document) {
    return document == null ? Secret.of("") : sealer.openSecret(place(tenant, id), document);
  }

  private static Place place(TenantId tenant, EnrolmentId id) {
    return new Place(tenant, "enrolments", "document", id.value());
  }
}
