package dev.countersign.management.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.management.users.UserExport;
import dev.countersign.management.users.UserImport;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Database;
import dev.countersign.storage.Place;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Imports and exports, part by part. What a part does and that it was done are one transaction: a job that is cut short
 * goes on, on whichever server, when the lease of the one that died has run out, and nothing is done twice. What it holds
 * in memory is one part. Files are sealed at rest and forgotten after a day. Thread-safe.
 */
public final class Jobs {
  /** How many people one transaction is about. */
  static final int PART = 100;

  /** Longer than any part may take. */
  static final Duration LEASE = Duration.ofMinutes(2);

  /** How long a job is remembered. */
  public static final Duration KEPT = Duration.ofDays(1);

  /** How long a link to a file is good. */
  static final Duration LINK = Duration.ofMinutes(5);

  private static final int EXPORT_PART = 500;
  private static final int TRIES = 4;
  private static final System.Logger LOG = System.getLogger(Jobs.class.getName());

  private final Database database;
  private final Sealer sealer;
  private final Entropy entropy;
  private final InstantSource clock;
  private final People people;
  private final UserImport userImport;
  private final Spendables spendables;
  private final JobStore store = new JobStore();
  private final String me;

  public Jobs(
      Database database,
      Sealer sealer,
      Entropy entropy,
      InstantSource clock,
      People people,
      UserImport userImport,
      Spendables spendables) {
    this.database = database;
    this.sealer = sealer;
    this.entropy = entropy;
    this.clock = clock;
    this.people = people;
    this.userImport = userImport;
    this.spendables = spendables;
    this.me = Ids.fresh("srv_", entropy);
  }

  // Taking orders

  /** Takes an import of these people. */
  Job order(TenantId tenant, ObjectNode order, JsonNode items, Moment now) {
    var job = job(tenant, Job.Type.USERS_IMPORT, order, items.size(), now);
    database.run(tx -> {
      store.insert(tx, job);
      long part = 0;
      var some = Json.array();
      for (var item : items) {
        some.add(item);
        if (some.size() == PART) {
          putPart(tx, job, part++, Json.write(some).getBytes(UTF_8));
          some = Json.array();
        }
      }
      if (!some.isEmpty()) {
        putPart(tx, job, part, Json.write(some).getBytes(UTF_8));
      }
    });
    return job;
  }

  /** Takes an export. */
  Job order(TenantId tenant, ObjectNode order, Moment now) {
    return database.write(tx -> {
      var job = job(tenant, Job.Type.USERS_EXPORT, order, people.count(tx, tenant), now);
      store.insert(tx, job);
      return job;
    });
  }

  private Job job(TenantId tenant, Job.Type type, ObjectNode order, long total, Moment now) {
    return new Job(
        tenant,
        Ids.ordered("job_", now, entropy),
        type,
        Job.State.PENDING,
        order,
        total,
        0,
        "",
        0,
        0,
        0,
        now);
  }

  Optional<Job> find(Tx tx, TenantId tenant, String id) {
    return store.find(tx, tenant, id);
  }

  List<String> faults(Tx tx, TenantId tenant, String id) {
    return store.faults(tx, tenant, id, 10_000);
  }

  // Working

  /** Does what waits, until nothing does. */
  public void runDue() {
    Optional<Job> taken;
    do {
      taken = claim();
      taken.ifPresent(this::run);
    } while (taken.isPresent());
  }

  private Optional<Job> claim() {
    var now = now();
    return database
        .read(tx -> store.waiting(tx, now))
        .filter(job -> database.write(tx -> store.claim(tx, job, me, now, now.plus(LEASE))));
  }

  private void run(Job job) {
    try {
      boolean more;
      do {
        more = step(job);
      } while (more);
    } catch (StorageException e) {
      // The lease runs out by itself, and whoever is there then goes on.
      LOG.log(System.Logger.Level.WARNING, "job " + job.id() + " stopped for now", e);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "job " + job.id() + " cannot be done", e);
      database.run(tx -> store.end(tx, job, me, Job.State.FAILED, now()));
    }
  }

  /** One part; false when that was the last, or another works on it now. */
  private boolean step(Job claimed) {
    for (int attempt = 1; ; attempt++) {
      try {
        return database.write(tx ->
            store
                .find(tx, claimed.tenant(), claimed.id())
                .filter(job -> job.state() == Job.State.PROCESSING)
                .map(job ->
                    switch (job.type()) {
                      case USERS_IMPORT -> importPart(tx, job);
                      case USERS_EXPORT -> exportPart(tx, job);
                    })
                .orElse(false));
      } catch (StorageException.Duplicate e) {
        if (attempt == TRIES) { // Somebody of that name came in meanwhile; the next try finds them.
          throw e;
        }
      }
    }
  }

  private boolean importPart(Tx tx, Job job) {
    var now = now();
    var part = store.part(tx, job.tenant(), job.id(), job.nextPart());
    if (part.isEmpty()) {
      store.end(tx, job, me, Job.State.COMPLETED, now);
      return false;
    }
    var items =
        Json.tree(
            sealer.openSecret(place(job.tenant(), job.id(), job.nextPart()), part.get()).reveal());
    var wish =
        new UserImport.Wish(
            job.tenant(),
            job.order().path("upsert").asBoolean(false),
            job.order().path("actor").asString(""),
            Occasion.ofServer(now));
    var tally =
        take(
            tx,
            wish,
            items,
            (at, item, fault) ->
                store.putFault(
                    tx,
                    job.tenant(),
                    job.id(),
                    job.nextPart() * PART + at,
                    Json.write(told(item, fault))));
    var after =
        new Job(
            job.tenant(),
            job.id(),
            job.type(),
            job.state(),
            job.order(),
            job.total(),
            job.nextPart() + 1,
            "",
            job.inserted() + tally.inserted(),
            job.updated() + tally.updated(),
            job.failed() + tally.failed() + tally.there(),
            job.createdAt());
    store.dropPart(tx, job.tenant(), job.id(), job.nextPart());
    if (!store.step(tx, after, me, now, now.plus(LEASE))) {
      throw StorageException.overtaken("job");
    }
    return true;
  }

  /** How many came in, were changed, were there already, and would not do. */
  public record Tally(int inserted, int updated, int there, int failed) {}

  /** Is told what is wrong with one. */
  @FunctionalInterface
  public interface Complaint {
    void about(int at, JsonNode item, UserImport.Fault fault);
  }

  /** Takes some people in, in the caller's transaction. */
  public Tally take(Tx tx, UserImport.Wish wish, JsonNode items, Complaint complaint) {
    int inserted = 0;
    int updated = 0;
    int there = 0;
    int failed = 0;
    int at = 0;
    for (var item : items) {
      switch (userImport.take(tx, wish, item)) {
        case UserImport.Outcome.Inserted _ -> inserted++;
        case UserImport.Outcome.Updated _ -> updated++;
        case UserImport.Outcome.There _ -> {
          there++;
          complaint.about(
              at,
              item,
              new UserImport.Fault("DUPLICATED_USER", "The user already exists.", "email"));
        }
        case UserImport.Outcome.Refused(var fault) -> {
          failed++;
          complaint.about(at, item, fault);
        }
      }
      at++;
    }
    return new Tally(inserted, updated, there, failed);
  }

  /** Without what opens anything. */
  private static ObjectNode told(JsonNode item, UserImport.Fault fault) {
    ObjectNode user = Json.object();
    if (item.isObject()) {
      for (var property : item.properties()) {
        boolean secret =
            switch (property.getKey()) {
              case "password_hash", "custom_password_hash", "mfa_factors", "phone_number" -> true;
              default -> false;
            };
        if (secret) {
          user.put(property.getKey(), "*****");
        } else {
          user.set(property.getKey(), property.getValue());
        }
      }
    }
    ObjectNode out = Json.object();
    out.set("user", user);
    out.set(
        "errors",
        Json.array()
            .add(
                Json.object()
                    .put("code", fault.kind())
                    .put("message", fault.message())
                    .put("path", fault.path())));
    return out;
  }

  /** Compressed by itself: such pieces one after the other are one file (RFC 1952 section 2.2). */
  private boolean exportPart(Tx tx, Job job) {
    var now = now();
    long most = job.order().path("limit").asLong(Long.MAX_VALUE) - job.inserted();
    int wanted = Math.clamp(most, 0, EXPORT_PART);
    int space = job.reached().indexOf(' ');
    var found =
        wanted == 0
            ? List.<Person>of()
            : people.after(
                tx,
                job.tenant(),
                new Moment(space < 0 ? 0 : Long.parseLong(job.reached().substring(0, space))),
                space < 0 ? "" : job.reached().substring(space + 1),
                wanted);
    if (found.isEmpty() && job.nextPart() > 0) {
      store.end(tx, job, me, Job.State.COMPLETED, now);
      return false;
    }
    var form =
        UserExport.of(
            job.order().path("format").asString("").equals("csv"), job.order().path("fields"));
    var lines = new StringBuilder(job.nextPart() == 0 ? form.head() : "");
    found.forEach(person -> lines.append(form.line(person)));
    putPart(tx, job, job.nextPart(), compressed(lines.toString()));
    var last =
        found.isEmpty()
            ? job.reached()
            : found.getLast().createdAt().millis() + " " + found.getLast().id().value();
    var after =
        new Job(
            job.tenant(),
            job.id(),
            job.type(),
            job.state(),
            job.order(),
            job.total(),
            job.nextPart() + 1,
            last,
            job.inserted() + found.size(),
            0,
            0,
            job.createdAt());
    if (!store.step(tx, after, me, now, now.plus(LEASE))) {
      throw StorageException.overtaken("job");
    }
    return true;
  }

  private static byte[] compressed(String text) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  // Files

  private void putPart(Tx tx, Job job, long part, byte[] content) {
    store.putPart(
        tx,
        job.tenant(),
        job.id(),
        part,
        sealer.seal(place(job.tenant(), job.id(), part), content));
  }

  private static Place place(TenantId tenant, String job, long part) {
    return new Place(tenant, "job_parts", "content", job + " " + part);
  }

  /** A way to the file of a finished export, good once and for a few minutes. */
  Secret link(Tx tx, Job job, Moment now) {
    var ticket = Secret.fresh(entropy, 256);
    spendables.put(
        tx, job.tenant(), Spendables.Kind.EXPORT_LINK, ticket, job.id(), "{}", now, now.plus(LINK));
    return ticket;
  }

  /** The file that a link leads to, compressed; nothing for one that is unknown, used or too old. */
  Optional<byte[]> file(TenantId tenant, Secret ticket, Moment now) {
    return database.write(tx -> {
      if (!(spendables.spend(tx, tenant, Spendables.Kind.EXPORT_LINK, ticket, now)
          instanceof Spendables.Spending.Spent(var it))) {
        return Optional.<byte[]>empty();
      }
      return store
          .find(tx, tenant, it.owner())
          .map(job -> {
            var whole = new ByteArrayOutputStream();
            for (long part = 0; part < job.nextPart(); part++) {
              var sealed = store.part(tx, tenant, job.id(), part).orElseThrow();
              whole.writeBytes(sealer.open(place(tenant, job.id(), part), sealed));
            }
            return whole.toByteArray();
          });
    });
  }

  /** Forgets jobs that are older than this, at most {@code most}; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment before, int most) {
    return store.deleteBefore(tx, tenant, before, most);
  }

  private Moment now() {
    return Moment.of(clock.instant());
  }
}
