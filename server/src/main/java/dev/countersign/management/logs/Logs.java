package dev.countersign.management.logs;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.identity.People;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Paging;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** The audit log in the shape of Auth0's logs: its type codes, with our own names in {@code details}. */
public final class Logs {
  private static final Map<String, Shape> NARROWING =
      Map.of("fields", Shape.text(0, 500), "include_fields", Shape.flag());
  private static final Shape SORT = Shape.word("date:1", "date:-1");

  /** One condition of the little that is understood of Lucene's language. */
  private static final Pattern TERM =
      Pattern.compile(
          "\\s*(type|user_id|client_id|sign_in)\\s*:\\s*(?:\"([^\"\\\\]*)\"|([^\\s\"*?()\\[\\]{}:\\\\]+))\\s*");

  private static final Shape WORD = Shape.text(0, 1_000);
  private static final Shape.Fields ENTRY =
      Shape.fields()
          .with("log_id", WORD)
          .with("_id", WORD)
          .with("date", Shape.moment())
          .with("type", WORD)
          .with("description", WORD)
          .with("client_id", WORD)
          .with("user_id", WORD)
          .with("user_name", WORD)
          .with("connection", WORD)
          .with("strategy", WORD)
          .with("strategy_type", WORD)
          .with("ip", WORD)
          .with("client_ip", WORD)
          .with("user_agent", WORD)
          .with("isMobile", Shape.flag())
          .with(
              "details",
              Shape.fields()
                  .withRequired("event", WORD)
                  .withRequired("outcome", Shape.word("success", "failure", "denied", "partial"))
                  .withRequired("actor", WORD)
                  .with("sign_in", WORD)
                  .with("request_id", WORD)
                  .withRequired("data", new Shape.Open(100_000))
                  .with(
                      "failure_details",
                      Shape.fields()
                          .withRequired("errorCode", WORD)
                          .withRequired("errorMessage", WORD)));

  private final Database database;
  private final Audit audit;
  private final People people;

  public Logs(Database database, Audit audit, People people) {
    this.database = database;
    this.audit = audit;
    this.people = people;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.of(Method.GET, "/logs", List.of("read:logs", "read:logs_users"), this::list)
            .does("Lists what happened, newest first; from an entry on, oldest first")
            .answers(200, Shape.page("logs", ENTRY))
            .query(Paging.QUERY)
            .query(NARROWING)
            .query("sort", SORT)
            .query("q", Shape.text(0, 1000))
            .query("search", Shape.text(0, 1000))
            .query("from", Shape.text(1, 64))
            .query("take", new Shape.Whole(1, 100)),
        Endpoint.of(Method.GET, "/logs/{id}", List.of("read:logs", "read:logs_users"), this::show)
            .does("Shows one thing that happened")
            .answers(200, ENTRY),
        Endpoint.of(
                Method.GET,
                "/users/{id}/logs",
                List.of("read:logs", "read:logs_users"),
                this::ofUser)
            .does("Lists what happened to a person")
            .answers(200, Shape.page("logs", ENTRY))
            .query(Paging.QUERY)
            .query("sort", SORT));
  }

  private Reply list(Call call) {
    if (call.queryText("from").isPresent() || call.query().containsKey("take")) {
      return onwards(call);
    }
    var asked = call.queryText("q").or(() -> call.queryText("search")).filter(q -> !q.isBlank());
    var filter = asked.isEmpty() ? Optional.of(Audit.Filter.ALL) : parsed(asked.get());
    if (filter.isEmpty()) {
      return ApiError.query(
              new Shape.Violation(
                      "Search for type, user_id, client_id and sign_in, each at most once and joined by AND, such as type:\"s\" AND user_id:\"...\"",
                      "q")
                  .sentence("Query"))
          .reply();
    }
    return database.read(tx -> page(tx, call, filter.get()));
  }

  /** From a checkpoint on, oldest first; whatever else was asked for is ignored. */
  private Reply onwards(Call call) {
    var filter = call.queryText("from").map(Audit.Filter::after).orElse(Audit.Filter.ALL);
    int take = (int) call.queryNumber("take", 50);
    return database.read(tx ->
        Reply.json(
            Paging.array(
                audit.oldestFirst(tx, call.tenant(), filter, 0, take).stream()
                    .map(it -> shown(tx, call, it))
                    .toList())));
  }

  private Reply page(Tx tx, Call call, Audit.Filter filter) {
    var paging = Paging.of(call);
    var events =
        call.queryText("sort").filter("date:1"::equals).isPresent()
            ? audit.oldestFirst(tx, call.tenant(), filter, paging.offset(), paging.limit())
            : audit.newestFirst(tx, call.tenant(), filter, paging.offset(), paging.limit());
    return paging.answer(
        "logs",
        events.stream().map(it -> call.narrowed(shown(tx, call, it))).toList(),
        () -> audit.count(tx, call.tenant(), filter));
  }

  private Reply ofUser(Call call) {
    var user = new UserId(call.parameter("id"));
    return database.read(tx ->
        people.find(tx, call.tenant(), user).isPresent()
            ? page(tx, call, Audit.Filter.about(user))
            : ApiError.NO_SUCH_USER.reply());
  }

  private Reply show(Call call) {
    return database
        .read(tx ->
            audit
                .find(tx, call.tenant(), call.parameter("id"))
                .map(it -> Reply.json(shown(tx, call, it))))
        .orElseGet(
            () -> new ApiError(404, "inexistent_log", "The log entry does not exist.").reply());
  }

  /** What a query asks for; nothing when it is not understood. */
  private static Optional<Audit.Filter> parsed(String q) {
    Map<String, String> terms = new HashMap<>();
    for (var term : q.split("\\sAND\\s", -1)) {
      var match = TERM.matcher(term);
      if (!match.matches()
          || terms.put(match.group(1), match.group(2) == null ? match.group(3) : match.group(2))
              != null) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new Audit.Filter(
            Optional.ofNullable(terms.get("user_id")),
            Optional.ofNullable(terms.get("sign_in")),
            Optional.ofNullable(terms.get("type")),
            Optional.ofNullable(terms.get("client_id")),
            Optional.<Moment>empty(),
            Optional.empty()));
  }

  private ObjectNode shown(Tx tx, Call call, AuditEvent it) {
    ObjectNode out =
        Json.object()
            .put("log_id", it.id())
            .put("_id", it.id())
            .put("date", it.occurredAt().toString())
            .put("type", it.auth0())
            .put("description", it.type().description());
    var client = it.client();
    if (client != null) {
      out.put("client_id", client.value());
    }
    var user = it.user();
    if (user != null) {
      out.put("user_id", user.value());
      people
          .find(tx, call.tenant(), user)
          .ifPresent(person ->
              out.put("user_name", person.label())
                  .put("connection", person.connection())
                  .put("strategy", "auth0")
                  .put("strategy_type", "database"));
    }
    out.put("ip", it.address())
        .put("client_ip", it.address())
        .put("user_agent", it.userAgent())
        .put("isMobile", it.userAgent().contains("Mobile"));
    out.set("details", details(it));
    return out;
  }

  private static ObjectNode details(AuditEvent it) {
    ObjectNode out =
        Json.object()
            .put("event", it.type().code())
            .put("outcome", it.outcome().name().toLowerCase(Locale.ROOT))
            .put("actor", it.actor());
    var signIn = it.signIn();
    if (signIn != null) {
      out.put("sign_in", signIn.value());
    }
    if (!it.requestId().isEmpty()) {
      out.put("request_id", it.requestId());
    }
    var more = Json.object();
    it.details().forEach(more::put);
    out.set("data", more);
    var reason = it.details().get("reason");
    if (reason != null && it.outcome() != AuditEvent.Outcome.SUCCESS) {
      out.set(
          "failure_details",
          Json.object().put("errorCode", reason).put("errorMessage", it.type().description()));
    }
    return out;
  }
}
