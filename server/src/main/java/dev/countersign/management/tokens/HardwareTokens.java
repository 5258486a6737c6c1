package dev.countersign.management.tokens;

import dev.countersign.enforcement.Act;
import dev.countersign.enrolment.AdminSetUp;
import dev.countersign.enrolment.tokens.TokenFile;
import dev.countersign.enrolment.tokens.Tokens;
import dev.countersign.identity.People;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Paging;
import dev.countersign.management.api.Shape;
import dev.countersign.management.roles.Reach;
import dev.countersign.storage.Database;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Tokens brought in, given out, taken back, brought back in step. No answer ever holds a seed. */
public final class HardwareTokens {
  private static final String READ = "read:hardware_tokens";
  private static final String UPDATE = "update:hardware_tokens";

  private static final Shape FILE =
      Shape.fields()
          .withRequired("format", Shape.word("pskc", "csv"))
          .withRequired("content", Shape.text(1, 200_000, Format.ANY))
          .with("key", Shape.text(32, 64))
          .with("password", Shape.text(1, 200, Format.ANY));
  private static final Shape HOLDER = Shape.fields().withRequired("user_id", Shape.text(1, 128));
  private static final Shape CODES =
      Shape.fields()
          .withRequired("first_code", Shape.text(6, 12))
          .withRequired("second_code", Shape.text(6, 12));

  private static final Shape SHOWN =
      Shape.fields()
          .withRequired("serial", Shape.text(1, 64))
          .withRequired("type", Shape.word("hotp", "totp"))
          .withRequired("algorithm", Shape.text(1, 8))
          .withRequired("digits", new Shape.Whole(6, 10))
          .with("period", new Shape.Whole(1, 3_600))
          .withRequired("imported_at", Shape.moment())
          .with("user_id", Shape.text(1, 128))
          .with("assigned_at", Shape.moment());

  private final Database database;
  private final People people;
  private final Tokens tokens;
  private final Reach reach;

  public HardwareTokens(Database database, People people, Tokens tokens, Reach reach) {
    this.database = database;
    this.people = people;
    this.tokens = tokens;
    this.reach = reach;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/hardware-tokens", READ, this::list)
            .does("Lists the hardware tokens")
            .query(Paging.QUERY)
            .answers(200, Shape.page("hardware_tokens", SHOWN)),
        Endpoint.post("/hardware-tokens/import", "create:hardware_tokens", FILE, this::bring)
            .does("Brings in the seeds of hardware tokens: PSKC or CSV")
            .answers(
                201,
                Shape.fields()
                    .withRequired("imported", new Shape.Whole(0, Integer.MAX_VALUE))
                    .withRequired(
                        "already_there", new Shape.ListOf(Shape.text(1, 64), Integer.MAX_VALUE))),
        Endpoint.get("/hardware-tokens/{serial}", READ, this::one)
            .does("Shows a hardware token without its seed")
            .answers(200, SHOWN),
        Endpoint.delete("/hardware-tokens/{serial}", "delete:hardware_tokens", this::forget)
            .does("Forgets a hardware token that nobody has")
            .answersNothing(),
        Endpoint.put("/hardware-tokens/{serial}/holder", UPDATE, HOLDER, this::assign)
            .act(Act.RESET_MFA)
            .does("Gives a hardware token to a person")
            .answers(200, SHOWN),
        Endpoint.of(
                Method.DELETE, "/hardware-tokens/{serial}/holder", List.of(UPDATE), this::takeBack)
            .act(Act.RESET_MFA)
            .does("Takes a hardware token back")
            .answersNothing(),
        Endpoint.post("/hardware-tokens/{serial}/resynchronise", UPDATE, CODES, this::resynchronise)
            .does("Brings a hardware token back in step by two of its codes")
            .answersNothing());
  }

  private Reply list(Call call) {
    var paging = Paging.of(call);
    return database.read(tx ->
        paging.answer(
            "hardware_tokens",
            tokens.page(tx, call.tenant(), paging.offset(), paging.limit()).stream()
                .map(HardwareTokens::shown)
                .toList(),
            () -> tokens.count(tx, call.tenant())));
  }

  private Reply one(Call call) {
    return database
        .read(tx -> tokens.find(tx, call.tenant(), call.parameter("serial")))
        .map(it -> Reply.json(shown(it)))
        .orElseGet(HardwareTokens::noSuchToken);
  }

  private Reply bring(Call call) {
    var file =
        new TokenFile(
            TokenFile.Format.valueOf(String.valueOf(call.text("format")).toUpperCase(Locale.ROOT)),
            Secret.of(String.valueOf(call.text("content"))),
            Optional.ofNullable(call.text("key")).map(Secret::of),
            Optional.ofNullable(call.text("password")).map(Secret::of));
    return switch (file.read()) {
      case TokenFile.Reading.Unreadable(var why) ->
          ApiError.body(new Shape.Violation(why, "content").sentence("Payload")).reply();
      case TokenFile.Reading.Read(var all) -> {
        var imported =
            database.write(tx -> tokens.add(tx, call.tenant(), all, call.actor(), call.occasion()));
        var known = Json.array();
        imported.known().forEach(known::add);
        ObjectNode out = Json.object().put("imported", imported.added());
        out.set("already_there", known);
        yield Reply.json(201, out);
      }
    };
  }

  private Reply assign(Call call) {
    var user = new UserId(String.valueOf(call.text("user_id")));
    var act = new AdminSetUp.Act(call.tenant(), user, call.actor(), call.occasion());
    return database.write(tx -> {
      if (tokens.find(tx, call.tenant(), call.parameter("serial")).isEmpty()) {
        return noSuchToken();
      }
      if (people.find(tx, call.tenant(), user).isEmpty()) {
        return ApiError.NO_SUCH_USER.reply();
      }
      var beyond = reach.againstPerson(tx, call, user);
      if (beyond.isPresent()) {
        return beyond.get().reply();
      }
      return switch (tokens.assign(tx, act, call.parameter("serial"))) {
        case Tokens.Assignment.Assigned(var token) -> Reply.json(shown(token));
        case Tokens.Assignment.NoSuchToken _ -> noSuchToken();
        case Tokens.Assignment.Taken _ ->
            new ApiError(409, "token_assigned", "Somebody has this token. Take it back first.")
                .reply();
        case Tokens.Assignment.Refused(var why) -> refused(why);
      };
    });
  }

  private static Reply refused(AdminSetUp.Outcome why) {
    return switch (why) {
      case AdminSetUp.Outcome.NotAllowed _ ->
          ApiError.unsupported(
                  "Hardware tokens are off. Allow them first (PUT /api/v2/enforcement, allowed_factors).")
              .reply();
      case AdminSetUp.Outcome.Enough(var most) ->
          ApiError.unsupported("One person may have " + most + " tokens at most.").reply();
      case AdminSetUp.Outcome.Added _,
          AdminSetUp.Outcome.Unfit _,
          AdminSetUp.Outcome.Impossible _,
          AdminSetUp.Outcome.Taken _ ->
          throw new IllegalStateException("a token that was imported is whole");
    };
  }

  private Reply takeBack(Call call) {
    return database.write(tx -> {
      var serial = call.parameter("serial");
      var beyond =
          tokens
              .find(tx, call.tenant(), serial)
              .flatMap(it -> Optional.ofNullable(it.holder()))
              .flatMap(holder -> reach.againstPerson(tx, call, holder));
      return beyond.isPresent()
          ? beyond.get().reply()
          : done(
              tokens.takeBack(tx, call.tenant(), serial, call.actor(), call.occasion()),
              "Nobody has this token.");
    });
  }

  private Reply forget(Call call) {
    return done(
        database.write(tx ->
            tokens.forget(
                tx, call.tenant(), call.parameter("serial"), call.actor(), call.occasion())),
        "Somebody has this token. Take it back first.");
  }

  private Reply resynchronise(Call call) {
    return done(
        database.write(tx ->
            tokens.resynchronise(
                tx,
                call.tenant(),
                call.parameter("serial"),
                Secret.of(String.valueOf(call.text("first_code"))),
                Secret.of(String.valueOf(call.text("second_code"))),
                call.actor(),
                call.occasion())),
        "Nobody has this token, or it is disabled.");
  }

  private static Reply done(Tokens.Done done, String conflict) {
    return switch (done) {
      case DONE -> Reply.empty(204);
      case NO_SUCH_TOKEN -> noSuchToken();
      case NOT_ASSIGNED -> new ApiError(409, "token_assignment", conflict).reply();
      case NOT_IN_STEP ->
          new ApiError(
                  400,
                  "codes_not_consecutive",
                  "These are not two codes that the token showed one after the other lately.")
              .reply();
    };
  }

  private static ObjectNode shown(Tokens.Shown it) {
    ObjectNode out =
        Json.object()
            .put("serial", it.serial())
            .put("type", it.kind().name().toLowerCase(Locale.ROOT))
            .put("algorithm", it.algorithm())
            .put("digits", it.digits());
    if (it.kind() == dev.countersign.enrolment.tokens.Token.Kind.TOTP) {
      out.put("period", it.period());
    }
    out.put("imported_at", it.importedAt().toString());
    if (it.holder() != null) {
      out.put("user_id", it.holder().value());
    }
    if (it.assignedAt() != null) {
      out.put("assigned_at", it.assignedAt().toString());
    }
    return out;
  }

  private static Reply noSuchToken() {
    return new ApiError(404, "inexistent_hardware_token", "The hardware token does not exist.")
        .reply();
  }
}
