package dev.countersign.risk;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.RecentFailures;
import dev.countersign.risk.lists.Listing;
import dev.countersign.risk.lists.Lists;
import dev.countersign.risk.networks.Address;
import dev.countersign.risk.places.Place;
import dev.countersign.risk.places.Places;
import dev.countersign.storage.Digester;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notices what is noteworthy about a sign-in, and learns what is a person's habit. Costs one read by two keys; what else it
 * looks at is in memory. What it cannot find out is a finding and no failure, except that the database answers nobody.
 * Thread-safe.
 */
public final class Observe {
  /** Words for what could not be found out. */
  static final String PLACES = "places";

  static final String ADDRESS = "address";
  static final String LISTS = "lists";
  static final String EVERYTHING = "everything";

  private static final System.Logger LOG = System.getLogger(Observe.class.getName());

  private final SeenStore store = new SeenStore();
  private final Devices devices;
  private final Places places;
  private final Lists lists;
  private final RecentFailures recent;

  /** What was just read, so that learning need not read it again. */
  private final Cache<Whose, SeenStore.Found> justRead =
      Caches.begin().maximumSize(5_000).expireAfterWrite(Duration.ofMinutes(15)).build();

  private record Whose(TenantId tenant, UserId user) {}

  /**
   * What was noticed.
   *
   * @param country where the sign-in comes from; null where that is not known
   */
  public record Observed(List<Finding> findings, @Nullable String country) {
    public Observed {
      findings = List.copyOf(findings);
    }
  }

  public Observe(Digester digester, Places places, Lists lists, RecentFailures recent) {
    this.devices = new Devices(digester);
    this.places = places;
    this.lists = lists;
    this.recent = recent;
  }

  /**
   * What is noteworthy about the sign-in of a person who has just given the first proof.
   *
   * @param already what others noticed about it
   */
  public Observed observe(
      Tx tx,
      TenantId tenant,
      UserId user,
      Browser browser,
      List<Finding> already,
      Occasion occasion) {
    var found = store.find(tx, tenant, user);
    justRead.put(new Whose(tenant, user), found);
    try {
      var sight = sight(tx, tenant, found, occasion);
      var now = now(tenant, user, found, browser, sight, occasion);
      return new Observed(
          together(already, Signals.of(found.seen(), now, kept(found))), country(now));
    } catch (StorageException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a sign-in could not be looked at", e);
      return new Observed(
          together(already, List.of(Signals.unavailable(List.of(EVERYTHING)))), null);
    }
  }

  /** What several could not find out is one finding. */
  private static List<Finding> together(List<Finding> already, List<Finding> found) {
    List<Finding> all = new ArrayList<>();
    List<String> unavailable = new ArrayList<>();
    for (var list : List.of(already, found)) {
      for (var it : list) {
        if (it.signal() == Signal.SENSES_UNAVAILABLE) {
          unavailable.add(it.details().getOrDefault("senses", ""));
        } else {
          all.add(it);
        }
      }
    }
    if (!unavailable.isEmpty()) {
      all.add(Signals.unavailable(unavailable));
    }
    return all;
  }

  private static @Nullable String country(Now now) {
    var place = now.place();
    return place == null ? null : place.country();
  }

  /**
   * That it was them: what was new about it is not any more. Writes only what matters and was not written lately. What cannot
   * be found out is not learned.
   */
  public void learn(Tx tx, TenantId tenant, UserId user, Browser browser, Occasion occasion) {
    try {
      remember(tx, tenant, user, browser, occasion);
    } catch (StorageException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "nothing was learned from a sign-in", e);
    }
  }

  private void remember(Tx tx, TenantId tenant, UserId user, Browser browser, Occasion occasion) {
    var whose = new Whose(tenant, user);
    var known = justRead.getIfPresent(whose);
    var found = known == null ? store.find(tx, tenant, user) : known;
    justRead.invalidate(whose);
    if (!keep(tx, tenant, user, found, browser, occasion)) {
      // Another server, or another browser of theirs, has written meanwhile.
      keep(tx, tenant, user, store.find(tx, tenant, user), browser, occasion);
    }
  }

  private boolean keep(
      Tx tx,
      TenantId tenant,
      UserId user,
      SeenStore.Found found,
      Browser browser,
      Occasion occasion) {
    var now = now(tenant, user, found, browser, sight(occasion), occasion);
    if (!found.seen().wouldLearn(now)) {
      return true;
    }
    var after = found.seen().with(now, kept(found));
    if (found.version() == 0) {
      store.insert(tx, tenant, user, after, now.at());
      return true;
    }
    return store.update(tx, tenant, user, after, now.at(), found.version());
  }

  private static Duration kept(SeenStore.Found found) {
    return Duration.ofDays(
        found.rememberedDays() == 0 ? RiskSettings.USUAL_DAYS : found.rememberedDays());
  }

  /** What is to be seen of an address. */
  private record Sight(@Nullable Place place, List<Listing> listings, List<String> unavailable) {
    Sight with(Lists.Look look) {
      List<String> more = new ArrayList<>(unavailable);
      look.broken().forEach(name -> more.add(LISTS + ": " + name));
      return new Sight(place, look.listings(), more);
    }
  }

  private Sight sight(Occasion occasion) {
    var address = Address.parse(occasion.address());
    if (address.isEmpty()) {
      return new Sight(null, List.of(), List.of(ADDRESS, PLACES));
    }
    return switch (places.of(address.get())) {
      case Places.Sight.At(var at) -> new Sight(at, List.of(), List.of());
      case Places.Sight.Nowhere _ -> new Sight(null, List.of(), List.of());
      case Places.Sight.Unavailable _ -> new Sight(null, List.of(), List.of(PLACES));
    };
  }

  /** The same, and which lists name it. */
  private Sight sight(Tx tx, TenantId tenant, SeenStore.Found found, Occasion occasion) {
    var sight = sight(occasion);
    return Address.parse(occasion.address())
        .map(it -> sight.with(lists.look(tx, tenant, found.listsVersion(), it)))
        .orElse(sight);
  }

  private Now now(
      TenantId tenant,
      UserId user,
      SeenStore.Found found,
      Browser browser,
      Sight sight,
      Occasion occasion) {
    return new Now(
        occasion.at(),
        marks(found.seen(), devices.marks(tenant, user, browser)),
        browser.there() ? browser.userAgent() : null,
        sight.place(),
        sight.listings(),
        failures(tenant, user, occasion),
        sight.unavailable());
  }

  /** The one that it is known by, or else the newest key's. */
  private static Devices.Marks marks(Seen seen, List<Devices.Marks> marks) {
    return marks.stream()
        .filter(it -> seen.devices().stream().anyMatch(known -> known.mark().equals(it.cookie())))
        .findFirst()
        .orElse(marks.isEmpty() ? Devices.Marks.NOTHING : marks.getFirst());
  }

  private Now.Failures failures(TenantId tenant, UserId user, Occasion occasion) {
    Moment now = occasion.at();
    return new Now.Failures(
        recent.of(tenant, user.value(), now),
        recent.of(tenant, occasion.network(), now),
        recent.inTenant(tenant, now));
  }

  /** Forgets where and by what a person is known; that and when they were here stays. False when nothing was known. */
  public boolean forget(Tx tx, TenantId tenant, UserId user) {
    justRead.invalidate(new Whose(tenant, user));
    return store.forget(tx, tenant, user);
  }

  /** Forgets the same of those who have not been here since then, at most {@code most}; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment before, int most) {
    return store.forgetBefore(tx, tenant, before, most);
  }
}
