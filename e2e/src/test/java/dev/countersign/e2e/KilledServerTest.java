package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.operator.Answer;
import dev.countersign.operator.ControlSocket;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.SigningAlgorithm;
import dev.countersign.tenant.SigningKey;
import dev.countersign.tenant.Tenant;
import dev.countersign.testkit.AuthenticatorApp;
import dev.countersign.testkit.FreePort;
import dev.countersign.testkit.MailSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The packaged server, killed at some moment while people sign in, set factors up, applications take tokens, keys are
 * rotated and mails go out; and started again. {@code -Dfaults.kills=200} kills it that often on each database.
 */
class KilledServerTest {
  private static final int KILLS = Integer.getInteger("faults.kills", 4);
  private static final int WORKERS = 4;
  private static final int PEOPLE = 120 * KILLS;
  private static final int ROTATED = Math.min(KILLS, 8);

  private final HttpClient http = HttpClient.newBuilder().executor(Runnable::run).build();
  private final Random random = new Random(Long.getLong("faults.seed", 20260302));
  private final Set<String> enrolled = ConcurrentHashMap.newKeySet();
  private final Queue<Used> used = new ConcurrentLinkedQueue<>();
  private final Queue<Taken> taken = new ConcurrentLinkedQueue<>();
  private final Queue<String> unsure = new ConcurrentLinkedQueue<>();
  private final Queue<String> settled = new ConcurrentLinkedQueue<>();
  private final Queue<String> newcomers = new ConcurrentLinkedQueue<>();
  private final Map<String, AuthenticatorApp> apps = new ConcurrentHashMap<>();
  private Walker.Client client;
  private String origin;

  /** A server's issuer has its port in it, and tokens their issuer. */
  private final FreePort port = FreePort.find();

  @TempDir private Path data;

  /** A code that let somebody in. */
  private record Used(String name, String code, Instant at) {}

  /** What an application was given. */
  private record Taken(String code, String refresh) {}

  @ParameterizedTest
  @EnumSource(Stage.Engine.class)
  void FAULT_01_a_server_killed_in_its_work_loses_nothing_it_said_and_takes_nothing_twice(
      Stage.Engine engine) throws IOException, InterruptedException, ExecutionException {
    var log = Files.createFile(data.resolve("server.log"));
    try (var village = new Village(engine, data);
        var mails = MailSink.open(InstantSource.system())) {
      fill(village);
      var flags = new HashMap<>(village.flags());
      flags.putAll(
          Map.of(
              "mail-smtp-host",
              "127.0.0.1",
              "mail-smtp-port",
              String.valueOf(mails.port()),
              "mail-smtp-tls",
              "off"));
      var rotated = new ArrayList<String>();
      var starts = new ArrayList<Duration>();
      for (int kill = 0; kill < KILLS; kill++) {
        try (var server = new ServerProcess(http, port, flags, log)) {
          starts.add(server.untilReady());
          origin = server.origin();
          nothingIsTakenTwice();
          workUntilKilled(server, village, "rotating" + kill % ROTATED, rotated);
        }
      }
      try (var server = new ServerProcess(http, port, flags, log)) {
        starts.add(server.untilReady());
        origin = server.origin();
        nothingIsTakenTwice();
        enrolmentsAreKept();
      }
      starts.sort(null);
      assertThat(starts.get(starts.size() / 2))
          .as("until ready; one or the other start may have met a busy machine: %s", starts)
          .isLessThan(Duration.ofSeconds(10));
      assertThat(Files.readString(log)).doesNotContain("ERROR", "SEVERE");
      village.inside(
          InstantSource.system(),
          rooms -> {
            rooms.ground.database.run(tx -> keysAreWhole(tx, rotated));
            var acme = Village.tenant(rooms, "default");
            rooms.ground.database.run(tx -> nobodyIsLeftUntold(tx, acme, mails));
          });
    }
  }

  /** Everything that is needed; keys a day old, so that they may be rotated. */
  private void fill(Village village) {
    var yesterday = InstantSource.system().instant().minus(Duration.ofDays(1));
    village.inside(
        () -> yesterday,
        rooms -> {
          for (int i = 0; i < ROTATED; i++) {
            var tenant = Village.tenant(rooms, "rotating" + i);
            for (var algorithm : SigningAlgorithm.values()) {
              rooms.ground.signingKeys.rotate(tenant.id(), algorithm, _ -> {});
            }
          }
        });
    var withApp = Village.names("settled", PEOPLE);
    var without = Village.names("newcomer", PEOPLE);
    var acme = village.settled(List.of("otp"), withApp, without);
    client = acme.client();
    apps.putAll(acme.apps());
    settled.addAll(withApp);
    newcomers.addAll(without);
  }

  private Walker walker() {
    return new Walker(http, origin, client);
  }

  private void workUntilKilled(
      ServerProcess server, Village village, String tenant, List<String> rotated)
      throws InterruptedException, ExecutionException {
    var killed = new AtomicBoolean();
    int before = used.size() + enrolled.size();
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      var work = new ArrayList<Future<?>>();
      for (int i = 0; i < WORKERS; i++) {
        boolean signsIn = i % 2 == 0;
        work.add(threads.submit(() -> works(signsIn, killed)));
      }
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (used.size() + enrolled.size() == before && System.nanoTime() < deadline) {
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      }
      if (village.isEmbedded()) {
        // On PostgreSQL this is not the server's to do; several rotations at once are raced
        // elsewhere.
        work.add(threads.submit(() -> rotates(village, tenant, rotated)));
      }
      LockSupport.parkNanos(Duration.ofMillis(random.nextLong(1_500)).toNanos());
      killed.set(true);
      server.kill();
      for (var each : work) {
        each.get();
      }
    }
    assertThat(used.size() + enrolled.size()).as("something was done").isGreaterThan(before);
  }

  private void works(boolean signsIn, AtomicBoolean killed) {
    while (!killed.get()) {
      try {
        if (signsIn) {
          signsIn(settled.remove());
        } else {
          enrols(newcomers.remove());
        }
      } catch (UncheckedIOException e) {
        if (!killed.get()) {
          throw e;
        }
      }
    }
  }

  private void signsIn(String name) {
    var walker = walker().comes(name, Village.PASSWORD);
    var now = Instant.now();
    var code = app(name).codeAt(now);
    walker.submits(Map.of("code", code));
    var grant =
        walker.code().orElseThrow(() -> new AssertionError(name + " is not let in\n" + walker));
    used.add(new Used(name, code, now));
    unsure.add(grant);
    var tokens = walker.redeems(grant);
    assertThat(tokens.status()).as("%s", tokens).isEqualTo(200);
    unsure.remove(grant);
    taken.add(new Taken(grant, tokens.text("refresh_token")));
  }

  private void enrols(String name) {
    var walker = walker().comes(name, Village.PASSWORD);
    var app = walker.setsUp();
    walker.submits(Map.of("code", app.codeAt(Instant.now())));
    assertThat(walker.code()).as("%s is let in\n%s", name, walker).isPresent();
    apps.put(name, app);
    enrolled.add(name);
  }

  private AuthenticatorApp app(String name) {
    var app = apps.get(name);
    assertThat(app).as("the app of %s", name).isNotNull();
    return app;
  }

  private static void rotates(Village village, String tenant, List<String> rotated) {
    var answer =
        new Answer() {
          @Override
          public void say(String line) {
            rotated.add(line.split(" ", 2)[1]);
          }

          @Override
          public void tell(String line) {}
        };
    try {
      ControlSocket.send(village.data(), List.of("keys rotate", tenant), answer);
    } catch (IOException _) {
      // Killed meanwhile.
    }
  }

  /** What was used up before the server was killed, or may have been, is tried again. */
  private void nothingIsTakenTwice() {
    var recent = new ArrayList<>(used);
    for (var each : recent.subList(Math.max(0, recent.size() - 3), recent.size())) {
      var walker = walker().comes(each.name(), Village.PASSWORD);
      if (walker.has("input[name=code]")) {
        walker.submits(Map.of("code", each.code()));
      }
      assertThat(walker.code()).as("the code of %s, again", each).isEmpty();
    }
    for (var grant = unsure.poll(); grant != null; grant = unsure.poll()) {
      var walker = walker();
      int successes = 0;
      for (int i = 0; i < 2; i++) {
        successes += walker.redeems(grant).status() == 200 ? 1 : 0;
      }
      assertThat(successes)
          .as("of a code that was on its way when the server died")
          .isLessThanOrEqualTo(1);
    }
    int checked = 0;
    for (var each = taken.poll(); each != null; each = taken.poll()) {
      if (checked++ < 5) {
        var walker = walker();
        var again = walker.refreshes(each.refresh());
        assertThat(again.status())
            .as("a refresh token that was given out: %s", again)
            .isEqualTo(200);
        assertThat(walker.refreshes(each.refresh()).status()).as("the same again").isEqualTo(400);
        assertThat(walker.redeems(each.code()).status()).as("a code that was taken").isEqualTo(400);
      }
    }
  }

  /** Whoever was told that their app is set up is asked for its code from then on. */
  private void enrolmentsAreKept() {
    assertThat(enrolled).isNotEmpty();
    for (var name : enrolled) {
      var walker = walker().comes(name, Village.PASSWORD);
      assertThat(walker.has("input[name=code]") && !walker.has("#key")).as(name).isTrue();
    }
  }

  private static void keysAreWhole(Tx tx, List<String> rotated) {
    Map<String, List<String>> states = new HashMap<>();
    Set<String> signing = new HashSet<>();
    tx.sql("select tenant, kid, algorithm, state, created_at from signing_keys")
        .list(row -> {
          states
              .computeIfAbsent(
                  row.text("tenant") + " " + row.text("algorithm"), _ -> new ArrayList<>())
              .add(row.text("state"));
          return !row.text("state").equals(SigningKey.State.NEXT.name())
              && signing.add(row.text("kid"));
        });
    assertThat(states).isNotEmpty();
    states.forEach((whose, all) -> {
      assertThat(all.stream().filter("CURRENT"::equals)).as(whose).hasSize(1);
      assertThat(all.stream().filter("NEXT"::equals).count()).as(whose).isLessThanOrEqualTo(1);
    });
    assertThat(signing).as("what was said to sign now").containsAll(rotated);
  }

  /** A notice of each set-up has come, or still waits to be sent. */
  private void nobodyIsLeftUntold(Tx tx, Tenant acme, MailSink mails) {
    var told = new HashSet<String>();
    mails.mails().forEach(mail -> told.addAll(mail.to()));
    long untold =
        enrolled.stream()
            .filter(name -> told.stream().noneMatch(to -> to.contains(name + "@village.test")))
            .count();
    long waiting =
        tx.sql("select count(*) as n from outbox where tenant = :tenant")
            .set("tenant", acme.id())
            .one(row -> row.number("n"))
            .orElse(0L);
    assertThat(untold)
        .as("people who neither got a mail nor have one waiting")
        .isLessThanOrEqualTo(waiting);
  }
}
