package dev.countersign.testkit.demo;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.countersign.testkit.MailSink;
import dev.countersign.testkit.TextSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** The web server of everything in the demo that is not Countersign: bank and inbox. */
final class Neighbours implements AutoCloseable {
  private final HttpServer server;

  private Neighbours(HttpServer server) {
    this.server = server;
  }

  /** Next to the product's port, so that addresses stay the same from start to start; on a free one if that is taken. */
  static Neighbours beside(
      int port, MailSink mails, TextSink texts, Supplier<List<SentPush>> pushes) {
    try {
      var server = bound(port + 1);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/inbox", new Inbox(mails, texts, pushes, "http://localhost:" + port + "/approver"));
      return new Neighbours(server);
    } catch (IOException e) {
      throw new UncheckedIOException("no port for the bank", e);
    }
  }

  private static HttpServer bound(int wanted) throws IOException {
    var loopback = InetAddress.getLoopbackAddress();
    try {
      return HttpServer.create(new InetSocketAddress(loopback, wanted > 65_535 ? 0 : wanted), 100);
    } catch (BindException _) {
      return HttpServer.create(new InetSocketAddress(loopback, 0), 100);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  void add(String path, HttpHandler handler) {
    server.createContext(path, handler);
  }

  void start() {
    server.start();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
