package dev.countersign.audit.stream;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/**
 * An address of a tenant's that is told what happens.
 *
 * @param categories only what belongs to one of these is told; everything if there are none
 * @param deadLetters how many events it never took, and which are kept for a while
 */
public record LogStream(
    String id,
    String name,
    Status status,
    Sink sink,
    Set<Category> categories,
    long deadLetters,
    Moment createdAt) {

  public LogStream {
    categories = Set.copyOf(categories);
  }

  /** Whether it is told. */
  public enum Status {
    ACTIVE,
    /** Nothing is noted for it. */
    PAUSED
  }

  /** How several events become one body. */
  public enum Format {
    /** One object a line. */
    JSONLINES,
    JSONARRAY,
    /** One event a call, its object alone. */
    JSONOBJECT
  }

  /**
   * Where and how.
   *
   * @param authorization sent as the header of that name, if there is one
   * @param headers sent as they are
   * @param key what calls are signed with (Standard Webhooks)
   */
  public record Sink(
      URI endpoint,
      String contentType,
      Format format,
      Optional<Secret> authorization,
      Map<String, Secret> headers,
      Secret key) {
    public Sink {
      headers = Map.copyOf(headers);
    }
  }

  public boolean wants(Category category) {
    return status == Status.ACTIVE && (categories.isEmpty() || categories.contains(category));
  }

  /** What is kept sealed. */
  Secret document() {
    ObjectNode out = Json.object().put("name", name);
    out.put("endpoint", sink.endpoint().toString())
        .put("content_type", sink.contentType())
        .put("format", sink.format().name())
        .put("key", sink.key().reveal());
    sink.authorization().ifPresent(it -> out.put("authorization", it.reveal()));
    var headers = out.putObject("headers");
    sink.headers().forEach((header, value) -> headers.put(header, value.reveal()));
    var wanted = out.putArray("categories");
    new TreeSet<>(categories).forEach(it -> wanted.add(it.name()));
    return Secret.of(Json.write(out));
  }

  static LogStream read(
      String id, Status status, Secret document, long deadLetters, Moment createdAt) {
    var kept = Json.tree(document.reveal());
    Map<String, Secret> headers = new LinkedHashMap<>();
    kept.path("headers")
        .properties()
        .forEach(it -> headers.put(it.getKey(), Secret.of(it.getValue().stringValue())));
    Set<Category> categories = new TreeSet<>();
    kept.path("categories").forEach(it -> categories.add(Category.valueOf(it.stringValue())));
    return new LogStream(
        id,
        kept.path("name").stringValue(),
        status,
        new Sink(
            URI.create(kept.path("endpoint").stringValue()),
            kept.path("content_type").stringValue(),
            Format.valueOf(kept.path("format").stringValue()),
            Optional.ofNullable(kept.get("authorization")).map(it -> Secret.of(it.stringValue())),
            headers,
            Secret.of(kept.path("key").stringValue())),
        categories,
        deadLetters,
        createdAt);
  }
}
