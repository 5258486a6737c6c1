package dev.countersign.management.jobs;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Query;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;

/** The tables {@code jobs}, {@code job_parts} and {@code job_faults}. */
final class JobStore {
  private static final String COLUMNS =
      "tenant, id, type, state, document, total, next_part, reached, inserted, updated, failed, created_at";

  void insert(Tx tx, Job job) {
    tx.sql(
            "insert into jobs ("
                + COLUMNS
                + ", holder, lease_until, changed_at) values (:tenant, :id, :type, :state, :document, :total, 0, '', 0, 0, 0, :now, '', 0, :now)")
        .set("tenant", job.tenant())
        .set("id", job.id())
        .set("type", job.type())
        .set("state", job.state())
        .set("document", Json.write(job.order()))
        .set("total", job.total())
        .set("now", job.createdAt())
        .update();
  }

  Optional<Job> find(Tx tx, TenantId tenant, String id) {
    return tx.sql("select " + COLUMNS + " from jobs where tenant = :tenant and id = :id")
        .set("tenant", tenant)
        .set("id", id)
        .one(JobStore::job);
  }

  /** Of all tenants one that nobody works on. */
  Optional<Job> waiting(Tx tx, Moment now) {
    return tx.sql(
            "select "
                + COLUMNS
                + " from jobs where state in ('PENDING', 'PROCESSING') and lease_until <= :now order by created_at fetch first 1 rows only")
        .set("now", now)
        .one(JobStore::job);
  }

  /** Whether this call took it: of several servers one does. */
  boolean claim(Tx tx, Job job, String holder, Moment now, Moment until) {
    return tx.sql(
            "update jobs set state = 'PROCESSING', holder = :holder, lease_until = :until, changed_at = :now"
                + " where tenant = :tenant and id = :id and state in ('PENDING', 'PROCESSING') and lease_until <= :now")
        .set("tenant", job.tenant())
        .set("id", job.id())
        .set("holder", holder)
        .set("now", now)
        .set("until", until)
        .changedOne();
  }

  /** Takes the step from one part to the next; false when another holds the job by now, or has taken it. */
  boolean step(Tx tx, Job after, String holder, Moment now, Moment until) {
    return tx.sql(
            "update jobs set next_part = next_part + 1, total = :total, reached = :reached, inserted = :inserted, updated = :updated,"
                + " failed = :failed, lease_until = :until, changed_at = :now"
                + " where tenant = :tenant and id = :id and holder = :holder and state = 'PROCESSING' and next_part = :part")
        .set("tenant", after.tenant())
        .set("id", after.id())
        .set("holder", holder)
        .set("part", after.nextPart() - 1)
        .set("total", after.total())
        .set("reached", after.reached())
        .set("inserted", after.inserted())
        .set("updated", after.updated())
        .set("failed", after.failed())
        .set("now", now)
        .set("until", until)
        .changedOne();
  }

  boolean end(Tx tx, Job job, String holder, Job.State state, Moment now) {
    return tx.sql(
            "update jobs set state = :state, lease_until = 0, changed_at = :now where tenant = :tenant and id = :id and holder = :holder and state = 'PROCESSING'")
        .set("tenant", job.tenant())
        .set("id", job.id())
        .set("holder", holder)
        .set("state", state)
        .set("now", now)
        .changedOne();
  }

  void putPart(Tx tx, TenantId tenant, String job, long part, Sealed content) {
    tx.sql(
            "insert into job_parts (tenant, job, part, content) values (:tenant, :job, :part, :content)")
        .set("tenant", tenant)
        .set("job", job)
        .set("part", part)
        .set("content", content)
        .update();
  }

  Optional<Sealed> part(Tx tx, TenantId tenant, String job, long part) {
    return tx.sql(
            "select content from job_parts where tenant = :tenant and job = :job and part = :part")
        .set("tenant", tenant)
        .set("job", job)
        .set("part", part)
        .one(row -> row.sealed("content"));
  }

  void dropPart(Tx tx, TenantId tenant, String job, long part) {
    tx.sql("delete from job_parts where tenant = :tenant and job = :job and part = :part")
        .set("tenant", tenant)
        .set("job", job)
        .set("part", part)
        .update();
  }

  void putFault(Tx tx, TenantId tenant, String job, long item, String fault) {
    tx.sql(
            "insert into job_faults (tenant, job, item, fault) values (:tenant, :job, :item, :fault)")
        .set("tenant", tenant)
        .set("job", job)
        .set("item", item)
        .set("fault", fault)
        .update();
  }

  List<String> faults(Tx tx, TenantId tenant, String job, int most) {
    return tx.sql(
            "select fault from job_faults where tenant = :tenant and job = :job order by item fetch first :most rows only")
        .set("tenant", tenant)
        .set("job", job)
        .set("most", most)
        .list(row -> row.text("fault"));
  }

  int deleteBefore(Tx tx, TenantId tenant, Moment before, int most) {
    return tx.sql(
            "delete from jobs where tenant = :tenant and id in (select id from jobs where tenant = :tenant"
                + " and created_at < :before order by created_at fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("most", most)
        .update();
  }

  private static Job job(Query.Row row) {
    return new Job(
        new TenantId(row.text("tenant")),
        row.text("id"),
        Job.Type.valueOf(row.text("type")),
        Job.State.valueOf(row.text("state")),
        Json.tree(row.text("document")),
        row.number("total"),
        row.number("next_part"),
        row.text("reached"),
        row.number("inserted"),
        row.number("updated"),
        row.number("failed"),
        row.moment("created_at"));
  }
}
