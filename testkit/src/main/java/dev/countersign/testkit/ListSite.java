package dev.countersign.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A site that publishes a list of addresses, or whatever else it is told to answer, over real HTTP. Thread-safe. */
public final class ListSite implements AutoCloseable {
  private final HttpServer server;
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile int status = 200;
  private volatile String text = "";
  private volatile boolean silent;

  public ListSite() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/list.txt";
  }

  /** Where something is looked up by what is added to the path. */
  public String prefix() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/range/";
  }

  /** From now on it answers so. */
  public ListSite answers(int code, String body) {
    status = code;
    text = body;
    return this;
  }

  /** From now on it takes requests and answers none. */
  public ListSite fallsSilent() {
    silent = true;
    return this;
  }

  /** What the header {@code Key} of each request said; empty without one. */
  public List<String> keys() {
    return List.copyOf(keys);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      keys.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Key")).orElse(""));
      if (silent) {
        closing.await();
        return;
      }
      var body = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
  }
}
