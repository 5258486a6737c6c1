package dev.countersign.risk.lists;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.risk.networks.Address;
import dev.countersign.risk.networks.Networks;
import dev.countersign.storage.Place;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.Tx;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The lists of addresses of all tenants, and the operator's. What a tenant's hold is kept in memory under the version of the
 * tenant's lists, which every change moves: a change, such as of a weight, counts from the next sign-in on, on every server.
 * What several tenants fetched alike is in memory once. Thread-safe.
 */
public final class Lists {
  /** Of one tenant. */
  public static final int MOST = 20;

  /** Lines of a list that is written down here. */
  public static final int MOST_OWN = 10_000;

  /** Lines of one that is fetched. */
  static final int MOST_FETCHED = 100_000;

  /** Ranges in memory, of all tenants: 32 MB of IPv4, four times as much of IPv6. */
  private static final long MOST_RANGES = 4_000_000;

  private final Sealer sealer;
  private final Entropy entropy;
  private final OperatorLists operators;
  private final int usualDays;
  private final InstantSource clock;
  final ListStore store = new ListStore();
  private final Cache<TenantId, Loaded> loaded =
      Caches.begin()
          .maximumWeight(MOST_RANGES)
          .expireAfterAccess(Duration.ofHours(6))
          .<TenantId, Loaded>weigher(
              (_, it) -> 1 + it.lists().stream().mapToInt(each -> each.networks().size()).sum())
          .build();
  private final Cache<String, Networks> byDigest = Caches.begin().weakValues().build();

  /** What a tenant's lists hold. */
  private record Loaded(long version, List<Held> lists) {}

  /**
   * A list as it is asked.
   *
   * @param fetched whether it comes from elsewhere, so that it says nothing of private networks
   * @param broken whether what it holds may be old
   */
  record Held(Listing listing, Networks networks, boolean fetched, boolean broken) {
    boolean names(Address address) {
      return !(fetched && address.isPrivate()) && networks.contain(address);
    }
  }

  /**
   * On which lists an address stands.
   *
   * @param broken names of those that could not be fetched, so that they may be old
   */
  public record Look(List<Listing> listings, List<String> broken) {}

  /**
   * All lists.
   *
   * @param usualDays what {@code risk_settings} has for a tenant that has set nothing
   * @param clock by which lists are fetched, whatever time it is in a tenant
   */
  public Lists(
      Sealer sealer, Entropy entropy, OperatorLists operators, int usualDays, InstantSource clock) {
    this.sealer = sealer;
    this.entropy = entropy;
    this.operators = operators;
    this.usualDays = usualDays;
    this.clock = clock;
  }

  /**
   * Looks an address up.
   *
   * @param version of the tenant's lists, as it was just read
   */
  public Look look(Tx tx, TenantId tenant, long version, Address address) {
    List<Listing> found = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    look(operators.held(), address, found, broken);
    if (version > 0) {
      look(held(tx, tenant, version), address, found, broken);
    }
    return new Look(List.copyOf(found), List.copyOf(broken));
  }

  private static void look(
      List<Held> lists, Address address, List<Listing> found, List<String> broken) {
    for (var list : lists) {
      if (list.names(address)) {
        found.add(list.listing());
      }
      if (list.broken()) {
        broken.add(list.listing().name());
      }
    }
  }

  private List<Held> held(Tx tx, TenantId tenant, long version) {
    var known = loaded.getIfPresent(tenant);
    if (known != null && known.version() == version) {
      return known.lists();
    }
    List<Held> lists = new ArrayList<>();
    for (var list : all(tx, tenant)) {
      if (list.standing().state() != AddressList.State.PAUSED) {
        lists.add(
            new Held(
                list.listing(),
                networks(tx, tenant, list),
                list.source().isFetched(),
                list.standing().state() == AddressList.State.ERROR));
      }
    }
    loaded.put(tenant, new Loaded(version, List.copyOf(lists)));
    return lists;
  }

  /** What a list holds. */
  public Networks networks(Tx tx, TenantId tenant, AddressList list) {
    var digest = list.standing().contentDigest();
    if (digest.isEmpty()) {
      return Networks.NONE;
    }
    var known = byDigest.getIfPresent(digest);
    if (known != null) {
      return known;
    }
    var content = store.content(tx, tenant, list.id());
    if (content.isEmpty()) {
      return Networks.NONE;
    }
    // It may have been fetched anew since the digest was read.
    return Objects.requireNonNull(
        byDigest.get(digest(content.get()), _ -> Networks.ofBytes(content.get())));
  }

  // Keeping them

  public List<AddressList> all(Tx tx, TenantId tenant) {
    return store.all(tx, tenant).stream().map(this::read).toList();
  }

  public Optional<AddressList> find(Tx tx, TenantId tenant, String id) {
    return store.find(tx, tenant, id).map(this::read);
  }

  /**
   * A new one under an id of its own; empty when the tenant has {@link #MOST} already.
   *
   * @param entries of one that is written down here
   */
  public Optional<AddressList> add(
      Tx tx, TenantId tenant, AddressList settings, Networks.Reading entries, Moment now) {
    if (store.all(tx, tenant).size() >= MOST) {
      return Optional.empty();
    }
    boolean fetched = settings.source().isFetched();
    var content = fetched ? new byte[0] : entries.networks().bytes();
    var standing =
        fetched
            ? AddressList.Standing.NEW
            : new AddressList.Standing(
                AddressList.State.ACTIVE, entries.entries(), 0, "", null, digest(content));
    var list =
        new AddressList(
            Ids.fresh("rsk_", entropy),
            settings.name(),
            settings.source(),
            settings.url(),
            settings.header(),
            settings.weight(),
            settings.anonymiser(),
            settings.cadence(),
            standing,
            now);
    store.insert(tx, tenant, list, sealed(tenant, list), content, atOnce());
    store.changed(tx, tenant, usualDays, now);
    return Optional.of(list);
  }

  /** Changed; one that is fetched is fetched at once, as if it were new, but what it holds stays until then. */
  public boolean change(
      Tx tx,
      TenantId tenant,
      AddressList list,
      boolean paused,
      Optional<Networks.Reading> entries,
      Moment now) {
    var state =
        paused
            ? AddressList.State.PAUSED
            : list.source().isFetched() ? AddressList.State.PENDING : AddressList.State.ACTIVE;
    boolean there = store.update(tx, tenant, list, sealed(tenant, list), state, atOnce());
    if (there) {
      entries.ifPresent(it -> {
        var content = it.networks().bytes();
        store.fill(tx, tenant, list.id(), content, digest(content), it.entries(), null);
      });
      store.changed(tx, tenant, usualDays, now);
    }
    return there;
  }

  /** Has a list fetched at the next opportunity. */
  public void fetchSoon(Tx tx, TenantId tenant, String id) {
    store.fetchAt(tx, tenant, id, atOnce());
  }

  private Moment atOnce() {
    return Moment.of(clock.instant());
  }

  public boolean remove(Tx tx, TenantId tenant, String id, Moment now) {
    boolean there = store.delete(tx, tenant, id);
    if (there) {
      store.changed(tx, tenant, usualDays, now);
    }
    return there;
  }

  void changed(Tx tx, TenantId tenant, Moment now) {
    store.changed(tx, tenant, usualDays, now);
  }

  AddressList read(ListStore.Row row) {
    return AddressList.read(
        row.id(),
        sealer.openSecret(place(row.tenant(), row.id()), row.document()),
        row.standing(),
        row.createdAt());
  }

  private Sealed sealed(TenantId tenant, AddressList list) {
    return sealer.seal(place(tenant, list.id()), list.document());
  }

  private static Place place(TenantId tenant, String id) {
    return new Place(tenant, "risk_lists", "document", id);
  }

  static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
