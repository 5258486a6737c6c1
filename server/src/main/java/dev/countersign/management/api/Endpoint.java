package dev.countersign.management.api;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Problem;
import dev.countersign.web.Guard;
import dev.countersign.web.Method;
import dev.countersign.web.Refused;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One line of the API: all that is known of it before anything is done. What a caller sends is judged by this
 * declaration, so that an operation sees fitting calls only, and the OpenAPI document is made from it. Query parameters
 * that are not declared are ignored, as clients send many; body fields that are not declared are refused.
 *
 * @param path below {@code /api/v2}
 * @param scopes any of them lets a caller in
 * @param summary what it does, in one line
 * @param parameters shapes of what stands in the path's braces
 * @param body what must be sent; empty when nothing is read
 * @param answers what it says when it succeeds, by status; empty for a status without a body
 * @param act what it does, where step-up rules may want more of a person before it; empty for most
 */
public record Endpoint(
    Method method,
    String path,
    List<String> scopes,
    String summary,
    Map<String, Shape> parameters,
    Map<String, Shape> query,
    Optional<Shape> body,
    Map<Integer, Optional<Shape>> answers,
    String act,
    Operation operation) {

  public static final String BASE = "/api/v2";

  /** What an id in a path may be; which of them name something is the operation's to say. */
  static final Shape ID = Shape.text(1, 128);

  /** What an endpoint does. */
  @FunctionalInterface
  public interface Operation {
    Reply answer(Call call);
  }

  public static Endpoint of(Method method, String path, List<String> scopes, Operation operation) {
    return new Endpoint(
        method,
        path,
        List.copyOf(scopes),
        "",
        Map.of(),
        Map.of(),
        Optional.empty(),
        Map.of(),
        "",
        operation);
  }

  public static Endpoint get(String path, String scope, Operation operation) {
    return of(Method.GET, path, List.of(scope), operation);
  }

  public static Endpoint post(String path, String scope, Shape body, Operation operation) {
    return of(Method.POST, path, List.of(scope), operation).taking(body);
  }

  public static Endpoint put(String path, String scope, Shape body, Operation operation) {
    return of(Method.PUT, path, List.of(scope), operation).taking(body);
  }

  public static Endpoint patch(String path, String scope, Shape body, Operation operation) {
    return of(Method.PATCH, path, List.of(scope), operation).taking(body);
  }

  public static Endpoint delete(String path, String scope, Operation operation) {
    return of(Method.DELETE, path, List.of(scope), operation);
  }

  /** One that says by its body what is to go. */
  public static Endpoint delete(String path, String scope, Shape body, Operation operation) {
    return of(Method.DELETE, path, List.of(scope), operation).taking(body);
  }

  /** What it does, in one line: {@code Lists the applications}. */
  public Endpoint does(String line) {
    return new Endpoint(
        method, path, scopes, line, parameters, query, body, answers, act, operation);
  }

  /** One before which step-up rules may want more of a person: see {@link dev.countersign.enforcement.Act}. */
  public Endpoint act(String word) {
    return new Endpoint(
        method, path, scopes, summary, parameters, query, body, answers, word, operation);
  }

  /** What must be sent. */
  public Endpoint taking(Shape shape) {
    return new Endpoint(
        method,
        path,
        scopes,
        summary,
        parameters,
        query,
        Optional.of(shape),
        answers,
        act,
        operation);
  }

  public Endpoint parameter(String name, Shape shape) {
    return new Endpoint(
        method,
        path,
        scopes,
        summary,
        and(parameters, name, shape),
        query,
        body,
        answers,
        act,
        operation);
  }

  /** A parameter of the query; a list is sent by repeating the parameter. */
  public Endpoint query(String name, Shape shape) {
    return query(Map.of(name, shape));
  }

  public Endpoint query(Map<String, Shape> shapes) {
    var more = new LinkedHashMap<>(query);
    more.putAll(shapes);
    return new Endpoint(
        method, path, scopes, summary, parameters, more, body, answers, act, operation);
  }

  /** What a success looks like. */
  public Endpoint answers(int status, Shape shape) {
    return answering(status, Optional.of(shape));
  }

  /** A success that says nothing more: 204. */
  public Endpoint answersNothing() {
    return answering(204, Optional.empty());
  }

  private Endpoint answering(int status, Optional<Shape> shape) {
    return new Endpoint(
        method,
        path,
        scopes,
        summary,
        parameters,
        query,
        body,
        and(answers, status, shape),
        act,
        operation);
  }

  /**
   * What of an answer this declaration does not tell; empty when it is as declared. For those who test that the
   * description is true.
   */
  public Optional<String> untold(int status, String text) {
    if (status >= 400) {
      return ApiError.SHAPE.check(Json.tree(text)).map(wrong -> wrong.sentence("Answer"));
    }
    var declared = answers.get(status);
    if (declared == null) {
      return Optional.of("status " + status + " is not declared");
    }
    if (declared.isEmpty()) {
      return text.isEmpty() ? Optional.empty() : Optional.of("a body is not declared");
    }
    return declared.get().check(Json.tree(text)).map(wrong -> wrong.sentence("Answer"));
  }

  private static <K, V> Map<K, V> and(Map<K, V> map, K key, V value) {
    var more = new LinkedHashMap<>(map);
    more.put(key, value);
    return more;
  }

  /**
   * The endpoint as the router knows it.
   *
   * @param allowance what its callers share
   * @param gate what is asked of a fitting call before anything is done
   */
  public Route route(Allowance allowance, Gate gate) {
    return new Route(
        method,
        BASE + path,
        new Guard.Bearer(scopes, act),
        request -> answer(request, allowance, gate));
  }

  private Reply answer(Request request, Allowance allowance, Gate gate) {
    var standing =
        allowance.take(request.site().tenant(), request.holder().clientId(), request.at());
    if (!standing.granted()) {
      return standing.on(
          ApiError.of(Problem.TOO_MANY, "", "Too many requests; see X-RateLimit-Reset.").reply());
    }
    return standing.on(answer(request, gate));
  }

  private Reply answer(Request request, Gate gate) {
    for (var name : request.parameters().keySet()) {
      var shape = parameters.getOrDefault(name, ID);
      var wrong = shape.check(shape.read(request.parameter(name)));
      if (wrong.isPresent()) {
        return new ApiError(400, "invalid_uri", at(wrong.get(), name).sentence("Path")).reply();
      }
    }
    var asked = new LinkedHashMap<String, JsonNode>();
    for (var declared : query.entrySet()) {
      var name = declared.getKey();
      var sent = request.query().all(name);
      boolean many = declared.getValue() instanceof Shape.ListOf;
      if (sent.size() > 1 && !many) {
        return ApiError.query(
                new Shape.Violation("Expected one value but found several", name).sentence("Query"))
            .reply();
      }
      if (!sent.isEmpty()) {
        var value =
            many
                ? JsonNodeFactory.instance.arrayNode().addAll(texts(sent))
                : declared.getValue().read(sent.getFirst());
        var wrong = declared.getValue().check(value);
        if (wrong.isPresent()) {
          return ApiError.query(at(wrong.get(), name).sentence("Query")).reply();
        }
        asked.put(name, value);
      }
    }
    if (body.isEmpty()) {
      return answer(new Call(request, asked, JsonNodeFactory.instance.nullNode()), gate);
    }
    var sent = read(request);
    var wrong = body.get().check(sent);
    return wrong.isPresent()
        ? ApiError.body(wrong.get().sentence("Payload")).reply()
        : answer(new Call(request, asked, sent), gate);
  }

  private Reply answer(Call call, Gate gate) {
    return gate.closed(call).map(ApiError::reply).orElseGet(() -> operation.answer(call));
  }

  private static List<JsonNode> texts(List<String> sent) {
    return sent.stream().<JsonNode>map(JsonNodeFactory.instance::stringNode).toList();
  }

  private static Shape.Violation at(Shape.Violation violation, String name) {
    return new Shape.Violation(violation.what(), name);
  }

  private static JsonNode read(Request request) {
    if (request.body().length > 0 && !request.isJson()) {
      throw new Refused(Problem.CONTENT_TYPE, "", "Send JSON (application/json)");
    }
    try {
      return Json.parse(request.body());
    } catch (Json.Malformed e) {
      throw new Refused(Problem.BAD_REQUEST, "", "Body is not JSON: " + e.getMessage());
    }
  }
}
