package dev.countersign.management.risk;

import dev.countersign.audit.Audit;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Shape;
import dev.countersign.outbound.Callout;
import dev.countersign.risk.lists.AddressList;
import dev.countersign.risk.lists.Lists;
import dev.countersign.risk.lists.Source;
import dev.countersign.risk.networks.Networks;
import dev.countersign.storage.Database;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lists of addresses that count in the assessment of risk, ours alone: those that a tenant writes down, and those that are
 * fetched from elsewhere. The value of a header is never read back: a mask stands in its place, and a mask that is sent leaves
 * it as it is.
 */
public final class AddressLists {
  private static final String MASK = "********";
  private static final String ALL = "/risk/lists";
  private static final String ONE = ALL + "/{id}";
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]*");

  /** What the way of asking itself says. */
  private static final Set<String> TAKEN =
      Set.of("host", "connection", "content-length", "transfer-encoding", "upgrade", "expect");

  private static final Shape NAME = Shape.text(1, 100);
  private static final Shape WEIGHT = new Shape.Whole(0, 100);
  private static final Shape CADENCE = new Shape.Whole(300, 30 * 86_400);
  private static final Shape SOURCE =
      Shape.word(Arrays.stream(Source.values()).map(Source::word).toArray(String[]::new));
  private static final Shape URL = Shape.text(8, 1_000);
  private static final Shape HEADER =
      Shape.fields()
          .withRequired("name", Shape.text(1, 100))
          .withRequired("value", Shape.text(0, 2_000))
          .orNull();
  private static final Shape ADDRESSES = new Shape.ListOf(Shape.text(1, 100), Lists.MOST_OWN);
  private static final Shape NEW =
      Shape.fields()
          .withRequired("source", SOURCE)
          .with("name", NAME)
          .with("url", URL)
          .with("header", HEADER)
          .with("addresses", ADDRESSES)
          .with("weight", WEIGHT)
          .with("anonymiser", Shape.flag())
          .with("cadence", CADENCE);
  private static final Shape CHANGE =
      Shape.fields()
          .with("name", NAME)
          .with("url", URL)
          .with("header", HEADER)
          .with("addresses", ADDRESSES)
          .with("weight", WEIGHT)
          .with("anonymiser", Shape.flag())
          .with("cadence", CADENCE)
          .with("paused", Shape.flag());
  private static final Shape.Fields SHOWN =
      Shape.fields()
          .withRequired("id", Shape.text(1, 40))
          .withRequired("name", NAME)
          .withRequired("source", SOURCE)
          .with("url", URL)
          .with("header", HEADER)
          .withRequired("weight", WEIGHT)
          .withRequired("anonymiser", Shape.flag())
          .with("cadence", CADENCE)
          .withRequired("state", Shape.word("pending", "active", "error", "paused"))
          .withRequired("entries", new Shape.Whole(0, Integer.MAX_VALUE))
          .with("last_fetched", Shape.moment())
          .with("error", Shape.text(1, 40))
          .withRequired("created_at", Shape.moment());

  private final Database database;
  private final Lists lists;
  private final Callout callout;
  private final Audit audit;

  public AddressLists(Database database, Lists lists, Callout callout, Audit audit) {
    this.database = database;
    this.lists = lists;
    this.callout = callout;
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(ALL, "read:attack_protection", this::list)
            .does("Lists the lists of addresses that count in the assessment of risk")
            .answers(200, new Shape.ListOf(SHOWN, Lists.MOST)),
        Endpoint.post(ALL, "update:attack_protection", NEW, this::create)
            .does("Adds a list of addresses, or one that is fetched again and again")
            .answers(201, SHOWN),
        Endpoint.get(ONE, "read:attack_protection", this::show)
            .does("Shows a list of addresses; what was written down, too")
            .answers(200, SHOWN.with("addresses", ADDRESSES)),
        Endpoint.patch(ONE, "update:attack_protection", CHANGE, this::change)
            .does("Changes a list of addresses; it counts from the next sign-in on")
            .answers(200, SHOWN),
        Endpoint.delete(ONE, "update:attack_protection", this::remove)
            .does("Removes a list of addresses")
            .answersNothing(),
        Endpoint.of(
                Method.POST,
                ONE + "/fetch",
                List.of("update:attack_protection"),
                call -> about(call, it -> fetch(call, it)))
            .does("Fetches a list of addresses at the next opportunity, whatever its cadence")
            .answersNothing());
  }

  private Reply about(Call call, Function<AddressList, Reply> deed) {
    return database
        .read(tx -> lists.find(tx, call.tenant(), call.parameter("id")))
        .map(deed)
        .orElseGet(AddressLists::noSuchList);
  }

  private Reply list(Call call) {
    var out = Json.array();
    database.read(tx -> lists.all(tx, call.tenant())).forEach(it -> out.add(shown(it)));
    return Reply.json(out);
  }

  private Reply show(Call call) {
    return database.read(tx ->
        lists
            .find(tx, call.tenant(), call.parameter("id"))
            .map(it -> {
              var out = shown(it);
              if (!it.source().isFetched()) {
                var addresses = out.putArray("addresses");
                lists.networks(tx, call.tenant(), it).texts().forEach(addresses::add);
              }
              return Reply.json(out);
            })
            .orElseGet(AddressLists::noSuchList));
  }

  private Reply create(Call call) {
    var source = Source.of(String.valueOf(call.text("source"))).orElseThrow();
    var wrong = unfit(call, source, null);
    if (wrong.isPresent()) {
      return wrong.get().reply();
    }
    var name = call.text("name");
    var url = call.text("url");
    var settings =
        new AddressList(
            "new",
            name == null ? source.title() : name,
            source,
            url == null ? source.url().orElse(null) : URI.create(url),
            header(call, null),
            number(call, "weight", source.weight()),
            call.flag("anonymiser", source.isAnonymiser()),
            Duration.ofSeconds(number(call, "cadence", (int) source.cadence().toSeconds())),
            AddressList.Standing.NEW,
            call.occasion().at());
    var entries = entries(call).orElse(Networks.Reading.NOTHING);
    return database.write(tx -> {
      var added = lists.add(tx, call.tenant(), settings, entries, call.occasion().at());
      added.ifPresent(
          it -> audit.record(tx, call.tenant(), call.did("created", "risk_list", it.id())));
      return added
          .map(it -> Reply.json(201, shown(it)))
          .orElseGet(() ->
              ApiError.unsupported(
                      "A tenant may have " + Lists.MOST + " lists of addresses. Delete one first.")
                  .reply());
    });
  }

  private Reply change(Call call) {
    return about(
        call,
        before -> {
          var wrong = unfit(call, before.source(), before);
          return wrong.isPresent() ? wrong.get().reply() : changed(call, before);
        });
  }

  /** What opened one server's door is shown to no other. */
  private static boolean isSameServer(@Nullable String url, AddressList before) {
    var known = before.url();
    return url == null
        || (known != null
            && URI.create(url).getAuthority().equals(known.getAuthority())
            && URI.create(url).getScheme().equals(known.getScheme()));
  }

  private Reply changed(Call call, AddressList before) {
    var name = call.text("name");
    var url = call.text("url");
    var after =
        new AddressList(
            before.id(),
            name == null ? before.name() : name,
            before.source(),
            url == null ? before.url() : URI.create(url),
            call.field("header") == null && isSameServer(url, before)
                ? before.header()
                : header(call, before),
            number(call, "weight", before.weight()),
            call.flag("anonymiser", before.anonymiser()),
            Duration.ofSeconds(number(call, "cadence", (int) before.cadence().toSeconds())),
            before.standing(),
            before.createdAt());
    boolean paused = call.flag("paused", before.standing().state() == AddressList.State.PAUSED);
    return database.write(tx -> {
      if (!lists.change(tx, call.tenant(), after, paused, entries(call), call.occasion().at())) {
        return noSuchList();
      }
      audit.record(
          tx,
          call.tenant(),
          call.did("updated", "risk_list", after.id())
              .with("weight", String.valueOf(after.weight())));
      return lists
          .find(tx, call.tenant(), after.id())
          .map(it -> Reply.json(shown(it)))
          .orElseGet(AddressLists::noSuchList);
    });
  }

  private Reply remove(Call call) {
    return database.write(tx -> {
      var id = call.parameter("id");
      if (!lists.remove(tx, call.tenant(), id, call.occasion().at())) {
        return noSuchList();
      }
      audit.record(tx, call.tenant(), call.did("deleted", "risk_list", id));
      return Reply.empty(204);
    });
  }

  private Reply fetch(Call call, AddressList list) {
    if (!list.source().isFetched() || list.standing().state() == AddressList.State.PAUSED) {
      return ApiError.unsupported("This list is not fetched.").reply();
    }
    database.run(tx -> lists.fetchSoon(tx, call.tenant(), list.id()));
    return Reply.empty(204);
  }

  private static Reply noSuchList() {
    return new ApiError(404, "inexistent_risk_list", "The list does not exist.").reply();
  }

  // Reading what was sent

  private Optional<ApiError> unfit(Call call, Source source, @Nullable AddressList before) {
    var url = call.text("url");
    var addresses = call.field("addresses");
    if (!source.isFetched()) {
      for (var field : List.of("url", "header", "cadence")) {
        if (call.field(field) != null) {
          return wrong("Only a list that is fetched has this", field);
        }
      }
      return before == null && addresses == null
          ? wrong("Missing required property: addresses", "addresses")
          : unfit(addresses);
    }
    if (addresses != null) {
      return wrong("Only a list that is written down has this", "addresses");
    }
    if (before == null && url == null && source.url().isEmpty()) {
      return wrong("Missing required property: url", "url");
    }
    if (url != null && !mayName(url)) {
      return wrong("An https URL of a server that may be called is needed", "url");
    }
    return unfitHeader(call.field("header"));
  }

  private static Optional<ApiError> unfit(@Nullable JsonNode addresses) {
    int i = 0;
    for (var address : Call.texts(addresses)) {
      if (Networks.Range.parse(address).isEmpty()) {
        return wrong("Not an address, a network or a range", "addresses[" + i + "]");
      }
      i++;
    }
    return Optional.empty();
  }

  private static Optional<ApiError> unfitHeader(@Nullable JsonNode header) {
    if (header == null || header.isNull()) {
      return Optional.empty();
    }
    var name = header.get("name").stringValue();
    if (!TOKEN.matcher(name).matches() || TAKEN.contains(name.toLowerCase(Locale.ROOT))) {
      return wrong("Not a header that can be set", "header.name");
    }
    return VALUE.matcher(header.get("value").stringValue()).matches()
        ? Optional.empty()
        : wrong("A character that cannot stand here", "header.value");
  }

  private boolean mayName(String url) {
    try {
      return callout.mayName(URI.create(url));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static Optional<ApiError> wrong(String what, String field) {
    return Optional.of(ApiError.body(new Shape.Violation(what, field).sentence("Payload")));
  }

  private static Optional<AddressList.Header> header(Call call, @Nullable AddressList before) {
    var sent = call.field("header");
    if (sent == null || sent.isNull()) {
      return Optional.empty();
    }
    var name = sent.get("name").stringValue();
    var value = sent.get("value").stringValue();
    var kept =
        before == null
            ? Optional.<AddressList.Header>empty()
            : before.header().filter(it -> it.name().equals(name) && value.equals(MASK));
    return Optional.of(kept.orElseGet(() -> new AddressList.Header(name, Secret.of(value))));
  }

  private static Optional<Networks.Reading> entries(Call call) {
    var addresses = call.field("addresses");
    if (addresses == null) {
      return Optional.empty();
    }
    var ranges =
        Call.texts(addresses).stream().map(it -> Networks.Range.parse(it).orElseThrow()).toList();
    return Optional.of(new Networks.Reading(Networks.of(ranges), ranges.size(), 0));
  }

  private static int number(Call call, String name, int otherwise) {
    var value = call.field(name);
    return value == null ? otherwise : value.asInt();
  }

  // Showing

  private static ObjectNode shown(AddressList it) {
    var out =
        Json.object().put("id", it.id()).put("name", it.name()).put("source", it.source().word());
    if (it.url() != null) {
      out.put("url", it.url().toString());
    }
    it.header()
        .ifPresent(header -> out.putObject("header").put("name", header.name()).put("value", MASK));
    out.put("weight", it.weight()).put("anonymiser", it.anonymiser());
    if (it.source().isFetched()) {
      out.put("cadence", it.cadence().toSeconds());
    }
    var standing = it.standing();
    out.put("state", standing.state().name().toLowerCase(Locale.ROOT))
        .put("entries", standing.entries());
    Moment fetched = standing.fetchedAt();
    if (fetched != null) {
      out.put("last_fetched", fetched.toString());
    }
    if (!standing.error().isEmpty()) {
      out.put("error", standing.error());
    }
    return out.put("created_at", it.createdAt().toString());
  }
}
