package dev.countersign.testkit;

import dev.countersign.Wiring;
import dev.countersign.config.Cidr;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.web.HttpServer;
import dev.countersign.web.Peers;
import dev.countersign.web.Refused;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Site;
import dev.countersign.web.Sites;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One server of a {@link World}: all of the product, with caches of its own, on the World's database. */
public final class Node implements Wire, AutoCloseable {
  private final Wiring wiring;
  private final InstantSource clock;
  private final Entropy entropy;
  private final Sites sites;
  private final @Nullable HttpServer server;

  Node(
      Wiring wiring, InstantSource clock, Entropy entropy, boolean overSocket, List<Cidr> proxies) {
    this.wiring = wiring;
    this.clock = clock;
    this.entropy = entropy;
    this.sites =
        (host, listener) ->
            wiring.ground.tenants.at(host).map(tenant -> new Site(tenant, listener.origin(host)));
    this.server = overSocket ? listening(proxies) : null;
  }

  /** As behind a proxy that ends TLS: plain HTTP here, the World's address outside. */
  private HttpServer listening(List<Cidr> proxies) {
    var outside = new Sites.Listener(World.ADDRESS.scheme(), World.ADDRESS.port());
    return new HttpServer(
            wiring.web.router,
            sites,
            new Peers(proxies),
            HttpServer.Limits.USUAL,
            clock,
            entropy,
            (_, _, _, _) -> {})
        .listen(new HttpServer.Endpoint("127.0.0.1", 0, null, outside))
        .start();
  }

  /** The rooms, to set a scene with and to ask directly. */
  public Wiring wiring() {
    return wiring;
  }

  /** What this server's clock says; it may be off. */
  public Moment now() {
    return Moment.of(clock.instant());
  }

  /** Now, from somebody's device. */
  public Occasion occasion() {
    return new Occasion(now(), Browser.ADDRESS, Browser.USER_AGENT, "req_world");
  }

  /** The port that it listens on. */
  public int port() {
    if (server == null) {
      throw new IllegalStateException("this World is driven without sockets");
    }
    return server.port(0);
  }

  @Override
  public Received send(Sent sent) {
    return server == null ? answer(sent) : new Socket(server.port(0)).send(sent);
  }

  private Received answer(Sent sent) {
    URI uri = sent.uri();
    var host = uri.getHost().toLowerCase(Locale.ROOT);
    var site =
        sites.at(
            host,
            new Sites.Listener(
                uri.getScheme(), uri.getPort() < 0 ? World.ADDRESS.port() : uri.getPort()));
    if (site.isEmpty()) {
      return new Received(404, Map.of(), new byte[0]);
    }
    try {
      var request =
          Request.arrived(
              sent.method(),
              site.get(),
              uri.getRawPath().isEmpty() ? "/" : uri.getRawPath(),
              Optional.ofNullable(uri.getRawQuery()).orElse(""),
              sent.headers(),
              sent.body(),
              sent.address(),
              now(),
              entropy);
      return received(request, wiring.web.router.answer(request).reply());
    } catch (Refused refused) {
      return new Received(refused.problem().status(), Map.of(), new byte[0]);
    }
  }

  private static Received received(Request request, Reply reply) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    reply.headers().forEach(header -> add(headers, header.getKey(), header.getValue()));
    reply
        .cookies()
        .forEach(cookie -> add(headers, "set-cookie", cookie.header(request.site().secure())));
    return new Received(reply.status(), headers, reply.body());
  }

  private static void add(Map<String, List<String>> headers, String name, String value) {
    headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>()).add(value);
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
