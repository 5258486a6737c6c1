package dev.countersign.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * What stands in front of several servers, as careful as those that are in use: spreads requests over the servers whose
 * {@code /health/ready} says yes, keeps connections to them open, takes another one where a connection is refused, and sends
 * again what a server may have taken already only if it changes nothing. Speaks as much of HTTP/1.1 as the servers do.
 */
public final class Balancer implements AutoCloseable {
  private static final int EVERY_MS = 100;
  private static final int PATIENCE_MS = 30_000;

  private final ServerSocket door;
  private final Map<Integer, Backend> backends = new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("balancer-watch").factory());

  /** A server, and the connections to it that wait for a request. */
  private static final class Backend {
    private final int port;
    private final int operatorPort;
    private final Deque<Line> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean ready;

    Backend(int port, int operatorPort) {
      this.port = port;
      this.operatorPort = operatorPort;
    }
  }

  /** A connection, read through one buffer. */
  private record Line(Socket socket, InputStream in) implements AutoCloseable {
    static Line over(Socket socket) throws IOException {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MS);
      return new Line(socket, new BufferedInputStream(socket.getInputStream()));
    }

    static Line to(int port) throws IOException {
      var socket = new Socket();
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
      return over(socket);
    }

    void send(Message message) throws IOException {
      socket.getOutputStream().write(message.bytes());
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException _) {
        // It is gone all the same.
      }
    }
  }

  /** A request or an answer, whole. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Message(String first, List<String> headers, byte[] body) {
    boolean has(String name, String value) {
      var start = name + ":";
      return headers.stream()
          .map(it -> it.toLowerCase(Locale.ROOT))
          .anyMatch(it -> it.startsWith(start) && it.contains(value));
    }

    boolean changesNothing() {
      return first.startsWith("GET ") || first.startsWith("HEAD ");
    }

    byte[] bytes() {
      var out = new ByteArrayOutputStream();
      var head = headers.stream().collect(Collectors.joining("\r\n", first + "\r\n", "\r\n\r\n"));
      out.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
      out.writeBytes(body);
      return out.toByteArray();
    }

    /** The next one on a line; nothing when the line has ended before it began. */
    static Optional<Message> read(InputStream in, boolean bodiless) throws IOException {
      var first = line(in);
      if (first.isEmpty()) {
        return Optional.empty();
      }
      var headers = new ArrayList<String>();
      int length = 0;
      for (var line = line(in); !line.isEmpty(); line = line(in)) {
        headers.add(line);
        if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(15).strip());
        }
      }
      var body = bodiless ? new byte[0] : in.readNBytes(length);
      if (!bodiless && body.length < length) {
        throw new IOException("cut short");
      }
      return Optional.of(new Message(first, headers, body));
    }

    private static String line(InputStream in) throws IOException {
      var line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        if (b != '\r') {
          line.write(b);
        }
      }
      return line.toString(StandardCharsets.ISO_8859_1);
    }
  }

  private Balancer(ServerSocket door) {
    this.door = door;
  }

  /** One that is found at this port. */
  public static Balancer at(FreePort port) {
    try {
      var balancer =
          new Balancer(new ServerSocket(port.number(), 200, InetAddress.getLoopbackAddress()));
      Thread.ofPlatform().daemon().name("balancer").start(balancer::listen);
      var _ =
          balancer.watch.scheduleWithFixedDelay(balancer::look, 0, EVERY_MS, TimeUnit.MILLISECONDS);
      return balancer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on there is this server, in place of what was at its port before. */
  public void knows(int port, int operatorPort) {
    var backend = new Backend(port, operatorPort);
    look(backend);
    backends.put(port, backend);
  }

  private void look() {
    backends.values().forEach(Balancer::look);
  }

  private static void look(Backend backend) {
    backend.ready = isReady(backend.operatorPort);
    if (!backend.ready) {
      for (var line = backend.idle.poll(); line != null; line = backend.idle.poll()) {
        line.close();
      }
    }
  }

  private static boolean isReady(int operatorPort) {
    var asked =
        new Message(
            "GET /health/ready HTTP/1.1",
            List.of("Host: health", "Connection: close"),
            new byte[0]);
    try (var line = Line.to(operatorPort)) {
      line.send(asked);
      return Message.read(line.in(), true).filter(it -> it.first().contains(" 200 ")).isPresent();
    } catch (IOException _) {
      return false;
    }
  }

  private void listen() {
    while (!door.isClosed()) {
      try {
        var caller = Line.over(door.accept());
        Thread.ofVirtual().start(() -> serve(caller));
      } catch (IOException _) {
        return; // Closed.
      }
    }
  }

  private void serve(Line caller) {
    try (caller) {
      for (var asked = Message.read(caller.in(), false);
          asked.isPresent();
          asked = Message.read(caller.in(), false)) {
        caller.send(answer(asked.get()));
      }
    } catch (IOException _) {
      // The caller is gone.
    }
  }

  private Message answer(Message asked) {
    var tried = new ArrayList<Backend>();
    for (var next = next(tried); next.isPresent(); next = next(tried)) {
      var backend = next.get();
      try {
        return without(exchange(backend, asked), "connection");
      } catch (ConnectException _) {
        backend.ready = false;
        tried.add(backend);
      } catch (IOException e) {
        if (!asked.changesNothing()) {
          return failed(502, asked.first() + ": " + e);
        }
        tried.add(backend);
      }
    }
    return failed(503, asked.first() + ": nobody is ready");
  }

  private Optional<Backend> next(List<Backend> tried) {
    var ready = backends.values().stream().filter(it -> it.ready && !tried.contains(it)).toList();
    return ready.isEmpty()
        ? Optional.empty()
        : Optional.of(ready.get(Math.floorMod(turn.getAndIncrement(), ready.size())));
  }

  private static Message exchange(Backend backend, Message asked) throws IOException {
    var kept = backend.idle.poll();
    var line = kept == null ? Line.to(backend.port) : kept;
    try {
      line.send(asked);
      var answered =
          Message.read(line.in(), asked.first().startsWith("HEAD "))
              .orElseThrow(() -> new IOException("the line ended before there was an answer"));
      if (answered.has("connection", "close") || !backend.ready) {
        line.close();
      } else {
        backend.idle.push(line);
      }
      return answered;
    } catch (IOException e) {
      line.close();
      throw e;
    }
  }

  private static Message without(Message message, String header) {
    var others =
        message.headers().stream()
            .filter(it -> !it.toLowerCase(Locale.ROOT).startsWith(header + ":"))
            .toList();
    return new Message(message.first(), others, message.body());
  }

  private static Message failed(int status, String why) {
    var body = ("balancer: " + why).getBytes(StandardCharsets.UTF_8);
    return new Message(
        "HTTP/1.1 " + status + " Failed",
        List.of("Content-Type: text/plain", "Content-Length: " + body.length),
        body);
  }

  @Override
  public void close() {
    watch.shutdownNow();
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    backends
        .values()
        .forEach(it -> {
          it.ready = false;
          it.idle.forEach(Line::close);
        });
  }
}
