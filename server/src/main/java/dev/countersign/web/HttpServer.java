package dev.countersign.web;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.logging.RequestContext;
import dev.countersign.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 by Jetty, strict (RFC 9110, RFC 9112), one virtual thread a request. Turns what arrives into a {@link
 * Request}, asks the {@link Router}, and writes the {@link Reply}.
 */
public final class HttpServer implements AutoCloseable {
  private static final String EVERY_METHOD =
      Stream.of(Method.values()).map(Method::name).collect(Collectors.joining(", "));

  /** A body that is no larger is taken in whoever sends it; forms and requests for tokens are far smaller. */
  private static final int SMALL = 16 * 1024;

  /** Larger ones together get one of so many parts of the memory while they come in. */
  private static final int SHARE_FOR_LARGE = 8;

  private static final int MOST_LARGE = 1_000;

  private final Server server;
  private final Semaphore large;
  private final List<ServerConnector> connectors = new ArrayList<>();

  /**
   * Where to listen.
   *
   * @param port 0 picks a free one
   * @param tls null for plain HTTP
   * @param outside how the world reaches it, when a proxy stands in front; null when this is it
   */
  public record Endpoint(
      String bind, int port, @Nullable SSLContext tls, Sites.@Nullable Listener outside) {}

  /** What a request may cost before it is understood. */
  public record Limits(int bodyBytes, int headerBytes, Duration idle, Duration stop) {
    public static final Limits USUAL =
        new Limits(256 * 1024, 16 * 1024, Duration.ofSeconds(15), Duration.ofSeconds(10));
  }

  /** Told of each answered request: the log line and the meters. */
  @FunctionalInterface
  public interface Witness {
    void answered(Request request, String pattern, int status, Duration took);
  }

  private final Router router;
  private final Sites sites;
  private final Peers peers;
  private final Limits limits;
  private final InstantSource clock;
  private final Entropy entropy;
  private final Witness witness;
  private volatile boolean draining;

  public HttpServer(
      Router router,
      Sites sites,
      Peers peers,
      Limits limits,
      InstantSource clock,
      Entropy entropy,
      Witness witness) {
    this.router = router;
    this.sites = sites;
    this.peers = peers;
    this.limits = limits;
    this.clock = clock;
    this.entropy = entropy;
    this.witness = witness;
    // Without a limit: whoever dawdles over a body, or waits for something to happen, holds a
    // thread.
    // With one of 200, the default, 200 of them would shut everybody else out.
    this.server = new Server(new VirtualThreadPool(0));
    this.large =
        new Semaphore(
            Math.toIntExact(
                Math.clamp(
                    Runtime.getRuntime().maxMemory() / SHARE_FOR_LARGE / limits.bodyBytes(),
                    1,
                    MOST_LARGE)));
    server.setStopTimeout(limits.stop().toMillis());
    server.setHandler(new GracefulHandler(new Edge()));
    server.setErrorHandler((request, response, callback) -> {
      var headers = response.getHeaders();
      headers.put("Content-Type", "text/plain; charset=utf-8");
      Router.SECURITY_HEADERS.forEach(headers::put);
      headers.put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
      headers.put("X-Frame-Options", "DENY");
      if (response.getStatus() == 405) {
        headers.put(
            "Allow", EVERY_METHOD); // Which of them this path has is not looked up for others.
      }
      if (listener(request).scheme().equals("https")) {
        headers.put("Strict-Transport-Security", Router.STRICT_TRANSPORT);
      }
      Content.Sink.write(
          response,
          true,
          "The request could not be read (" + response.getStatus() + ").\n",
          callback);
      return true;
    });
  }

  /** Opens an endpoint; call before {@link #start}. */
  public HttpServer listen(Endpoint endpoint) {
    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(true);
    http.setRequestHeaderSize(limits.headerBytes());
    http.setHttpCompliance(HttpCompliance.RFC9110);
    // Ids in paths may hold an encoded slash (federated users); the router matches on encoded
    // segments.
    http.setUriCompliance(
        UriCompliance.RFC3986.with(
            "countersign", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
    ConnectionFactory[] factories;
    if (endpoint.tls() == null) {
      factories = new ConnectionFactory[] {new HttpConnectionFactory(http)};
    } else {
      http.addCustomizer(new SecureRequestCustomizer(false));
      var tls = new SslContextFactory.Server();
      tls.setSslContext(endpoint.tls());
      tls.setSniRequired(false);
      factories =
          new ConnectionFactory[] {
            new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(http)
          };
    }
    var connector = new ServerConnector(server, null, null, null, 1, 1, factories);
    connector.setHost(endpoint.bind());
    connector.setPort(endpoint.port());
    connector.setIdleTimeout(limits.idle().toMillis());
    connector.setAcceptQueueSize(512);
    connector.setName(endpoint.tls() == null ? "http" : "https");
    if (endpoint.outside() != null) {
      connector.addBean(endpoint.outside());
    }
    server.addConnector(connector);
    connectors.add(connector);
    return this;
  }

  /** Starts listening; fails with a clear message when a port is taken. */
  public HttpServer start() {
    try {
      server.start();
      return this;
    } catch (Exception e) {
      close();
      throw new IllegalStateException("cannot listen: " + e.getMessage(), e);
    }
  }

  /** The port of the n-th endpoint, as bound. */
  public int port(int index) {
    return connectors.get(index).getLocalPort();
  }

  /** From now on each answer ends its connection, so that whoever asks next may turn elsewhere. */
  public void drain() {
    draining = true;
  }

  /** Stops accepting, lets running requests finish within the limit, and ends. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("did not stop cleanly", e);
    }
  }

  /** The step between Jetty's world and ours. */
  private final class Edge extends Handler.Abstract {
    @Override
    public boolean handle(
        org.eclipse.jetty.server.Request jetty, Response response, Callback callback) {
      long started = System.nanoTime();
      try {
        var method = method(jetty.getMethod());
        if (method.isEmpty()) {
          Response.writeError(jetty, response, callback, 405);
          return true;
        }
        var listener = listener(jetty);
        var host = org.eclipse.jetty.server.Request.getServerName(jetty).toLowerCase(Locale.ROOT);
        var site = sites.at(host, listener);
        if (site.isEmpty()) {
          Response.writeError(jetty, response, callback, 404, "no tenant at this host");
          return true;
        }
        var body = body(jetty);
        if (body.isEmpty()) {
          Response.writeError(jetty, response, callback, 413);
          return true;
        }
        var request = request(jetty, method.get(), site.get(), body.get());
        var context =
            new RequestContext(request.id(), Optional.of(request.site().tenant().value()));
        var answered = context.call(() -> router.answer(request));
        write(answered.reply(), request, response, callback);
        witness.answered(
            request,
            answered.pattern(),
            answered.reply().status(),
            Duration.ofNanos(System.nanoTime() - started));
        return true;
      } catch (StorageException e) {
        Response.writeError(jetty, response, callback, 503);
        return true;
      } catch (Refused refused) {
        Response.writeError(jetty, response, callback, refused.problem().status());
        return true;
      } catch (HttpException.RuntimeException e) {
        Response.writeError(jetty, response, callback, e.getCode());
        return true;
      } catch (IOException e) {
        callback.failed(e);
        return true;
      }
    }
  }

  /** How the world reached the endpoint at which this arrived. */
  private static Sites.Listener listener(org.eclipse.jetty.server.Request jetty) {
    var connector = (ServerConnector) jetty.getConnectionMetaData().getConnector();
    var outside = connector.getBean(Sites.Listener.class);
    return outside == null
        ? new Sites.Listener(connector.getName(), connector.getLocalPort())
        : outside;
  }

  private static Optional<Method> method(String name) {
    for (var method : Method.values()) {
      if (method.name().equals(name)) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }

  private Request request(
      org.eclipse.jetty.server.Request jetty, Method method, Site site, byte[] body) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (HttpField field : jetty.getHeaders()) {
      headers
          .computeIfAbsent(field.getLowerCaseName(), _ -> new ArrayList<>(1))
          .add(field.getValue() == null ? "" : field.getValue());
    }
    var query = jetty.getHttpURI().getQuery();
    var peer =
        jetty.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress socket
            ? socket.getAddress()
            : InetAddress.getLoopbackAddress();
    return Request.arrived(
        method,
        site,
        jetty.getHttpURI().getPath(),
        query == null ? "" : query,
        headers,
        body,
        peers.address(peer, headers.getOrDefault("x-forwarded-for", List.of())),
        Moment.of(clock.instant()),
        entropy);
  }

  /** The whole body, or nothing when it is larger than allowed. */
  private Optional<byte[]> body(org.eclipse.jetty.server.Request jetty) throws IOException {
    long length = jetty.getLength();
    if (length == 0) {
      return Optional.of(new byte[0]);
    }
    if (length > limits.bodyBytes()) {
      return Optional.empty();
    }
    try (var in = Content.Source.asInputStream(jetty)) {
      // Where the length is told, no more is taken for it than it says.
      int most = length > 0 ? (int) length : limits.bodyBytes() + 1;
      var begun = in.readNBytes(Math.min(most, SMALL));
      if (begun.length == most || begun.length < SMALL) {
        return Optional.of(begun);
      }
      var bytes = rest(in, begun, most);
      return bytes.length > limits.bodyBytes() ? Optional.empty() : Optional.of(bytes);
    } catch (EofException e) {
      throw new HttpException.RuntimeException(400, "body cut short", e);
    }
  }

  /** The whole of a body of which much is to come: of those there are only so many at a time. */
  private byte[] rest(InputStream in, byte[] begun, int most) throws IOException {
    if (!large.tryAcquire()) {
      throw new HttpException.RuntimeException(503, "too many large bodies at a time");
    }
    try {
      var more = in.readNBytes(most - begun.length);
      var bytes = Arrays.copyOf(begun, begun.length + more.length);
      System.arraycopy(more, 0, bytes, begun.length, more.length);
      return bytes;
    } finally {
      large.release();
    }
  }

  private void write(Reply reply, Request request, Response response, Callback callback) {
    response.setStatus(reply.status());
    var headers = response.getHeaders();
    reply.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
    reply
        .cookies()
        .forEach(cookie -> headers.add("Set-Cookie", cookie.header(request.site().secure())));
    headers.put("X-Request-Id", request.id());
    if (draining) {
      headers.put("Connection", "close");
    }
    boolean bodiless =
        request.method() == Method.HEAD || reply.status() == 204 || reply.status() == 304;
    if (!bodiless || reply.body().length > 0) {
      headers.put("Content-Length", reply.body().length);
    }
    response.write(
        true, bodiless ? ByteBuffer.allocate(0) : ByteBuffer.wrap(reply.body()), callback);
  }
}
