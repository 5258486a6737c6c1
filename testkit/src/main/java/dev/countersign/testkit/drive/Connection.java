package dev.countersign.testkit.drive;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One kept-alive HTTP/1.1 connection, as thin as can be: what the client burns is taken from the same cores. Not
 * thread-safe.
 */
public final class Connection implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final String host;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /** Connects to this machine, whatever the host of {@code base} would resolve to. */
  public Connection(URI base) throws IOException {
    host = base.getPort() < 0 ? base.getHost() : base.getHost() + ":" + base.getPort();
    socket = new Socket(InetAddress.getLoopbackAddress(), base.getPort() < 0 ? 80 : base.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    out = socket.getOutputStream();
  }

  /** One header field; the name in lower case. */
  public record Field(String name, String value) {}

  /**
   * An answer.
   *
   * @param body as it came over the wire, compressed where it was
   * @param size bytes of the whole answer, header included
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Answer(int status, List<Field> header, byte[] body, int size) {
    public Optional<String> field(String name) {
      return header.stream()
          .filter(field -> field.name().equals(name))
          .map(Field::value)
          .findFirst();
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  public Answer get(String target, List<Field> fields) throws IOException {
    return exchange("GET", target, fields, new byte[0]);
  }

  public Answer post(String target, List<Field> fields, String form) throws IOException {
    List<Field> all = new ArrayList<>(fields);
    all.add(new Field("content-type", "application/x-www-form-urlencoded"));
    return exchange("POST", target, all, form.getBytes(StandardCharsets.UTF_8));
  }

  private Answer exchange(String method, String target, List<Field> fields, byte[] body)
      throws IOException {
    var head =
        new StringBuilder(512)
            .append(method)
            .append(' ')
            .append(target)
            .append(" HTTP/1.1\r\nhost: ")
            .append(host)
            .append("\r\n");
    fields.forEach(
        field -> head.append(field.name()).append(": ").append(field.value()).append("\r\n"));
    if (method.equals("POST")) {
      head.append("content-length: ").append(body.length).append("\r\n");
    }
    var bytes = new ByteArrayOutputStream(head.length() + 2 + body.length);
    bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(body);
    out.write(bytes.toByteArray());
    return read();
  }

  private Answer read() throws IOException {
    var size = new int[1];
    var statusLine = line(size);
    int status = Integer.parseInt(statusLine.substring(9, 12));
    List<Field> header = new ArrayList<>(16);
    int length = 0;
    for (var line = line(size); !line.isEmpty(); line = line(size)) {
      int colon = line.indexOf(':');
      var field =
          new Field(
              line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      header.add(field);
      if (field.name().equals("transfer-encoding")) {
        throw new IOException("chunked answers are not read here");
      }
      if (field.name().equals("content-length")) {
        length = Integer.parseInt(field.value());
      }
    }
    var body = in.readNBytes(length);
    return new Answer(status, header, body, size[0] + length);
  }

  private String line(int[] size) throws IOException {
    var line = new ByteArrayOutputStream(80);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the server closed the connection");
      }
      size[0]++;
      if (b != '\r') {
        line.write(b);
      }
    }
    size[0]++;
    return line.toString(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
