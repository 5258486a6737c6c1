package dev.countersign.web;

import java.util.List;

/**
 * One line of the route table.
 *
 * @param path such as {@code /api/v2/users/{id}}; a brace takes one whole segment
 */
public record Route(Method method, String path, Guard guard, Handler handler) {

  public static Route get(String path, Handler handler) {
    return new Route(Method.GET, path, Guard.OPEN, handler);
  }

  /** A form of our own pages. */
  public static Route form(String path, Handler handler) {
    return new Route(Method.POST, path, Guard.FORM, handler);
  }

  List<String> segments() {
    return List.of(path.substring(1).split("/", -1));
  }

  /** As the golden route table shows it. */
  @Override
  public String toString() {
    var demands =
        switch (guard) {
          case Guard.Open _ -> "open";
          case Guard.CrossOrigin _ -> "open, cross-origin";
          case Guard.Form _ -> "form";
          case Guard.Bearer(var anyOf, var act) ->
              "bearer " + String.join(" | ", anyOf) + (act.isEmpty() ? "" : ", " + act);
        };
    return "%-7s %-60s %s".formatted(method, path, demands);
  }
}
