package dev.countersign.management.logs;

import dev.countersign.audit.Audit;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Paging;
import dev.countersign.management.api.Paths;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The audit log in the shape of Auth0's logs: its type codes, with our own names in {@code details}. */
public final class Logs {
  private static final Map<String, Shape> NARROWING =
      Map.of("fields", Shape.text(0, 500), "include_fields", Shape.flag());
  private static final Shape SORT = Shape.word("date:1", "date:-1");

  /** One condition of the little that is understood of Lucene's language. */
  private static final Pattern TERM =
      Pattern.compile(
          "\\s*(type|user_id|client_id|sign_in)\\s*:\\s*(?:\"([^\"\\\\]*)\"|([^\\s\"*?()\\[\\]{}:\\\\]+))\\s*");

  private final Database database;
  private final Audit audit;
  private final LogEntries entries;

  public Logs(Database database, Audit audit, LogEntries entries) {
    this.database = database;
    this.audit = audit;
    this.entries = entries;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.of(Method.GET, "/logs", List.of("read:logs", "read:logs_users"), this::list)
            .does("Lists what happened, newest first; from an entry on, oldest first")
            .answers(200, Shape.page("logs", LogEntries.SHAPE))
            .query(Paging.QUERY)
            .query(NARROWING)
            .query("sort", SORT)
            .query("q", Shape.text(0, 1000))
            .query("search", Shape.text(0, 1000))
            .query("from", Shape.text(1, 64))
            .query("take", new Shape.Whole(1, 100)),
        Endpoint.of(Method.GET, "/logs/{id}", List.of("read:logs", "read:logs_users"), this::show)
            .does("Shows one thing that happened")
            .answers(200, LogEntries.SHAPE),
        Endpoint.of(
                Method.GET,
                Paths.USER + "/logs",
                List.of("read:logs", "read:logs_users"),
                this::ofUser)
            .does("Lists what happened to a person")
            .answers(200, Shape.page("logs", LogEntries.SHAPE))
            .query(Paging.QUERY)
            .query(NARROWING)
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
                    .map(it -> entries.shown(tx, call.tenant(), it))
                    .toList())));
  }

  private Reply page(Tx tx, Call call, Audit.Filter filter) {
    var paging = Paging.of(call);
    if (paging.isBeyondReach()) {
      return audit.count(tx, call.tenant(), filter, Paging.REACH + 1) > Paging.REACH
          ? Paging.tooFar().reply()
          : paging.answer(
              "logs", List.of(), () -> audit.count(tx, call.tenant(), filter, Paging.REACH));
    }
    var events =
        call.queryText("sort").filter("date:1"::equals).isPresent()
            ? audit.oldestFirst(tx, call.tenant(), filter, paging.offset(), paging.limit())
            : audit.newestFirst(tx, call.tenant(), filter, paging.offset(), paging.limit());
    return paging.answer(
        "logs",
        events.stream().map(it -> call.narrowed(entries.shown(tx, call.tenant(), it))).toList(),
        () -> audit.count(tx, call.tenant(), filter, Paging.REACH));
  }

  private Reply ofUser(Call call) {
    var user = new UserId(call.parameter("id"));
    return database.read(tx ->
        entries.knows(tx, call.tenant(), user)
            ? page(tx, call, Audit.Filter.about(user))
            : ApiError.NO_SUCH_USER.reply());
  }

  private Reply show(Call call) {
    return database
        .read(tx ->
            audit
                .find(tx, call.tenant(), call.parameter("id"))
                .map(it -> Reply.json(entries.shown(tx, call.tenant(), it))))
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
}
