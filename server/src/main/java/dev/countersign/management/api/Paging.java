package dev.countersign.management.api;

import dev.countersign.kernel.Json;
import dev.countersign.web.Reply;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which part of a list is wanted. A page past the end is an empty page: clients go on until they meet one. */
public record Paging(int offset, int limit, boolean withTotals) {
  /** The parameters of every list. */
  public static final Map<String, Shape> QUERY =
      Map.of(
          "page",
          new Shape.Whole(0, Integer.MAX_VALUE),
          "per_page",
          new Shape.Whole(0, 100),
          "include_totals",
          Shape.flag());

  /** How far pages by number reach, and how far is counted: beyond it the cost would grow with what was read before. */
  public static final int REACH = 1_000;

  /** Whether it begins where pages by number do not reach. */
  public boolean isBeyondReach() {
    return limit > 0 && offset >= REACH;
  }

  /** The answer where it does and there is something. */
  public static ApiError tooFar() {
    return ApiError.query(
        new Shape.Violation(
                "Pages reach the first " + REACH + "; read on with take and from", "page")
            .sentence("Query"));
  }

  public static Paging of(Call call) {
    int limit = (int) call.queryNumber("per_page", 50);
    long offset = call.queryNumber("page", 0) * limit;
    return new Paging(
        (int) Math.min(offset, Integer.MAX_VALUE - 100),
        limit,
        call.queryFlag("include_totals", false));
  }

  /** How many there are in all; asked only where it is to be told. */
  @FunctionalInterface
  public interface Total {
    long count();
  }

  /** The page, bare or with totals under {@code key}. */
  public Reply answer(String key, List<ObjectNode> items, Total total) {
    var array = array(items);
    if (!withTotals) {
      return Reply.json(array);
    }
    ObjectNode out =
        Json.object()
            .put("start", offset)
            .put("limit", limit)
            .put("length", items.size())
            .put("total", total.count());
    out.set(key, array);
    return Reply.json(out);
  }

  /** The page of a list that is whole already. */
  public <T> List<T> cut(List<T> all) {
    return all.subList(Math.min(offset, all.size()), Math.min(offset + limit, all.size()));
  }

  public static ArrayNode array(List<ObjectNode> items) {
    var array = Json.array();
    items.forEach(array::add);
    return array;
  }
}
