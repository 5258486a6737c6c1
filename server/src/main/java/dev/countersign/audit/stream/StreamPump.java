package dev.countersign.audit.stream;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.outbound.Call;
import dev.countersign.outbound.Callout;
import dev.countersign.outbound.Outcome;
import dev.countersign.outbound.StandardWebhooks;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * Tells streams what has happened: in order, at least once, signed (Standard Webhooks), no database connection held while
 * they are called. One that does not take it is called again after pauses that grow; what it has not taken within a day is
 * given up, kept as a dead letter, and audited. A stream is called by one server at a time. Thread-safe.
 */
public final class StreamPump {
  public static final Duration PATIENCE = Duration.ofDays(1);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  /** How long a stream may think. */
  private static final Duration MOST = Duration.ofSeconds(5);

  /** Longer than a batch can take; after it another server takes over. */
  private static final Duration CLAIM = Duration.ofSeconds(60);

  private static final int BATCH = 100;
  private static final int STREAMS = 50;

  /** One event an object is told in calls of their own, so fewer of them fit into a claim. */
  private static final int SINGLE = 8;

  private static final System.Logger LOG = System.getLogger(StreamPump.class.getName());

  private final Database database;
  private final LogStreams streams;
  private final Audit audit;
  private final Entries entries;
  private final Callout callout;
  private final InstantSource clock;

  /** How an event looks to its readers. */
  @FunctionalInterface
  public interface Entries {
    /** One JSON object. */
    String of(Tx tx, TenantId tenant, AuditEvent event);
  }

  public StreamPump(
      Database database,
      LogStreams streams,
      Audit audit,
      Entries entries,
      Callout callout,
      InstantSource clock) {
    this.database = database;
    this.streams = streams;
    this.audit = audit;
    this.entries = entries;
    this.callout = callout;
    this.clock = clock;
  }

  /** A piece of the story as it goes out. */
  private record Batch(LogStream stream, List<String> ids, List<String> objects) {}

  /** Calls every stream that is due, side by side, until each has taken all or failed. */
  public void deliverDue() {
    var due = database.read(tx -> streams.store.due(tx, now(), STREAMS));
    if (due.isEmpty()) {
      return;
    }
    try (var calling = Executors.newVirtualThreadPerTaskExecutor()) {
      due.forEach(row -> calling.execute(() -> deliver(row)));
    }
  }

  private void deliver(LogStreamStore.Row row) {
    try {
      var until = now().plus(CLAIM);
      if (!database.write(tx -> streams.store.claim(tx, row, until))) {
        return;
      }
      var why = "";
      var batch = next(row);
      while (why.isEmpty() && !batch.ids().isEmpty() && !now().plus(MOST).reached(until)) {
        why = tell(row.tenant(), batch);
        if (why.isEmpty()) {
          var taken = batch.ids();
          database.run(tx -> streams.store.taken(tx, row.tenant(), row.id(), taken));
          batch = next(row);
        }
      }
      settle(row, until, why);
    } catch (RuntimeException e) {
      // The claim runs out by itself, and the stream is called again.
      LOG.log(Level.WARNING, "log stream " + row.id() + " of " + row.tenant() + " is stuck", e);
    }
  }

  private Batch next(LogStreamStore.Row row) {
    return database.read(tx -> {
      var stream = streams.read(tx, row);
      int most = stream.sink().format() == LogStream.Format.JSONOBJECT ? SINGLE : BATCH;
      List<String> ids = new ArrayList<>();
      List<String> objects = new ArrayList<>();
      for (var note : streams.store.notes(tx, row.tenant(), row.id(), most)) {
        ids.add(note.event());
        audit
            .find(tx, row.tenant(), note.event())
            .ifPresent(event -> objects.add(entries.of(tx, row.tenant(), event)));
      }
      return new Batch(stream, ids, objects);
    });
  }

  /** Why it was not taken; empty when it was. */
  private String tell(TenantId tenant, Batch batch) {
    return switch (batch.stream().sink().format()) {
      case JSONLINES ->
          call(
              batch,
              batch.ids().getLast(),
              batch.objects().stream().map(it -> it + "\n").collect(Collectors.joining()));
      case JSONARRAY ->
          call(batch, batch.ids().getLast(), "[" + String.join(",", batch.objects()) + "]");
      case JSONOBJECT -> {
        for (int i = 0; i < batch.objects().size(); i++) {
          var why = call(batch, batch.ids().get(i), batch.objects().get(i));
          if (!why.isEmpty()) {
            yield why;
          }
          var one = List.of(batch.ids().get(i));
          database.run(tx -> streams.store.taken(tx, tenant, batch.stream().id(), one));
        }
        yield "";
      }
    };
  }

  private String call(Batch batch, String id, String body) {
    var sink = batch.stream().sink();
    var call = Call.json(sink.endpoint(), body).with("Content-Type", sink.contentType());
    for (var header : sink.headers().entrySet()) {
      call = call.with(header.getKey(), header.getValue().reveal());
    }
    if (sink.authorization().isPresent()) {
      call = call.with("Authorization", sink.authorization().get().reveal());
    }
    var signed =
        StandardWebhooks.signed(call, batch.stream().id() + "." + id, now(), List.of(sink.key()));
    return switch (callout.send(signed, MOST)) {
      case Outcome.Answered answered when answered.isSuccess() -> "";
      case Outcome.Answered answered -> "status_" + answered.status();
      case Outcome.Unanswered(var why) -> why.word();
    };
  }

  private void settle(LogStreamStore.Row row, Moment until, String why) {
    var now = now();
    if (why.isEmpty()) {
      database.run(tx -> streams.store.settle(tx, row, until, 0, now));
      return;
    }
    long tries = row.tries() + 1;
    LOG.log(
        Level.INFO, "log stream {0} of {1} did not take events: {2}", row.id(), row.tenant(), why);
    database.run(tx -> {
      streams.store.settle(tx, row, until, tries, now.plus(pause(row.tries())));
      int lost = streams.store.giveUp(tx, row.tenant(), row.id(), now.minus(PATIENCE), now);
      if (lost > 0) {
        audit.record(
            tx,
            row.tenant(),
            AuditEvent.failure(AuditType.LOG_STREAM_GAVE_UP, Occasion.ofServer(now), why)
                .with("stream", row.id())
                .with("events", String.valueOf(lost)));
      }
    });
  }

  /** Doubles with every try. */
  static Duration pause(long triesBefore) {
    var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(triesBefore, 10));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private Moment now() {
    return Moment.of(clock.instant());
  }
}
