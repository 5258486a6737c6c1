package dev.countersign.operator;

import dev.countersign.metrics.Meters;
import dev.countersign.metrics.ServerMeters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.ExecutorThreadPool;

/** {@code /health/live}, {@code /health/ready} and {@code /metrics} on an address of their own. Thread-safe. */
public final class OperatorServer implements AutoCloseable {
  private static final int THREADS = 6;
  private static final int IDLE_MILLIS = 10_000;
  private static final String JSON = "application/json";

  private final Server server;
  private final ServerConnector connector;

  /** The address is taken, or is not one of this machine's. */
  public static final class Unavailable extends IOException {
    private static final long serialVersionUID = 1;

    Unavailable(InetSocketAddress address, Exception cause) {
      super("the operator port cannot listen on " + address, cause);
    }
  }

  private OperatorServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /** Starts to listen; port 0 takes a free one. Without {@code meters} there is no {@code /metrics}. */
  public static OperatorServer start(
      InetSocketAddress address, Health health, Optional<ServerMeters> meters) throws Unavailable {
    // Threads of its own, so that health is told whatever the product's are busy with; not Jetty's
    // own pool, which asks Java's management for the size of a cache line, the work of a tenth of a
    // second.
    var threads = new ExecutorThreadPool(THREADS, 1);
    threads.setName("operator");
    threads.setDaemon(true);
    var server = new Server(threads);
    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    server.setHandler(new Pages(health, meters));
    try {
      server.start();
    } catch (Exception e) { // Jetty declares nothing narrower.
      throw new Unavailable(address, e);
    }
    return new OperatorServer(server, connector);
  }

  /** The port it really listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) { // Jetty declares nothing narrower.
      throw new IllegalStateException("the operator port does not stop", e);
    }
  }

  private static final class Pages extends Handler.Abstract {
    private final Health health;
    private final Optional<ServerMeters> meters;

    Pages(Health health, Optional<ServerMeters> meters) {
      this.health = health;
      this.meters = meters;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      if (!request.getMethod().equals("GET")) {
        response.getHeaders().put(HttpHeader.ALLOW, "GET");
        return say(response, callback, 405, "text/plain", "Only GET.\n");
      }
      return switch (Request.getPathInContext(request)) {
        case "/health/live" -> say(response, callback, 200, JSON, "{\"status\":\"live\"}\n");
        case "/health/ready" -> {
          Health.Report report = health.ready();
          yield say(response, callback, report.ready() ? 200 : 503, JSON, report.json());
        }
        case "/metrics" ->
            meters
                .map(shown -> say(response, callback, 200, Meters.MEDIA_TYPE, shown.text()))
                .orElseGet(() ->
                    say(response, callback, 404, "text/plain", "metrics.enabled is false.\n"));
        default ->
            say(
                response,
                callback,
                404,
                "text/plain",
                "There are /health/live, /health/ready and /metrics.\n");
      };
    }

    private static boolean say(
        Response response, Callback callback, int status, String mediaType, String text) {
      response.setStatus(status);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, mediaType);
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
      Content.Sink.write(response, true, text, callback);
      return true;
    }
  }
}
