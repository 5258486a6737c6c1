package dev.countersign.factor.custom;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.outbound.StandardWebhooks;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is set of a tenant's service or page: where it is, and the keys that both sides know, newest first. While one key takes
 * the place of another both are good, so that nothing fails meanwhile. An immutable value.
 *
 * @param url kept as it was given; fit to be called only if the definition's factor says so
 */
public record Service(String url, List<Key> keys) {
  /** How many keys are known at a time. */
  private static final int MOST = 3;

  public Service {
    keys = List.copyOf(keys);
  }

  /**
   * A key that both sides know.
   *
   * @param until when it ends; empty of the newest
   */
  public record Key(Secret secret, Optional<Moment> until) {
    boolean isGoodAt(Moment now) {
      return until.isEmpty() || now.isBefore(until.get());
    }
  }

  /** One with a key of its own. */
  public static Service at(String url, Entropy entropy) {
    return new Service(url, List.of(new Key(StandardWebhooks.freshKey(entropy), Optional.empty())));
  }

  public Service movedTo(String place) {
    return new Service(place, keys);
  }

  /** With a new key, the ones before being good for a while yet. */
  public Service rotated(Entropy entropy, Moment now, Duration overlap) {
    var end = now.plus(overlap);
    var all = new ArrayList<Key>();
    all.add(new Key(StandardWebhooks.freshKey(entropy), Optional.empty()));
    keys.stream()
        .filter(key -> key.isGoodAt(now))
        .map(key ->
            new Key(
                key.secret(), Optional.of(key.until().filter(it -> it.isBefore(end)).orElse(end))))
        .filter(key -> key.isGoodAt(now))
        .limit(MOST - 1)
        .forEach(all::add);
    return new Service(url, all);
  }

  public Secret newest() {
    return keys.getFirst().secret();
  }

  /** Until when a key before the newest is good too. */
  public Optional<Moment> overlapUntil(Moment now) {
    return keys.stream()
        .skip(1)
        .filter(key -> key.isGoodAt(now))
        .flatMap(key -> key.until().stream())
        .findFirst();
  }

  /** Those that are good now, newest first. */
  List<Secret> good(Moment now) {
    return keys.stream().filter(key -> key.isGoodAt(now)).map(Key::secret).toList();
  }

  /** The one that the other side knows for certain. */
  Secret oldest(Moment now) {
    return good(now).getLast();
  }

  URI uri() {
    return URI.create(url);
  }

  public static Service read(String document) {
    var tree = Json.tree(document);
    return new Service(
        tree.path("url").asString(""),
        Stream.of(tree.path("keys"))
            .flatMap(keys -> keys.valueStream())
            .map(Service::key)
            .toList());
  }

  private static Key key(JsonNode key) {
    return new Key(
        Secret.of(key.path("secret").asString("")),
        key.has("until") ? Optional.of(new Moment(key.path("until").asLong(0))) : Optional.empty());
  }

  /** Holds the keys: to be sealed. */
  public String write() {
    ArrayNode all = Json.array();
    for (var key : keys) {
      ObjectNode each = Json.object().put("secret", key.secret().reveal());
      key.until().ifPresent(until -> each.put("until", until.millis()));
      all.add(each);
    }
    ObjectNode out = Json.object().put("url", url);
    out.set("keys", all);
    return Json.write(out);
  }
}
