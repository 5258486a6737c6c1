package dev.countersign.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * HTTP/1.1 to a port of this machine, one connection a request. Sends whatever it is given, {@code Host} included: the
 * JDK's own client would neither find {@code acme.countersign.test} nor let its name be claimed.
 */
record Socket(int port) implements Wire {
  private static final int PATIENCE_MS = 60_000;

  @Override
  public Received send(Sent request) {
    try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MS);
      var out = socket.getOutputStream();
      out.write(head(request).getBytes(StandardCharsets.ISO_8859_1));
      out.write(request.body());
      out.flush();
      return received(new BufferedInputStream(socket.getInputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String head(Sent request) {
    var uri = request.uri();
    var head =
        new StringBuilder()
            .append(request.method())
            .append(' ')
            .append(uri.getRawPath().isEmpty() ? "/" : uri.getRawPath());
    if (uri.getRawQuery() != null) {
      head.append('?').append(uri.getRawQuery());
    }
    head.append(" HTTP/1.1\r\nHost: ")
        .append(uri.getHost())
        .append("\r\nConnection: close\r\nContent-Length: ")
        .append(request.body().length);
    request
        .headers()
        .forEach((name, values) ->
            values.forEach(value -> head.append("\r\n").append(name).append(": ").append(value)));
    return head.append("\r\n\r\n").toString();
  }

  private static Received received(InputStream in) throws IOException {
    int status = Integer.parseInt(line(in).split(" ", 3)[1]);
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      var parts = line.split(":", 2);
      headers
          .computeIfAbsent(parts[0].toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(parts[1].strip());
    }
    return new Received(status, headers, in.readAllBytes());
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the answer was cut short");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
