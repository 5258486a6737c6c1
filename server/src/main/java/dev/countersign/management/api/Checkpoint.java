package dev.countersign.management.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Problem;
import dev.countersign.web.Refused;
import dev.countersign.web.Reply;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/**
 * A list read on from where the last page ended, at a cost that does not grow with what was read before. It wins over
 * {@link Paging} where a caller sends both.
 *
 * @param take how many are wanted
 * @param after the key of the last one seen; empty at the beginning
 */
public record Checkpoint(int take, String after) {
  private static final int USUAL = 50;

  /** The parameters, for lists that can be read so. */
  public static final Map<String, Shape> QUERY =
      Map.of("take", new Shape.Whole(1, 100), "from", Shape.text(0, 1_000));

  /** Empty where the caller wants pages by number. */
  public static Optional<Checkpoint> of(Call call) {
    if (call.queryText("from").isEmpty() && !call.query().containsKey("take")) {
      return Optional.empty();
    }
    return Optional.of(
        new Checkpoint(
            (int) call.queryNumber("take", USUAL), key(call.queryText("from").orElse(""))));
  }

  private static String key(String from) {
    try {
      return new String(Base64.getUrlDecoder().decode(from), UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Refused(
          Problem.BAD_QUERY, "from", "Send the next of the page before, as it was given");
    }
  }

  /**
   * The page.
   *
   * @param found what comes after {@link #after}, one more than {@link #take} where there are more
   * @param key what the next page is found by
   */
  public <T> Reply answer(
      String name, List<T> found, Function<T, String> key, Function<T, ObjectNode> shown) {
    var page = found.subList(0, Math.min(take, found.size()));
    ObjectNode out = Json.object();
    if (found.size() > take) {
      out.put(
          "next",
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(key.apply(page.getLast()).getBytes(UTF_8)));
    }
    out.set(name, Paging.array(page.stream().map(shown).toList()));
    return Reply.json(out);
  }

  /** The page of a list that is whole already and sorted by {@code key}. */
  public <T> Reply cut(
      String name, List<T> sorted, Function<T, String> key, Function<T, ObjectNode> shown) {
    return answer(
        name,
        sorted.stream()
            .filter(each -> key.apply(each).compareTo(after) > 0)
            .limit(take + 1L)
            .toList(),
        key,
        shown);
  }
}
