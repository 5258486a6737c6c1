package dev.countersign.identity;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds and changes people, always within a transaction of the caller's. Thread-safe. */
public final class People {
  private final Entropy entropy;
  private final Roles roles;
  private final PeopleStore store = new PeopleStore();

  public People(Entropy entropy) {
    this.entropy = entropy;
    this.roles = new Roles(entropy);
  }

  /** The roles that people bear. */
  public Roles roles() {
    return roles;
  }

  /**
   * What is known of somebody new.
   *
   * @param id null to have one made
   */
  public record Newcomer(
      @Nullable UserId id,
      @Nullable String username,
      @Nullable String email,
      boolean emailVerified,
      @Nullable String phone,
      @Nullable String name,
      Set<String> groups,
      Set<String> roles,
      Map<String, Object> userMetadata,
      Map<String, Object> appMetadata) {

    public static Newcomer named(String username, @Nullable String email) {
      return new Newcomer(
          null, username, email, email != null, null, null, Set.of(), Set.of(), Map.of(), Map.of());
    }
  }

  /** Adds a person; a {@link StorageException.Duplicate} tells that a name is taken and ends the transaction. */
  public Person add(Tx tx, TenantId tenant, Newcomer newcomer, Moment moment) {
    var name = newcomer.name();
    if (name == null) {
      name = newcomer.username() != null ? newcomer.username() : newcomer.email();
    }
    var id = newcomer.id() == null ? UserId.fresh(entropy) : newcomer.id();
    var person =
        new Person(
            id,
            newcomer.username(),
            newcomer.email(),
            newcomer.emailVerified(),
            newcomer.phone(),
            name == null ? id.value() : name,
            newcomer.groups(),
            newcomer.roles(),
            false,
            Person.PASSWORD_CONNECTION,
            newcomer.userMetadata(),
            newcomer.appMetadata(),
            moment,
            moment,
            1);
    store.insert(tx, tenant, person);
    roles.set(tx, tenant, person, true);
    return person;
  }

  public Optional<Person> find(Tx tx, TenantId tenant, UserId id) {
    return tx.once(new Named(tenant, id), () -> store.find(tx, tenant, id));
  }

  private record Named(TenantId tenant, UserId id) {}

  public Optional<Person> find(Tx tx, TenantId tenant, Identifier identifier) {
    return identifier.isPlausible() ? store.find(tx, tenant, identifier) : Optional.empty();
  }

  /** Whose name it is, where no more of them is asked for. */
  public Optional<UserId> named(Tx tx, TenantId tenant, Identifier identifier) {
    return identifier.isPlausible() ? store.named(tx, tenant, identifier) : Optional.empty();
  }

  /**
   * Makes others who change this person, or hold them too, wait until this transaction ends: for what must not happen twice at
   * once, or not while they are being blocked.
   */
  public void hold(Tx tx, TenantId tenant, UserId id) {
    store.hold(tx, tenant, id);
  }

  public List<Person> page(Tx tx, TenantId tenant, int offset, int limit) {
    return store.page(tx, tenant, offset, limit);
  }

  /** Those that joined last, first. */
  public List<Person> newest(Tx tx, TenantId tenant, int offset, int limit) {
    return store.newest(tx, tenant, offset, limit);
  }

  /**
   * Those that joined after this one, oldest first.
   *
   * @param at when it joined; the beginning of time for the first of all
   * @param id its id; empty for the first of all
   */
  public List<Person> after(Tx tx, TenantId tenant, Moment at, String id, int limit) {
    return store.after(tx, tenant, at, id, limit);
  }

  public long count(Tx tx, TenantId tenant) {
    return store.count(tx, tenant, Integer.MAX_VALUE);
  }

  /** How many there are, counted up to {@code most}. */
  public long count(Tx tx, TenantId tenant, int most) {
    return store.count(tx, tenant, most);
  }

  /** Saves a changed person; false when somebody else changed it since it was read. */
  public boolean save(Tx tx, TenantId tenant, Person changed, Moment moment) {
    boolean saved = store.update(tx, tenant, changed, moment);
    if (saved) {
      roles.set(tx, tenant, changed, false);
    }
    return saved;
  }

  /** Removes a person and all that belongs to them; false when there was none. */
  public boolean remove(Tx tx, TenantId tenant, UserId id) {
    return store.delete(tx, tenant, id);
  }
}
