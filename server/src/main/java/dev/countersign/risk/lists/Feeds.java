package dev.countersign.risk.lists;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.outbound.Outbound;
import dev.countersign.storage.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;

/**
 * Fetches the lists of addresses that tenants take from elsewhere, each at its cadence and by one server. One that fails is
 * tried again soon; the third failure in a row is recorded. What the last good fetch brought stays. Thread-safe.
 */
public final class Feeds {
  private static final System.Logger LOG = System.getLogger(Feeds.class.getName());

  /** So many failures in a row are an error. */
  static final int ERRORS = 3;

  /** At a time. */
  private static final int BATCH = 8;

  /** For as long nobody else fetches what this server does. */
  private static final Duration CLAIM = Fetch.MOST.plusSeconds(40);

  private static final List<Duration> AGAIN = List.of(Duration.ofMinutes(1), Duration.ofMinutes(5));
  private static final Duration LATER = Duration.ofMinutes(30);

  private final Database database;
  private final Lists lists;
  private final OperatorLists operators;
  private final Outbound outbound;
  private final Audit audit;
  private final InstantSource clock;

  public Feeds(
      Database database,
      Lists lists,
      OperatorLists operators,
      Outbound outbound,
      Audit audit,
      InstantSource clock) {
    this.database = database;
    this.lists = lists;
    this.operators = operators;
    this.outbound = outbound;
    this.audit = audit;
    this.clock = clock;
  }

  /** Fetches what is due, side by side. */
  public void fetchDue() {
    operators.fetchDue(outbound, now());
    var due = database.read(tx -> lists.store.due(tx, now(), BATCH));
    if (due.isEmpty()) {
      return;
    }
    try (var fetching = Executors.newVirtualThreadPerTaskExecutor()) {
      due.forEach(row -> fetching.execute(() -> fetch(row)));
    }
  }

  private void fetch(ListStore.Row row) {
    try {
      var until = now().plus(CLAIM);
      if (!database.write(tx -> lists.store.claim(tx, row, until))) {
        return;
      }
      var list = lists.read(row);
      Map<String, String> headers =
          list.header().map(it -> Map.of(it.name(), it.value().reveal())).orElse(Map.of());
      switch (Fetch.from(outbound, Objects.requireNonNull(list.url()), headers)) {
        case Fetch.Result.Good(var reading) -> {
          var content = reading.networks().bytes();
          keep(row, until, list, content, reading.entries());
        }
        case Fetch.Result.Bad(var why) -> fail(row, until, list, why);
      }
    } catch (RuntimeException e) {
      // The claim runs out by itself, and it is fetched again.
      LOG.log(
          System.Logger.Level.WARNING, "list " + row.id() + " of " + row.tenant() + " is stuck", e);
    }
  }

  private void keep(
      ListStore.Row row, Moment until, AddressList list, byte[] content, int entries) {
    var now = now();
    var digest = Lists.digest(content);
    var before = row.standing();
    var after = new AddressList.Standing(AddressList.State.ACTIVE, entries, 0, "", now, digest);
    database.run(tx -> {
      if (!lists.store.settle(tx, row, until, after, now.plus(list.cadence()))) {
        return;
      }
      lists.store.fill(tx, row.tenant(), row.id(), content, digest, entries, now);
      if (before.state() != AddressList.State.ACTIVE || !before.contentDigest().equals(digest)) {
        lists.changed(tx, row.tenant(), now);
      }
    });
  }

  private void fail(ListStore.Row row, Moment until, AddressList list, String why) {
    var now = now();
    var before = row.standing();
    long failures = before.failures() + 1;
    boolean isNowError = failures >= ERRORS && before.state() != AddressList.State.ERROR;
    var after =
        new AddressList.Standing(
            failures >= ERRORS ? AddressList.State.ERROR : before.state(),
            before.entries(),
            failures,
            why,
            before.fetchedAt(),
            before.contentDigest());
    LOG.log(
        System.Logger.Level.INFO,
        "list {0} of {1} could not be fetched: {2}",
        row.id(),
        row.tenant(),
        why);
    database.run(tx -> {
      if (lists.store.settle(tx, row, until, after, now.plus(pause(failures, list.cadence())))
          && isNowError) {
        lists.changed(tx, row.tenant(), now);
        audit.record(
            tx,
            row.tenant(),
            AuditEvent.failure(AuditType.RISK_FEED_FAILED, Occasion.ofServer(now), why)
                .with("list", row.id())
                .with("name", list.name())
                .with("failures", String.valueOf(failures)));
      }
    });
  }

  static Duration pause(long failures, Duration cadence) {
    var pause = failures <= AGAIN.size() ? AGAIN.get((int) failures - 1) : LATER;
    return pause.compareTo(cadence) > 0 ? cadence : pause;
  }

  private Moment now() {
    return Moment.of(clock.instant());
  }
}
