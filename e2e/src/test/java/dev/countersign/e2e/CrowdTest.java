package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.Wiring;
import dev.countersign.kernel.Occasion;
import dev.countersign.loginsession.SignIn;
import dev.countersign.testkit.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A packaged server with little memory, while a crowd holds on to it: connections that say little, sign-ins that nobody ends. */
@Isolated("how long healthy people wait is measured")
class CrowdTest {
  private static final int MEGABYTES = 128;
  private static final int CONNECTIONS = 5_000;
  private static final int OPEN = 10_000;
  private static final int PEOPLE = 60;
  private static final int WORKERS = 3;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(Runnable::run).build();
  private final ConcurrentLinkedQueue<Duration> took = new ConcurrentLinkedQueue<>();

  @TempDir private Path data;

  /** How much of a request a caller sends before it begins to dawdle. */
  private enum Manner {
    SILENT(""),
    DAWDLING_IN_THE_HEAD("GET /account HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "),
    DAWDLING_IN_THE_BODY(
        "POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 4000\r\n\r\n");

    private final String sent;

    Manner(String sent) {
      this.sent = sent;
    }
  }

  /** One of the crowd. */
  private record Caller(SocketChannel channel, Manner manner) {
    static Caller at(int port, Manner manner) throws IOException {
      var channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.write(ByteBuffer.wrap(manner.sent.getBytes(StandardCharsets.US_ASCII)));
      channel.configureBlocking(false);
      return new Caller(channel, manner);
    }

    /** Says a little more. */
    void dawdle() {
      try {
        if (manner != Manner.SILENT) {
          channel.write(ByteBuffer.wrap(new byte[] {'x'}));
        }
      } catch (IOException _) {
        // Hung up on; that is found out by who looks.
      }
    }

    boolean isHeld() {
      try {
        return channel.read(ByteBuffer.allocate(1)) == 0;
      } catch (IOException _) {
        return false;
      }
    }
  }

  @Test
  void FAULT_06_healthy_people_are_answered_soon_while_a_crowd_holds_on_and_what_it_leaves_goes()
      throws IOException, InterruptedException, ExecutionException {
    var log = Files.createFile(data.resolve("server.log"));
    var crowd = new ArrayList<Caller>();
    try (var village = new Village(Stage.Engine.EMBEDDED, data);
        var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory());
        var clock = Executors.newSingleThreadScheduledExecutor()) {
      var acme = village.settled(List.of("otp"), Village.names("person", PEOPLE), List.of());
      beginSignIns(village);
      Map<String, String> flags = new HashMap<>(village.flags());
      flags.put("limits-idle-timeout", "2m");
      try (var server = ServerProcess.within(MEGABYTES, http, FreePort.find(), flags, log)) {
        for (int i = 0; i < CONNECTIONS; i++) {
          crowd.add(Caller.at(server.port(), Manner.values()[i % Manner.values().length]));
        }
        var dawdling =
            clock.scheduleAtFixedRate(() -> crowd.forEach(Caller::dawdle), 0, 1, TimeUnit.SECONDS);

        var people = new ConcurrentLinkedQueue<>(acme.apps().keySet());
        var work = new ArrayList<Future<?>>();
        for (int i = 0; i < WORKERS; i++) {
          work.add(
              threads.submit(() -> {
                for (var name = people.poll(); name != null; name = people.poll()) {
                  var walker = new Walker(http, server.origin(), acme.client());
                  walker.signsIn(name, acme.app(name));
                  took.addAll(walker.took());
                }
              }));
        }
        for (var each : work) {
          each.get();
        }

        var sorted = took.stream().sorted().toList();
        assertThat(sorted.get(sorted.size() * 99 / 100))
            .as(
                "the slowest hundredth of %d answers, of which the slowest took %s",
                sorted.size(), sorted.getLast())
            .isLessThan(Duration.ofSeconds(1));
        assertThat(crowd).as("connections still held").allMatch(Caller::isHeld);
        dawdling.cancel(false);
      } finally {
        for (var each : crowd) {
          each.channel().close();
        }
      }
      assertThat(Files.readString(log)).doesNotContain("ERROR", "SEVERE", "OutOfMemory");
      whatNobodyEndedGoes(village);
    }
  }

  private static void beginSignIns(Village village) {
    village.inside(
        InstantSource.system(),
        rooms -> {
          var acme = Village.tenant(rooms, "default");
          for (int i = 0; i < OPEN; i++) {
            rooms.course.startSignIn.start(
                acme.id(),
                new SignIn.Destination(SignIn.Destination.ACCOUNT, "/account"),
                SignIn.Asked.NOTHING,
                Optional.empty(),
                new Occasion(Village.now(rooms), "192.0.2." + i % 250, "", "req_crowd"));
          }
        });
  }

  /** A sign-in is good for an hour, and its row goes a day after that. */
  private void whatNobodyEndedGoes(Village village) {
    var soon = Instant.now().plus(Duration.ofHours(24));
    village.inside(() -> soon, rooms -> assertThat(swept(rooms)).isGreaterThanOrEqualTo(OPEN));
    var late = Instant.now().plus(Duration.ofHours(26));
    village.inside(() -> late, rooms -> assertThat(swept(rooms)).isZero());
  }

  private static long swept(Wiring rooms) {
    rooms.upkeep.tidy.sweep();
    return rooms.ground.database.read(
        tx -> tx.sql("select count(*) as n from sign_ins").one(row -> row.number("n")).orElse(0L));
  }
}
