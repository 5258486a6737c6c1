package dev.countersign.management.api;

import dev.countersign.web.Reply;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** Lists that are short enough to be whole in memory: by page, with totals, or from a checkpoint on. */
public final class Listing {
  /** The parameters. */
  public static final Map<String, Shape> QUERY = all();

  /** The parameters of what can be shown in part. */
  public static final Map<String, Shape> NARROWING =
      Map.of("fields", Shape.text(0, 1_000), "include_fields", Shape.flag());

  private Listing() {}

  private static Map<String, Shape> all() {
    var all = new LinkedHashMap<>(Paging.QUERY);
    all.putAll(Checkpoint.QUERY);
    return all;
  }

  /**
   * The part that was asked for.
   *
   * @param key the name of the list in answers with totals
   * @param id what tells each from all others, and the order of checkpoints
   */
  public static <T> Reply answer(
      Call call, String key, List<T> all, Function<T, String> id, Function<T, ObjectNode> shown) {
    return Checkpoint.of(call)
        .map(it -> it.cut(key, all.stream().sorted(Comparator.comparing(id)).toList(), id, shown))
        .orElseGet(() -> {
          var paging = Paging.of(call);
          return paging.answer(key, paging.cut(all).stream().map(shown).toList(), all::size);
        });
  }
}
