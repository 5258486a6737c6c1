package dev.countersign.risk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.countersign.config.Cidr;
import dev.countersign.kernel.Secret;
import dev.countersign.outbound.Outbound;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The collection of stolen passwords, played by a server that answers as Have I Been Pwned does. */
class StolenPasswordsTest {
  /** SHA-1 of {@code password} is 5BAA6 1E4C9B93F3F0682250B6CF8331B7EE68FD8. */
  private static final Secret PASSWORD = Secret.of("password");

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch patience = new CountDownLatch(1);
  private volatile int status = 200;
  private volatile boolean slow;
  private final HttpServer server = server();
  private final Outbound outbound = new Outbound(List.of(Cidr.parse("127.0.0.0/8").orElseThrow()));
  private final StolenPasswords stolen =
      new StolenPasswords(
          Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/range/")),
          outbound);

  private HttpServer server() {
    try {
      var it = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
      it.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      it.createContext(
          "/range/",
          exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            if (slow) {
              waitLong();
            }
            var body =
                "0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n1E4C9B93F3F0682250B6CF8331B7EE68FD8:52256179\r\n1D72CD07550416C216D8AD296BF5C0AE8E0:0\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      it.start();
      return it;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void waitLong() {
    try {
      patience.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void close() {
    patience.countDown();
    server.stop(0);
    outbound.close();
  }

  @Test
  void a_stolen_password_is_noticed_and_five_digits_are_all_that_is_told() {
    assertThat(stolen.judge(PASSWORD))
        .containsExactly(new Finding(Signal.BREACHED_PASSWORD, 100, Map.of("times", "52256179")));
    assertThat(asked).containsExactly("/range/5BAA6");
  }

  @Test
  void a_password_that_is_not_there_is_nothing_to_speak_of() {
    assertThat(stolen.judge(Secret.of("correct horse battery staple and more"))).isEmpty();
    // What pads an answer is there 0 times.
    assertThat(stolen.judge(Secret.of("another one"))).isEmpty();
  }

  @Test
  void nothing_is_looked_up_unless_the_operator_says_where() {
    assertThat(new StolenPasswords(Optional.empty(), outbound).judge(PASSWORD)).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  void STEP_08_a_collection_that_fails_or_is_slow_is_said_to_be_unavailable() {
    var unavailable =
        new Finding(Signal.SENSES_UNAVAILABLE, 100, Map.of("senses", "stolen_passwords"));
    status = 503;
    assertThat(stolen.judge(PASSWORD)).containsExactly(unavailable);

    status = 200;
    slow = true;
    long begun = System.nanoTime();
    assertThat(stolen.judge(PASSWORD)).containsExactly(unavailable);
    assertThat((System.nanoTime() - begun) / 1_000_000).isLessThan(2_000);

    server.stop(0);
    assertThat(stolen.judge(PASSWORD)).containsExactly(unavailable);
  }
}
