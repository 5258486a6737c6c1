package dev.countersign.management.logs;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.audit.stream.Category;
import dev.countersign.audit.stream.LogStream;
import dev.countersign.audit.stream.LogStreams;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Shape;
import dev.countersign.outbound.Callout;
import dev.countersign.outbound.StandardWebhooks;
import dev.countersign.storage.Database;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a tenant wants to be told of what happens: Auth0's log streams, of the type {@code http}. What is sent with calls
 * as a secret is never read back: a mask stands in its place, and a mask that is sent leaves it as it is.
 */
public final class LogStreamEndpoints {
  private static final String MASK = "********";
  private static final String ONE = "/log-streams/{id}";
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]*");

  /** What the way of sending itself says. */
  private static final Set<String> TAKEN =
      Set.of(
          "authorization",
          "content-length",
          "content-type",
          "host",
          "connection",
          "transfer-encoding",
          "webhook-id",
          "webhook-timestamp",
          "webhook-signature");

  private static final Shape NAME = Shape.text(1, 255);
  private static final Shape FILTERS =
      new Shape.ListOf(
          Shape.fields()
              .withRequired("type", Shape.word("category"))
              .withRequired(
                  "name",
                  Shape.word(
                      Stream.of(Category.values()).map(Category::word).toArray(String[]::new))),
          50);
  private static final Shape SINK =
      Shape.fields()
          .withRequired("httpEndpoint", Shape.text(8, 1_000))
          .with("httpContentType", Shape.text(1, 100))
          .with("httpContentFormat", Shape.word("JSONLINES", "JSONARRAY", "JSONOBJECT"))
          .with("httpAuthorization", Shape.text(0, 2_000).orNull())
          .with(
              "httpCustomHeaders",
              new Shape.ListOf(
                  Shape.fields()
                      .withRequired("header", Shape.text(1, 100))
                      .withRequired("value", Shape.text(0, 2_000)),
                  20));
  private static final Shape NEW =
      Shape.fields()
          .with("name", NAME)
          .withRequired("type", Shape.word("http"))
          .withRequired("sink", SINK)
          .with("filters", FILTERS)
          .with("isPriority", Shape.flag());
  private static final Shape CHANGE =
      Shape.fields()
          .with("name", NAME)
          .with("status", Shape.word("active", "paused"))
          .with("sink", SINK)
          .with("filters", FILTERS)
          .with("isPriority", Shape.flag());
  private static final Shape.Fields SHOWN =
      Shape.fields()
          .withRequired("id", Shape.text(1, 40))
          .withRequired("name", NAME)
          .withRequired("type", Shape.word("http"))
          .withRequired("status", Shape.word("active", "paused"))
          .withRequired("sink", SINK)
          .withRequired("filters", FILTERS)
          .withRequired("dead_letters", new Shape.Whole(0, Long.MAX_VALUE))
          .withRequired("created_at", Shape.moment());

  private final Database database;
  private final LogStreams streams;
  private final Callout callout;
  private final Audit audit;
  private final Entropy entropy;

  public LogStreamEndpoints(
      Database database, LogStreams streams, Callout callout, Audit audit, Entropy entropy) {
    this.database = database;
    this.streams = streams;
    this.callout = callout;
    this.audit = audit;
    this.entropy = entropy;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/log-streams", "read:log_streams", this::list)
            .does("Lists who is told of what happens")
            .answers(200, new Shape.ListOf(SHOWN, LogStreams.MOST)),
        Endpoint.post("/log-streams", "create:log_streams", NEW, this::create)
            .does("Has an address told of what happens; the answer alone shows the signing key")
            .answers(200, SHOWN.withRequired("signing_secret", Shape.text(20, 200))),
        Endpoint.get(ONE, "read:log_streams", call -> about(call, it -> Reply.json(shown(it))))
            .does("Shows who is told of what happens")
            .answers(200, SHOWN),
        Endpoint.patch(
                ONE, "update:log_streams", CHANGE, call -> about(call, it -> change(call, it)))
            .does("Changes a log stream; it is called at once")
            .answers(200, SHOWN),
        Endpoint.delete(ONE, "delete:log_streams", this::remove)
            .does("Ends a log stream")
            .answersNothing(),
        Endpoint.of(
                Method.POST,
                ONE + "/redeliver",
                List.of("update:log_streams"),
                call -> about(call, it -> redeliver(call, it)))
            .does("Tries again what a log stream did not take within a day")
            .answers(
                200, Shape.fields().withRequired("events", new Shape.Whole(0, Integer.MAX_VALUE))));
  }

  private Reply about(Call call, Function<LogStream, Reply> deed) {
    return database
        .read(tx -> streams.find(tx, call.tenant(), call.parameter("id")))
        .map(deed)
        .orElseGet(LogStreamEndpoints::noSuchStream);
  }

  private Reply list(Call call) {
    var out = Json.array();
    database.read(tx -> streams.all(tx, call.tenant())).forEach(it -> out.add(shown(it)));
    return Reply.json(out);
  }

  private Reply create(Call call) {
    var sink = call.body().get("sink");
    var unfit = unfit(sink);
    if (unfit.isPresent()) {
      return unfit.get().reply();
    }
    var name = call.text("name");
    var settings =
        new LogStream(
            "new",
            name == null ? "Log stream" : name,
            LogStream.Status.ACTIVE,
            sink(sink, StandardWebhooks.freshKey(entropy), null),
            categories(call.field("filters")),
            0,
            new Moment(0));
    var added =
        database.write(tx -> {
          var stream = streams.add(tx, call.tenant(), settings, call.occasion().at());
          stream.ifPresent(it -> audit.record(tx, call.tenant(), told(call, it, "added")));
          return stream;
        });
    return added
        .map(it -> Reply.json(shown(it).put("signing_secret", it.sink().key().reveal())))
        .orElseGet(() ->
            ApiError.unsupported(
                    "A tenant may have " + LogStreams.MOST + " log streams. Delete one first.")
                .reply());
  }

  private Reply change(Call call, LogStream before) {
    var sink = call.field("sink");
    var unfit = sink == null ? Optional.<ApiError>empty() : unfit(sink);
    if (unfit.isPresent()) {
      return unfit.get().reply();
    }
    var name = call.text("name");
    var status = call.text("status");
    var filters = call.field("filters");
    var after =
        new LogStream(
            before.id(),
            name == null ? before.name() : name,
            status == null
                ? before.status()
                : LogStream.Status.valueOf(status.toUpperCase(Locale.ROOT)),
            sink == null ? before.sink() : sink(sink, before.sink().key(), before.sink()),
            filters == null ? before.categories() : categories(filters),
            before.deadLetters(),
            before.createdAt());
    return database.write(tx -> {
      if (!streams.change(tx, call.tenant(), after, call.occasion().at())) {
        return noSuchStream();
      }
      if (!after.equals(before)) {
        audit.record(
            tx,
            call.tenant(),
            told(call, after, String.join(", ", new TreeSet<>(call.body().propertyNames()))));
      }
      return Reply.json(shown(after));
    });
  }

  private Reply remove(Call call) {
    return database.write(tx -> {
      var stream = streams.find(tx, call.tenant(), call.parameter("id"));
      if (stream.isEmpty() || !streams.remove(tx, call.tenant(), stream.get().id())) {
        return noSuchStream();
      }
      audit.record(tx, call.tenant(), told(call, stream.get(), "deleted"));
      return Reply.empty(204);
    });
  }

  private Reply redeliver(Call call, LogStream stream) {
    int events =
        database.write(
            tx -> streams.takeUpAgain(tx, call.tenant(), stream.id(), call.occasion().at()));
    return Reply.json(Json.object().put("events", events));
  }

  private static AuditEvent told(Call call, LogStream stream, String changed) {
    return AuditEvent.success(AuditType.API_CHANGED, call.occasion())
        .by(call.actor(), null)
        .with("setting", "log_stream")
        .with("stream", stream.id())
        .with("changed", changed);
  }

  private static Reply noSuchStream() {
    return new ApiError(404, "inexistent_log_stream", "The log stream does not exist.").reply();
  }

  // Reading what was sent

  private Optional<ApiError> unfit(JsonNode sink) {
    if (!mayName(sink.get("httpEndpoint").stringValue())) {
      return wrong("An https URL of a server that may be called is needed", "httpEndpoint");
    }
    if (!VALUE.matcher(sink.path("httpContentType").asString("")).matches()) {
      return wrong("A character that cannot stand here", "httpContentType");
    }
    if (!VALUE.matcher(sink.path("httpAuthorization").asString("")).matches()) {
      return wrong("A character that cannot stand here", "httpAuthorization");
    }
    int i = 0;
    for (var each : sink.path("httpCustomHeaders")) {
      var name = each.get("header").stringValue();
      if (!TOKEN.matcher(name).matches() || TAKEN.contains(name.toLowerCase(Locale.ROOT))) {
        return wrong("Not a header that can be set", "httpCustomHeaders[" + i + "].header");
      }
      if (!VALUE.matcher(each.get("value").stringValue()).matches()) {
        return wrong("A character that cannot stand here", "httpCustomHeaders[" + i + "].value");
      }
      i++;
    }
    return Optional.empty();
  }

  private boolean mayName(String url) {
    try {
      return callout.mayName(URI.create(url));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static Optional<ApiError> wrong(String what, String field) {
    return Optional.of(
        ApiError.body(new Shape.Violation(what, "sink." + field).sentence("Payload")));
  }

  private static LogStream.Sink sink(JsonNode sent, Secret key, LogStream.@Nullable Sink before) {
    var authorization = sent.path("httpAuthorization").asString("");
    Map<String, Secret> headers = new LinkedHashMap<>();
    for (var each : sent.path("httpCustomHeaders")) {
      var name = each.get("header").stringValue();
      var value = each.get("value").stringValue();
      var kept = before == null ? null : before.headers().get(name);
      headers.put(name, value.equals(MASK) && kept != null ? kept : Secret.of(value));
    }
    return new LogStream.Sink(
        URI.create(sent.get("httpEndpoint").stringValue()),
        sent.path("httpContentType").asString("application/json"),
        LogStream.Format.valueOf(sent.path("httpContentFormat").asString("JSONLINES")),
        authorization.equals(MASK) && before != null
            ? before.authorization()
            : Optional.of(authorization).filter(it -> !it.isEmpty()).map(Secret::of),
        headers,
        key);
  }

  private static Set<Category> categories(@Nullable JsonNode filters) {
    Set<Category> out = new TreeSet<>();
    if (filters != null) {
      filters.forEach(it -> Category.of(it.get("name").stringValue()).ifPresent(out::add));
    }
    return out;
  }

  // Showing

  private static ObjectNode shown(LogStream it) {
    ObjectNode out =
        Json.object()
            .put("id", it.id())
            .put("name", it.name())
            .put("type", "http")
            .put("status", it.status().name().toLowerCase(Locale.ROOT));
    var sink =
        out.putObject("sink")
            .put("httpEndpoint", it.sink().endpoint().toString())
            .put("httpContentType", it.sink().contentType())
            .put("httpContentFormat", it.sink().format().name());
    it.sink().authorization().ifPresent(_ -> sink.put("httpAuthorization", MASK));
    var headers = sink.putArray("httpCustomHeaders");
    new TreeMap<>(it.sink().headers())
        .keySet()
        .forEach(name -> headers.addObject().put("header", name).put("value", MASK));
    var filters = out.putArray("filters");
    new TreeSet<>(it.categories())
        .forEach(each -> filters.addObject().put("type", "category").put("name", each.word()));
    out.put("dead_letters", it.deadLetters()).put("created_at", it.createdAt().toString());
    return out;
  }
}
