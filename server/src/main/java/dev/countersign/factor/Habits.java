package dev.countersign.factor;

import dev.countersign.kernel.Device;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How people use their factors: which they want to be asked for first, which they used last on a phone and which at a desk,
 * and from which networks. Changes are made by one transaction at a time for each person. Thread-safe.
 */
public final class Habits {
  private final HabitStore store = new HabitStore();

  /**
   * What is known of a person's habits on one kind of device.
   *
   * @param known whether anything is known of this person on any device
   * @param first what they want to be asked for first
   * @param lastUsed when which factor was used last on this kind
   */
  public record Known(boolean known, Optional<FactorId> first, Map<FactorId, Moment> lastUsed) {
    public Known {
      lastUsed = Map.copyOf(lastUsed);
    }
  }

  /**
   * Notes that a factor was used, and says whether its person has never used it at this place: from this network (of IPv4
   * its first 24 bits, of IPv6 48) on this kind of device. Of one that was in use before places were noted the first place is
   * none that is new.
   */
  public boolean used(Tx tx, TenantId tenant, Enrolment enrolment, Occasion occasion) {
    var user = enrolment.user();
    var device = Device.of(occasion.userAgent()).kind();
    var network = neighbourhood(occasion.address());
    if (store.again(tx, tenant, user, enrolment.factor(), device, network, occasion.at())) {
      return false;
    }
    boolean ever =
        enrolment.lastUsedAt().isEmpty()
            || store.of(tx, tenant, user).stream()
                .anyMatch(use -> use.factor().equals(enrolment.factor()));
    store.first(tx, tenant, user, enrolment.factor(), device, network, occasion.at());
    return ever;
  }

  /** The part of an address that a household or an office shares. */
  static String neighbourhood(String address) {
    boolean six = address.indexOf(':') >= 0;
    var parts = address.split(six ? ":" : "\\.", -1);
    var kept = new StringBuilder();
    for (int i = 0; i < Math.min(3, parts.length); i++) {
      kept.append(i == 0 ? "" : six ? ":" : ".").append(parts[i]);
    }
    return kept.toString();
  }

  /** Forgets where a person has used their factors, so that each place is new again; returns how many there were. */
  public int forgetPlaces(Tx tx, TenantId tenant, UserId user) {
    return store.forgetPlaces(tx, tenant, user);
  }

  /** What is known of a person on this kind of device. */
  public Known of(Tx tx, TenantId tenant, UserId user, Device.Kind device) {
    var uses = store.of(tx, tenant, user);
    var here = new HashMap<FactorId, Moment>();
    uses.stream()
        .filter(use -> use.device() == device)
        .forEach(use -> here.put(use.factor(), use.lastAt()));
    return new Known(!uses.isEmpty(), first(tx, tenant, user), here);
  }

  /** What a person wants to be asked for first; nothing when that is whatever they used last. */
  public Optional<FactorId> first(Tx tx, TenantId tenant, UserId user) {
    return store.choice(tx, tenant, user);
  }

  /** Keeps what a person wants to be asked for first, in a transaction that holds them. */
  public void choose(Tx tx, TenantId tenant, UserId user, Optional<FactorId> first, Moment now) {
    store.forgetChoice(tx, tenant, user);
    first.ifPresent(factor -> store.choose(tx, tenant, user, factor, now));
  }

  /** Forgets places that were not used since then, at most {@code most}; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment before, int most) {
    return store.deleteUsedBefore(tx, tenant, before, most);
  }
}
