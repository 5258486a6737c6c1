package dev.countersign.storage;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Removes what has run out, so that no table grows for ever: tenant by tenant, in small transactions. Nobody leads: that
 * several servers do it at the same time costs nothing but the second look. Thread-safe.
 */
public final class Tidy {
  private static final int BATCH = 500;

  /** In one round, of one kind, in one tenant; the rest waits for the next round. */
  private static final int MOST_BATCHES = 40;

  private static final System.Logger LOG = System.getLogger(Tidy.class.getName());

  private final Database database;
  private final Supplier<List<TenantId>> tenants;
  private final InstantSource clock;
  private final BiFunction<TenantId, Moment, Moment> times;
  private final List<Broom> brooms;

  /**
   * Tidies up.
   *
   * @param times what time it is in a tenant, at everybody's time
   */
  public Tidy(
      Database database,
      Supplier<List<TenantId>> tenants,
      InstantSource clock,
      BiFunction<TenantId, Moment, Moment> times,
      List<Broom> brooms) {
    this.times = times;
    this.database = database;
    this.tenants = tenants;
    this.clock = clock;
    this.brooms = List.copyOf(brooms);
  }

  /** Removes one kind of rows that are worthless at {@code now}, at most {@code most}, and says how many there were. */
  @FunctionalInterface
  public interface Broom {
    int sweep(Tx tx, TenantId tenant, Moment now, int most);
  }

  /** One round through all tenants. */
  public void sweep() {
    var now = Moment.of(clock.instant());
    for (var tenant : tenants.get()) {
      var here = times.apply(tenant, now);
      for (var broom : brooms) {
        sweep(tenant, broom, here);
      }
    }
  }

  private void sweep(TenantId tenant, Broom broom, Moment now) {
    try {
      int batches = 0;
      while (batches < MOST_BATCHES
          && database.write(tx -> broom.sweep(tx, tenant, now, BATCH)) == BATCH) {
        batches++;
      }
    } catch (StorageException.Contention e) {
      LOG.log(System.Logger.Level.DEBUG, "somebody else is tidying up", e);
    }
  }
}
