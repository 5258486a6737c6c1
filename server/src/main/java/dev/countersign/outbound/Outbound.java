package dev.countersign.outbound;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.config.Cidr;
import dev.countersign.kernel.Caches;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Calls servers elsewhere. Blocks for as long as the caller allows and no longer; to be called without a database
 * connection. Thread-safe.
 *
 * <p>Where a name leads is looked up and judged before the call. The JDK keeps what it looked up for 30 seconds, so the
 * call goes to the address that was judged, and a name cannot lead elsewhere in between.
 */
public final class Outbound implements Callout, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final int MOST = 64 * 1024;

  private final List<Cidr> allowed;
  private final HttpClient.Builder building;
  private @Nullable HttpClient client;
  private final TrustManager[] trust;

  /** Clients that show a certificate: a connection belongs to the one that it was shown on. */
  private final Cache<String, HttpClient> showing =
      Caches.begin()
          .maximumSize(100)
          .expireAfterAccess(Duration.ofHours(1))
          .<String, HttpClient>removalListener(
              (_, gone, _) -> Optional.ofNullable(gone).ifPresent(HttpClient::shutdown))
          .build();

  /**
   * The way out.
   *
   * @param allowed networks that may be called although they are private, and by plain HTTP
   */
  public Outbound(List<Cidr> allowed) {
    this(allowed, HttpClient.newBuilder());
  }

  /** The same, trusting others than this machine does. */
  public Outbound(List<Cidr> allowed, SSLContext trust) {
    this(allowed, HttpClient.newBuilder().sslContext(trust));
  }

  /** The same, trusting those whom these trust. */
  public Outbound(List<Cidr> allowed, TrustManager... trust) {
    this(allowed, HttpClient.newBuilder().sslContext(context(new KeyManager[0], trust)), trust);
  }

  private Outbound(List<Cidr> allowed, HttpClient.Builder building, TrustManager... trust) {
    this.allowed = List.copyOf(allowed);
    this.trust = trust.clone();
    this.building = building;
  }

  /** Made when something is first sent: Java then reads whom this machine trusts, which takes longer than all else here. */
  private synchronized HttpClient client() {
    if (client == null) {
      client = client(building);
    }
    return client;
  }

  private static HttpClient client(HttpClient.Builder building) {
    return building
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECT)
        .build();
  }

  private static SSLContext context(KeyManager[] keys, TrustManager... trust) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(keys, trust.length == 0 ? null : trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no TLS", e);
    }
  }

  /**
   * Posts, and waits for the whole answer for at most that long. A call that has a name is sent once more when it was broken
   * off: servers close connections that they kept for the next call, and may do so just as it begins.
   */
  @Override
  public Outcome send(Call call, Duration most) {
    long begun = System.nanoTime();
    var body = call.body().getBytes(StandardCharsets.UTF_8);
    var first = send(call.uri(), call.headers(), body, most);
    var left = most.minusNanos(System.nanoTime() - begun);
    boolean again =
        call.isNamed()
            && first instanceof Outcome.Unanswered(var why)
            && why == Outcome.Why.BROKEN_OFF
            && left.isPositive()
            && !Thread.currentThread().isInterrupted();
    return again ? send(call.uri(), call.headers(), body, left) : first;
  }

  /** The same to a server that speaks nothing older than HTTP/2 (RFC 9113). */
  public Outcome sendByHttp2(Call call, Duration most) {
    var body = call.body().getBytes(StandardCharsets.UTF_8);
    return send(client(), call.uri(), call.headers(), body, most, HttpClient.Version.HTTP_2);
  }

  /** The same, to a server that wants to see a certificate. */
  public Outcome sendByHttp2(Call call, Duration most, Identity identity) {
    var body = call.body().getBytes(StandardCharsets.UTF_8);
    var shown =
        Objects.requireNonNull(
            showing.get(
                identity.digest(),
                _ -> client(HttpClient.newBuilder().sslContext(context(identity.keys(), trust)))));
    return send(shown, call.uri(), call.headers(), body, most, HttpClient.Version.HTTP_2);
  }

  /** The same for a body that is no text. */
  public Outcome send(URI uri, Map<String, String> headers, byte[] body, Duration most) {
    return send(client(), uri, headers, body, most, HttpClient.Version.HTTP_1_1);
  }

  /** Gets a document of at most so many bytes; the same judgement of where it may be, and no redirects either. */
  public Outcome get(URI uri, Map<String, String> headers, Duration most, int largest) {
    var asking = HttpRequest.newBuilder().GET().version(HttpClient.Version.HTTP_1_1);
    return send(client(), asking, uri, headers, most, largest);
  }

  private Outcome send(
      HttpClient by,
      URI uri,
      Map<String, String> headers,
      byte[] body,
      Duration most,
      HttpClient.Version version) {
    var asking =
        HttpRequest.newBuilder()
            .version(version)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    return send(by, asking, uri, headers, most, MOST);
  }

  private Outcome send(
      HttpClient by,
      HttpRequest.Builder request,
      URI uri,
      Map<String, String> headers,
      Duration most,
      int largest) {
    try {
      if (!mayCall(uri)) {
        return new Outcome.Unanswered(Outcome.Why.NOT_ALLOWED);
      }
    } catch (UnknownHostException _) {
      return new Outcome.Unanswered(Outcome.Why.UNKNOWN_HOST);
    }
    request.uri(uri).timeout(most);
    headers.forEach(request::header);
    var answer =
        by.sendAsync(
            request.build(),
            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), largest));
    try {
      // The request's own limit ends with the headers; this one holds for the body too.
      var response = answer.get(most.toMillis(), TimeUnit.MILLISECONDS);
      return new Outcome.Answered(
          response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
    } catch (TimeoutException _) {
      answer.cancel(true);
      return new Outcome.Unanswered(Outcome.Why.TOO_SLOW);
    } catch (InterruptedException _) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      return new Outcome.Unanswered(Outcome.Why.BROKEN_OFF);
    } catch (ExecutionException e) {
      return new Outcome.Unanswered(why(e.getCause()));
    }
  }

  private static Outcome.Why why(@Nullable Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException _, ConnectException _ -> Outcome.Why.NO_CONNECTION;
      case HttpTimeoutException _ -> Outcome.Why.TOO_SLOW;
      case IOException e when String.valueOf(e.getMessage()).contains("exceeds") ->
          Outcome.Why.TOO_LARGE;
      case null, default -> Outcome.Why.BROKEN_OFF;
    };
  }

  /** Whether a tenant may name this address at all: HTTPS, a host, nothing of a user's, no fragment. */
  public static boolean isPlausible(URI uri) {
    return "https".equals(uri.getScheme())
        && uri.getHost() != null
        && uri.getRawUserInfo() == null
        && uri.getRawFragment() == null;
  }

  @Override
  public boolean mayName(URI uri) {
    try {
      return uri.getRawFragment() == null && mayCall(uri);
    } catch (UnknownHostException _) {
      return isPlausible(uri) && hasUsualPort(uri) && hasPlainHost(uri.getHost());
    }
  }

  /**
   * Whether a host is a name, or a number in the one form that everybody reads alike; and no name of this very machine.
   */
  private static boolean hasPlainHost(String host) {
    var name =
        (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).toLowerCase(Locale.ROOT);
    boolean number = name.substring(name.lastIndexOf('.') + 1).matches("[0-9].*");
    return !name.equals("localhost")
        && !name.endsWith(".localhost")
        && (!number || NUMBER.matcher(name).matches());
  }

  private static final Pattern NUMBER =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

  /** The port of HTTPS, or one that servers of one's own have: not those of mail, shells and databases of old. */
  private static boolean hasUsualPort(URI uri) {
    return uri.getPort() == -1 || uri.getPort() == 443 || uri.getPort() >= 1024;
  }

  /** How a server of a tenant's choice may be connected to. */
  public enum Reach {
    /** Not at all: its name leads nowhere, or to where only this server should get. */
    NONE,
    ENCRYPTED,
    /** The operator allows its network, so that it need not be encrypted either. */
    ANYHOW
  }

  /** Judges a host that is spoken to otherwise than by HTTP. The same address is used by whoever connects right after. */
  public Reach reach(String host) {
    try {
      var addresses = List.of(InetAddress.getAllByName(host));
      if (addresses.stream().allMatch(it -> allowed.stream().anyMatch(net -> net.contains(it)))) {
        return Reach.ANYHOW;
      }
      return hasPlainHost(host) && addresses.stream().allMatch(Outbound::isPublic)
          ? Reach.ENCRYPTED
          : Reach.NONE;
    } catch (UnknownHostException _) {
      return Reach.NONE;
    }
  }

  private boolean mayCall(URI uri) throws UnknownHostException {
    var host = uri.getHost();
    if (host == null || uri.getRawUserInfo() != null || !hasUsualPort(uri)) {
      return false;
    }
    boolean plain = host.startsWith("[") || hasPlainHost(host);
    boolean secure = "https".equals(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT));
    for (var address : InetAddress.getAllByName(host)) {
      boolean allows = allowed.stream().anyMatch(network -> network.contains(address));
      if (!allows && (!secure || !plain || !isPublic(address))) {
        return false;
      }
    }
    return true;
  }

  /** Whether an address is one of the world's: none of those that RFC 6890 sets aside. */
  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    var bytes = address.getAddress();
    if (address instanceof Inet6Address) {
      // Of IPv6 only 2000::/3 is given out; within it some prefixes carry an IPv4 address (6to4,
      // Teredo)
      // or are for documents. NAT64 (64:ff9b::/96) and IPv4-mapped addresses lie outside.
      int first = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
      int second = ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff);
      return (first & 0xe000) == 0x2000
          && first != 0x2002
          && !(first == 0x2001 && (second == 0 || second == 0xdb8));
    }
    int a = bytes[0] & 0xff;
    int b = bytes[1] & 0xff;
    int c = bytes[2] & 0xff;
    return a != 0
        && !(a == 100 && (b & 0xc0) == 64)
        && !(a == 192 && b == 0 && (c == 0 || c == 2))
        && !(a == 192 && b == 88 && c == 99)
        && !(a == 198 && (b & 0xfe) == 18)
        && !(a == 198 && b == 51 && c == 100)
        && !(a == 203 && b == 0 && c == 113)
        && a < 240;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
    showing.asMap().values().forEach(HttpClient::shutdownNow);
  }
}
