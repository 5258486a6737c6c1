package dev.countersign.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Style sheets and scripts from the class path, served under names that contain a hash of their content, so that a
 * browser may keep them for ever. Each is read and compressed once. Safe to share between threads.
 */
public final class Assets {
  private static final Pattern SERVED =
      Pattern.compile("([a-z][a-z0-9-]*)\\.([0-9a-f]{12})\\.(css|js|svg)");
  private static final Pattern NAMED = Pattern.compile("([a-z][a-z0-9-]*)\\.(css|js|svg)");
  private static final Map<String, Optional<Asset>> READ = new ConcurrentHashMap<>();

  private Assets() {}

  /** A file as it goes over the wire. The arrays are shared: don't change them. */
  public static final class Asset {
    private final String url;
    private final String hash;
    private final String contentType;
    private final byte[] plain;
    private final byte[] gzipped;

    private Asset(String stem, String extension, byte[] content) {
      this.hash = hash(content);
      this.url = "/assets/" + stem + "." + hash + "." + extension;
      this.contentType = mediaType(extension);
      this.plain = content;
      this.gzipped = Gzip.best(content);
    }

    /** The path under which it is served, for example {@code /assets/app.1f2e3d4c5b6a.css}. */
    public String url() {
      return url;
    }

    public String contentType() {
      return contentType;
    }

    public byte[] plain() {
      return plain;
    }

    public byte[] gzipped() {
      return gzipped;
    }
  }

  /** The URL path of an asset by its plain name, for example {@code Assets.url("app.css")}. */
  public static String url(String name) {
    return read(name)
        .orElseThrow(() -> new IllegalArgumentException("No asset is called " + name))
        .url();
  }

  /** What is served under {@code /assets/<served>}; empty if there is no such file or its content has another hash. */
  public static Optional<Asset> find(String served) {
    var match = SERVED.matcher(served);
    return match.matches()
        ? read(match.group(1) + "." + match.group(3))
            .filter(asset -> asset.hash.equals(match.group(2)))
        : Optional.empty();
  }

  /** The first twelve hex digits of the SHA-256 of a content: enough to tell versions apart, no protection. */
  public static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String hash(String content) {
    return hash(content.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<Asset> read(String name) {
    var known = READ.get(name);
    if (known != null) {
      return known;
    }
    var loaded = load(name);
    // A name that isn't there is not remembered: names come from the network, and memory is finite.
    if (loaded.isPresent()) {
      READ.put(name, loaded);
    }
    return loaded;
  }

  private static Optional<Asset> load(String name) {
    var match = NAMED.matcher(name);
    if (!match.matches()) {
      return Optional.empty();
    }
    try (var in = Assets.class.getResourceAsStream("/assets/" + name)) {
      if (in == null) {
        return Optional.empty();
      }
      return Optional.of(new Asset(match.group(1), match.group(2), in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static String mediaType(String extension) {
    return switch (extension) {
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      default -> "image/svg+xml";
    };
  }
}
