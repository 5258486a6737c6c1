package dev.countersign.e2e;

import com.sun.net.httpserver.HttpServer;
import dev.countersign.application.Applications;
import dev.countersign.testkit.demo.Payments;
import dev.countersign.testkit.demo.bank.Bank;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** The bank of the demo, at an address of its own. */
final class HarbourBank implements AutoCloseable {
  private final HttpServer server;

  private HarbourBank(HttpServer server) {
    this.server = server;
  }

  /**
   * Opens.
   *
   * @param register makes it a client that is called back there
   */
  static HarbourBank open(
      String provider, InstantSource clock, Function<String, Applications.Created> register) {
    try {
      var bank =
          new HarbourBank(
              HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
      var client = register.apply(bank.url() + "/callback");
      bank.server.createContext(
          "/",
          new Bank(
              provider + "/",
              bank.url(),
              client.application().id().value(),
              client.secret(),
              Payments.IDENTIFIER,
              clock));
      bank.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      bank.server.start();
      return bank;
    } catch (IOException e) {
      throw new UncheckedIOException("the bank does not open", e);
    }
  }

  String url() {
    return "http://harbour.localhost:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
