package dev.countersign.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Compression of answers (RFC 9110 section 8.4.1.3). Of those made per request only what declares itself free of secrets is
 * compressed: the length of a compressed page tells which of its parts are alike, and so what stands beside text of an
 * attacker's choice (BREACH).
 */
public final class Gzip {
  /** Below this a header more costs what is saved. */
  private static final int LEAST = 512;

  /** The knee for pages of a few kilobytes: the levels above save next to nothing and cost more. */
  private static final int FOR_ONE_ANSWER = 4;

  private Gzip() {}

  /** Whether the browser takes it. */
  public static boolean isWanted(Request request) {
    return request.header("accept-encoding").filter(Gzip::allows).isPresent();
  }

  private static boolean allows(String accepted) {
    return List.of(accepted.split(",", -1)).stream()
        .map(String::strip)
        .anyMatch(coding ->
            coding.equals("gzip")
                || (coding.startsWith("gzip;")
                    && !coding.replace(" ", "").matches("gzip;q=0(\\.0*)?")));
  }

  /** The answer as it goes to the browser that asked. */
  static Reply applied(Request request, Reply reply) {
    if (!reply.compressible() || reply.body().length < LEAST) {
      return reply;
    }
    var vary = reply.header("Vary").map(it -> it + ", ").orElse("") + "Accept-Encoding";
    var varying = reply.withHeader("Vary", vary);
    return isWanted(request)
        ? varying
            .withBody(compress(reply.body(), FOR_ONE_ANSWER))
            .withHeader("Content-Encoding", "gzip")
        : varying;
  }

  /** As small as it gets, for what is compressed once. */
  static byte[] best(byte[] content) {
    return compress(content, Deflater.BEST_COMPRESSION);
  }

  private static byte[] compress(byte[] content, int level) {
    var out = new ByteArrayOutputStream(content.length / 2);
    try (var gzip = new Leveled(out, level)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static final class Leveled extends GZIPOutputStream {
    Leveled(ByteArrayOutputStream out, int level) throws IOException {
      super(out);
      def.setLevel(level);
    }
  }
}
