package dev.countersign.management.users;

import dev.countersign.enforcement.Act;
import dev.countersign.identity.People;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Paging;
import dev.countersign.management.api.Paths;
import dev.countersign.management.api.Shape;
import dev.countersign.recovery.AccessCode;
import dev.countersign.recovery.AccessCodes;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Reply;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Temporary access codes, for the tools of help desks. Ours; Auth0 has nothing like it. */
public final class AccessCodeEndpoints {
  private static final String ALL = Paths.USER + "/temporary-access-codes";

  private static final Shape NEW =
      Shape.fields()
          .withRequired("number", Shape.text(6, 20))
          .with(
              "ttl_sec",
              new Shape.Whole(
                  AccessCodes.SHORTEST_LIFE.toSeconds(), AccessCodes.LONGEST_LIFE.toSeconds()));

  private static final Shape.Fields SHOWN =
      Shape.fields()
          .withRequired("id", Shape.text(1, 32))
          .withRequired("user_id", Shape.text(1, 128))
          .withRequired("state", Shape.word("waiting", "used", "revoked", "expired"))
          .withRequired("issued_by", Shape.text(1, 200))
          .withRequired("created_at", Shape.moment())
          .withRequired("expires_at", Shape.moment())
          .with("used_at", Shape.moment())
          .with("revoked_at", Shape.moment())
          .with("sign_in", Shape.text(1, 64));

  private final Database database;
  private final People people;
  private final AccessCodes codes;

  public AccessCodeEndpoints(Database database, People people, AccessCodes codes) {
    this.database = database;
    this.people = people;
    this.codes = codes;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(ALL, "read:temporary_access_codes", this::list)
            .does("Lists the temporary access codes of a person, without the codes")
            .answers(200, new Shape.ListOf(SHOWN, 50)),
        Endpoint.post(ALL, "create:temporary_access_codes", NEW, this::issue)
            .act(Act.RESET_MFA)
            .does(
                "Issues a temporary access code to whoever reads out the number on their page, and says the words that they see")
            .answers(
                201,
                SHOWN
                    .withRequired("code", Shape.text(11, 11))
                    .withRequired("words", Shape.text(13, 13))),
        Endpoint.delete(ALL + "/{code}", "delete:temporary_access_codes", this::revoke)
            .does("Makes a temporary access code worthless, and ends what was begun with it")
            .answersNothing());
  }

  /** What is done for a person who exists. */
  @FunctionalInterface
  private interface Deed {
    Reply in(Tx tx, AccessCodes.By by);
  }

  private Reply about(Call call, Deed deed) {
    var user = new UserId(call.parameter("id"));
    return database.write(tx ->
        people.find(tx, call.tenant(), user).isPresent()
            ? deed.in(tx, new AccessCodes.By(call.tenant(), user, call.actor(), call.occasion()))
            : ApiError.NO_SUCH_USER.reply());
  }

  private Reply list(Call call) {
    return about(
        call,
        (tx, by) ->
            Reply.json(
                Paging.array(
                    codes.of(tx, by.tenant(), by.user()).stream()
                        .map(it -> shown(it, by.occasion().at()))
                        .toList())));
  }

  private Reply issue(Call call) {
    var sent = call.field("ttl_sec");
    var life = sent == null ? AccessCodes.USUAL_LIFE : Duration.ofSeconds(sent.longValue());
    return about(
        call,
        (tx, by) ->
            switch (codes.issue(tx, by, String.valueOf(call.text("number")), life)) {
              case AccessCodes.Issuing.Issued(var code, var secret, var words) ->
                  Reply.json(
                      201,
                      shown(code, by.occasion().at())
                          .put("code", secret.reveal())
                          .put("words", words));
              case AccessCodes.Issuing.WrongNumber _ ->
                  new ApiError(
                          409,
                          "number_unknown",
                          "This number is on no page that the user has open. Ask them to read it out once more.")
                      .reply();
              case AccessCodes.Issuing.TooMany(var until) ->
                  new ApiError(
                          429,
                          "too_many_requests",
                          "Too many wrong numbers for this user. Try again after " + until + ".")
                      .reply()
                      .withHeader(
                          "Retry-After",
                          String.valueOf(Math.max(1, by.occasion().at().until(until).toSeconds())));
              case AccessCodes.Issuing.NotNeeded _ ->
                  ApiError.unsupported(
                          "The user has no factor. Their password leads them to setting one up.")
                      .reply();
            });
  }

  private Reply revoke(Call call) {
    return about(
        call,
        (tx, by) ->
            codes.revoke(tx, by, call.parameter("code"))
                ? Reply.empty(204)
                : new ApiError(
                        404,
                        "inexistent_temporary_access_code",
                        "There is no such temporary access code, or it was revoked before.")
                    .reply());
  }

  private static ObjectNode shown(AccessCode it, Moment now) {
    ObjectNode out =
        Json.object()
            .put("id", it.id())
            .put("user_id", it.user().value())
            .put("state", it.state(now).word())
            .put("issued_by", it.issuedBy())
            .put("created_at", it.createdAt().toString())
            .put("expires_at", it.expiresAt().toString());
    it.usedAt().ifPresent(at -> out.put("used_at", at.toString()));
    it.revokedAt().ifPresent(at -> out.put("revoked_at", at.toString()));
    it.signIn().map(SignInId::value).ifPresent(id -> out.put("sign_in", id));
    return out;
  }
}
