package dev.countersign.testkit;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.storage.Column;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** What must hold after every test, whatever happened in it. */
final class WorldCheck {
  private static final int STEP_MS = 30_000;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Set<AuditType> ARRIVALS =
      Set.of(AuditType.SIGNED_IN, AuditType.STEP_UP_APPROVED);

  private final World world;
  private final List<String> wrong = new ArrayList<>();

  WorldCheck(World world) {
    this.world = world;
  }

  void run() {
    for (var company : world.companies()) {
      var events = company.audit().events();
      database(tx -> {
        auditTellsTheStates(tx, company, events);
        nothingWasSpentTwice(tx, company, events);
        noSecretInTheDatabase(tx, company);
      });
    }
    wrong.addAll(world.toldByPages());
    world.canaries().in(world.logs().text()).ifPresent(told -> wrong.add(told + " in the log"));
    world
        .nodes()
        .forEach(node -> {
          int busy = busy(node);
          if (busy > 0) {
            wrong.add(busy + " database connections are still in use");
          }
        });
    if (!wrong.isEmpty()) {
      throw new AssertionError(
          "The World does not hang together (world.seed="
              + (world.seed() - 1)
              + "):\n- "
              + String.join("\n- ", wrong));
    }
  }

  /** What is made in the background may still be writing; it is done in a moment, a leak never is. */
  private static int busy(Node node) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (node.wiring().ground.database.busy() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    return node.wiring().ground.database.busy();
  }

  private void database(dev.countersign.storage.Database.Deed deed) {
    world.wiring().ground.database.run(deed);
  }

  /** Each sign-in that completed was recorded once, as such or as the raising of a session, and none that did not. */
  private void auditTellsTheStates(Tx tx, Company company, List<AuditEvent> events) {
    var completed =
        new TreeSet<>(
            tx.sql("select id from sign_ins where tenant = :tenant and state = 'completed'")
                .set("tenant", company.id())
                .list(row -> row.text("id")));
    var recorded =
        new TreeMap<>(
            events.stream()
                .filter(event -> ARRIVALS.contains(event.type()) && event.signIn() != null)
                .collect(groupingBy(event -> String.valueOf(event.signIn()), counting())));
    recorded.forEach((signIn, times) -> {
      if (times != 1) {
        wrong.add("the log tells " + times + " times that " + signIn + " signed in");
      }
    });
    if (!recorded.keySet().equals(completed)) {
      wrong.add("completed were " + completed + ", the log tells of " + recorded.keySet());
    }
  }

  /** A time step of an app, a backup code, an authorization code: each made at most one proof or one set of tokens. */
  private void nothingWasSpentTwice(Tx tx, Company company, List<AuditEvent> events) {
    Map<String, List<Long>> byEnrolment = new LinkedHashMap<>();
    tx.sql(
            "select enrolment, proven_at from proofs where tenant = :tenant and method = 'otp' order by proven_at")
        .set("tenant", company.id())
        .list(row ->
            byEnrolment
                .computeIfAbsent(
                    Objects.requireNonNullElse(row.textOrNull("enrolment"), ""),
                    _ -> new ArrayList<>())
                .add(row.number("proven_at")));
    byEnrolment.forEach((enrolment, times) -> {
      // From a minute before the first to half a minute after the last there are only so many
      // steps.
      long steps = times.getLast() / STEP_MS - times.getFirst() / STEP_MS + 3;
      if (times.size() > steps) {
        wrong.add(
            times.size() + " codes of " + enrolment + " were accepted within " + steps + " steps");
      }
    });
    spentOnce(
        tx,
        company,
        events,
        "BACKUP_CODE",
        AuditType.BACKUP_CODE_USED,
        AuditType.BACKUP_CODES_REGENERATED);
    spentOnce(
        tx,
        company,
        events,
        "AUTHORIZATION_CODE",
        AuditType.TOKEN_ISSUED,
        AuditType.REUSE_DETECTED);
  }

  /** Every use that the log tells of has a spent row, unless the rows were thrown away. */
  private void spentOnce(
      Tx tx,
      Company company,
      List<AuditEvent> events,
      String kind,
      AuditType use,
      AuditType thrownAway) {
    if (events.stream()
        .anyMatch(event ->
            Set.of(
                    thrownAway,
                    AuditType.FACTOR_REMOVED,
                    AuditType.FACTOR_ADMIN_RESET,
                    AuditType.USER_DELETED)
                .contains(event.type()))) {
      return;
    }
    long spent =
        tx.sql(
                "select count(*) as n from spendables where tenant = :tenant and kind = :kind and spent_at is not null")
            .set("tenant", company.id())
            .set("kind", kind)
            .one(row -> row.number("n"))
            .orElse(0L);
    long used = events.stream().filter(event -> event.type() == use).count();
    if (used > spent) {
      wrong.add(used + " uses of " + kind + " are told of, " + spent + " were spent");
    }
  }

  /** Codes, tokens, cookies, seeds and passwords stand in no readable column (the canary scan of a dump). */
  private void noSecretInTheDatabase(Tx tx, Company company) {
    Column.all(tx).stream()
        .filter(it -> it.type().contains("char"))
        .collect(Collectors.groupingBy(Column::table, TreeMap::new, Collectors.toList()))
        .forEach((table, all) -> {
          var names = all.stream().map(Column::name).toList();
          if (!names.contains("tenant")) {
            return;
          }
          tx.sql(
                  "select concat_ws(' ', '', "
                      + String.join(", ", names)
                      + ") as everything from "
                      + table
                      + " where tenant = :tenant")
              .set("tenant", company.id())
              .list(row -> row.text("everything"))
              .forEach(text ->
                  world
                      .canaries()
                      .in(text)
                      .ifPresent(told -> wrong.add(told + " in the table " + table)));
        });
  }
}
