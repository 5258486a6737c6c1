package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.storage.Migrations;
import dev.countersign.testkit.AuthenticatorApp;
import dev.countersign.testkit.Balancer;
import dev.countersign.testkit.FreePort;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two packaged servers on PostgreSQL behind a balancer, replaced one after the other by those of a newer build while people
 * sign in. The newer build has one migration more, of tables that everybody needs.
 */
class RollingRestartTest {
  private static final int PEOPLE = 100;
  private static final int WORKERS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String NEXT = "999_next.sql";
  private static final String TABLES =
      """
      alter table sign_ins add column next_word varchar(20);
      alter table sessions add column next_word varchar(20) default 'new' not null;
      alter table proofs add column next_word varchar(20);
      create index sign_ins_next on sign_ins (tenant, next_word);
      create table next_things (tenant varchar(64) not null, id varchar(40) not null, primary key (tenant, id));
      """;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(Runnable::run).build();
  private final Queue<String> newcomers = new ConcurrentLinkedQueue<>();
  private final Queue<Inside> inside = new ConcurrentLinkedQueue<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();

  @TempDir private Path data;

  /** Somebody who has signed in, and what their application was given. */
  private record Inside(String name, Walker walker, String refresh) {}

  @Test
  void FAULT_07_nobody_fails_to_sign_in_and_no_session_is_lost_while_newer_servers_take_over()
      throws IOException, InterruptedException, ExecutionException {
    var log = Files.createFile(data.resolve("server.log"));
    var door = FreePort.find();
    var origin = "http://127.0.0.1:" + door.number();
    var servers = new ConcurrentLinkedQueue<ServerProcess>();
    try (var village = new Village(Stage.Engine.POSTGRESQL, data);
        var balancer = Balancer.at(door);
        var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      var acme = village.settled(List.of("otp"), Village.names("person", PEOPLE), List.of());
      newcomers.addAll(acme.apps().keySet());
      var flags = new HashMap<>(village.flags());
      flags.put("public-url", origin);
      flags.put("trusted-proxies", "127.0.0.0/8");
      flags.put("limits-stop-delay", "500ms");
      var starts = new ArrayList<Future<ServerProcess>>();
      for (var port : List.of(FreePort.find(), FreePort.find())) {
        starts.add(threads.submit(() -> new ServerProcess(http, port, flags, log)));
      }
      for (var start : starts) {
        servers.add(start.get());
      }
      var old = List.copyOf(servers);
      old.forEach(it -> balancer.knows(it.port(), it.operatorPort()));
      var work = new ArrayList<Future<?>>();
      for (int i = 0; i < WORKERS; i++) {
        work.add(threads.submit(() -> works(origin, acme)));
      }
      progress();

      var newer = newerBuild();
      for (var each : old) {
        assertThat(each.stop()).as("the exit status").isEqualTo(143);
        var next = ServerProcess.changedBy(newer, http, new FreePort(each.port()), flags, log);
        servers.add(next);
        balancer.knows(next.port(), next.operatorPort());
        progress();
      }
      over.set(true);
      for (var each : work) {
        each.get();
      }

      inside.forEach(this::isStillIn);
      assertThat(failures).isEmpty();
      assertThat(inside).as("people who signed in").hasSizeGreaterThan(20);
      assertThat(Files.readString(log)).doesNotContain("ERROR", "SEVERE");
    } finally {
      over.set(true);
      servers.forEach(ServerProcess::close);
    }
  }

  /** Waits until some have come in, or again, since now. */
  private void progress() {
    int before = done.get();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (done.get() < before + 2 * WORKERS && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    assertThat(done.get()).as("people come in: %s", failures).isGreaterThan(before);
  }

  /** Signs people in, each of whom comes again later, until it is over. */
  private void works(String origin, Village.Settled acme) {
    while (!over.get()) {
      var name = newcomers.poll();
      if (name != null) {
        signsIn(name, new Walker(http, origin, acme.client()), acme.app(name));
      }
      var somebody = inside.poll();
      if (somebody != null) {
        isStillIn(somebody).ifPresent(inside::add);
      }
    }
  }

  private void signsIn(String name, Walker walker, AuthenticatorApp app) {
    try {
      var tokens = walker.signsIn(name, app);
      inside.add(new Inside(name, walker, tokens.text("refresh_token")));
      done.incrementAndGet();
    } catch (AssertionError | RuntimeException e) {
      failures.add(name + " signs in: " + e);
    }
  }

  /** Comes again by the session, and by what the application was given; nothing when either was lost. */
  private Optional<Inside> isStillIn(Inside somebody) {
    var walker = somebody.walker();
    try {
      assertThat(walker.comesAgain().code()).as("the session: %s", walker).isPresent();
      var tokens = walker.refreshes(somebody.refresh());
      assertThat(tokens.status()).as("%s", tokens).isEqualTo(200);
      done.incrementAndGet();
      return Optional.of(new Inside(somebody.name(), walker, tokens.text("refresh_token")));
    } catch (AssertionError | RuntimeException e) {
      failures.add(somebody.name() + " comes again: " + e);
      return Optional.empty();
    }
  }

  /** Where the classes and files are that the newer build has in place of those of the packaged one. */
  private Path newerBuild() throws IOException {
    var db = Files.createDirectories(data.resolve("newer").resolve("db"));
    try (var in = Migrations.class.getResourceAsStream("/db/migrations.txt")) {
      var names = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(db.resolve("migrations.txt"), names + NEXT + "\n");
    }
    Files.writeString(db.resolve(NEXT), TABLES);
    return db.getParent();
  }
}
