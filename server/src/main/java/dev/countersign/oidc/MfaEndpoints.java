package dev.countersign.oidc;

import dev.countersign.application.Application;
import dev.countersign.challenge.PoseChallenge;
import dev.countersign.enforcement.Demand;
import dev.countersign.enforcement.Policies;
import dev.countersign.enrolment.SetUp;
import dev.countersign.enrolment.SetUpAtSignIn;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Catalogue;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factor;
import dev.countersign.factor.MfaMethod;
import dev.countersign.factor.Prompt;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.SignIn;
import dev.countersign.storage.Database;
import dev.countersign.web.Method;
import dev.countersign.web.Params;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Auth0's MFA API: {@code /mfa/associate}, {@code /mfa/challenge} and {@code /mfa/authenticators}, by which an application
 * shows and begins what the {@linkplain DirectGrants grants} end. Whoever holds an {@code mfa_token} may see the person's
 * authenticators, be asked for one, and set the first one up; the sign-in says which of these it demands. Thread-safe.
 */
final class MfaEndpoints {
  private final Database database;
  private final Enrolments enrolments;
  private final Policies policies;
  private final TokenEndpoint clients;
  private final MfaTokens mfaTokens;
  private final OobCodes oobCodes;
  private final OwnAuthenticators own;
  private final DirectGrants.Operations operations;

  MfaEndpoints(
      Database database,
      Enrolments enrolments,
      Policies policies,
      TokenEndpoint clients,
      MfaTokens mfaTokens,
      OobCodes oobCodes,
      OwnAuthenticators own,
      DirectGrants.Operations operations) {
    this.database = database;
    this.enrolments = enrolments;
    this.policies = policies;
    this.clients = clients;
    this.mfaTokens = mfaTokens;
    this.oobCodes = oobCodes;
    this.own = own;
    this.operations = operations;
  }

  List<Route> routes() {
    return List.of(
        OidcRoutes.shared(Method.POST, "/mfa/associate", this::associate),
        OidcRoutes.shared(Method.POST, "/mfa/challenge", this::challenge),
        OidcRoutes.shared(Method.GET, "/mfa/authenticators", this::list),
        OidcRoutes.shared(Method.DELETE, "/mfa/authenticators/{id}", own::remove));
  }

  private Catalogue factors(TenantId tenant) {
    return operations.factors().of(tenant);
  }

  // Listing

  private Reply list(Request request) {
    var token = Bearer.of(request);
    if (token.isEmpty()) {
      return OAuthError.invalidToken("The mfa_token or access token is missing.").reply();
    }
    if (MfaToken.read(token.get().reveal()).isEmpty()) {
      return own.list(request, token.get());
    }
    return switch (mfaTokens.find(request.site(), token.get().reveal(), request.at())) {
      case MfaTokens.Finding.Gone(var error) -> asBearer(error).reply();
      case MfaTokens.Finding.Found(var signIn, var _) ->
          shown(request.site().tenant(), signIn.who().orElseThrow());
    };
  }

  /** As bearer it is unauthorized, whatever the grants call it. */
  private static OAuthError asBearer(OAuthError error) {
    return error.equals(OAuthError.EXPIRED_MFA_TOKEN)
        ? error
        : OAuthError.invalidToken(error.description());
  }

  private Reply shown(TenantId tenant, UserId who) {
    return Reply.json(Authenticators.of(factors(tenant), active(tenant, who)));
  }

  private List<Enrolment> active(TenantId tenant, UserId who) {
    return database.read(tx -> enrolments.of(tx, tenant, who)).stream()
        .filter(Enrolment::isActive)
        .toList();
  }

  // Asking

  private Reply challenge(Request request) {
    return switch (TokenRequest.of(request)) {
      case TokenRequest.Reading.Unreadable(var error) -> error.reply();
      case TokenRequest.Reading.Read(var params) -> {
        var client = clients.authenticated(request, params);
        if (client.isEmpty()) {
          yield OAuthError.CLIENT_UNAUTHORIZED.reply();
        }
        var token = params.present("mfa_token");
        if (token.isEmpty()) {
          yield OAuthError.invalidRequest("mfa_token is missing.").reply();
        }
        yield switch (mfaTokens.find(request.site(), token.get(), request.at())) {
          case MfaTokens.Finding.Gone(var error) -> error.reply();
          case MfaTokens.Finding.Found held -> challenge(request, params, client.get(), held);
        };
      }
    };
  }

  private Reply challenge(
      Request request, TokenRequest params, Application client, MfaTokens.Finding.Found held) {
    var signIn = held.signIn();
    if (!signIn.destination().application().equals(client.id())) {
      return OAuthError.invalidRequest("The mfa_token is another application's.").reply();
    }
    if (!(signIn.state()
        instanceof LoginSession.AwaitingMfa(var _, Demand.Challenge(var anyOf), var _))) {
      return OAuthError.NOT_ENROLLED.reply();
    }
    var kinds = kinds(params);
    if (kinds.isEmpty()) {
      return OAuthError.invalidRequest("challenge_type is made of otp and oob.").reply();
    }
    var catalogue = factors(signIn.tenant());
    var possible =
        anyOf.stream()
            .map(catalogue::get)
            .filter(it ->
                it.mfaMethod().filter(method -> kinds.get().contains(method.kind())).isPresent())
            .toList();
    var named = params.present("authenticator_id");
    var chosen =
        named.isEmpty()
            ? possible.stream().findFirst()
            : named(signIn, named.get())
                .flatMap(it ->
                    possible.stream()
                        .filter(factor -> factor.profile().id().equals(it.factor()))
                        .findFirst());
    return chosen
        .map(factor -> pose(request, held, factor))
        .orElseGet(OAuthError.NO_SUCH_CHALLENGE::reply);
  }

  /** The kinds that {@code challenge_type} names; both when it names none, nothing when it names another. */
  private static Optional<Set<MfaMethod.Kind>> kinds(TokenRequest params) {
    var both = Set.of(MfaMethod.Kind.OTP, MfaMethod.Kind.OOB);
    var words = AuthorizationRequest.words(params.params().text("challenge_type"));
    if (words.isEmpty()) {
      return Optional.of(both);
    }
    var kinds =
        both.stream().filter(kind -> words.contains(kind.word())).collect(Collectors.toSet());
    return kinds.size() == Set.copyOf(words).size() ? Optional.of(kinds) : Optional.empty();
  }

  private Optional<Enrolment> named(SignIn signIn, String id) {
    return active(signIn.tenant(), signIn.who().orElseThrow()).stream()
        .filter(it -> Authenticators.is(factors(signIn.tenant()), it, id))
        .findFirst();
  }

  private Reply pose(Request request, MfaTokens.Finding.Found held, Factor factor) {
    var signIn = held.signIn();
    var posed =
        operations
            .pose()
            .pose(
                signIn.tenant(),
                signIn.id(),
                held.handle(),
                factor.profile().id(),
                true,
                request.occasion());
    return switch (posed) {
      case PoseChallenge.Outcome.Asked(var prompt, var _, var _) -> {
        if (isOneOfSeveral(signIn, factor)) {
          mfaTokens.note(held, factor.profile().id(), request.at());
        }
        yield Reply.json(asked(signIn, factor, prompt));
      }
      case PoseChallenge.Outcome.Unsent(var _, var _, var until) -> unsent(request, until);
      case PoseChallenge.Outcome.Resting(var until) -> tooMany(request, until);
      case PoseChallenge.Outcome.NotDemanded _ -> OAuthError.NO_SUCH_CHALLENGE.reply();
      case PoseChallenge.Outcome.Lost(var why) -> MfaTokens.gone(why).reply();
    };
  }

  /** Whether a code alone would not tell which factor made it: of an app, or of a token beside it. */
  private boolean isOneOfSeveral(SignIn signIn, Factor factor) {
    return factor.mfaMethod().filter(method -> method.kind() == MfaMethod.Kind.OTP).isPresent()
        && signIn.state()
            instanceof LoginSession.AwaitingMfa(var _, Demand.Challenge(var anyOf), var _)
        && MfaRequirements.among(factors(signIn.tenant()), anyOf, MfaMethod.Kind.OTP).count() > 1;
  }

  private ObjectNode asked(SignIn signIn, Factor factor, Prompt prompt) {
    var method = factor.mfaMethod().orElseThrow();
    var out = Json.object().put("challenge_type", method.kind().word());
    if (method.kind() == MfaMethod.Kind.OOB) {
      bind(out, oobCodes.of(signIn, factor.profile().id(), prompt), prompt);
    }
    return out;
  }

  /** What ties the answer that is to come to the question. {@code binding_number} is ours: what is to be typed on the phone. */
  private static void bind(ObjectNode out, Secret oobCode, Prompt prompt) {
    out.put("oob_code", oobCode.reveal());
    switch (prompt) {
      case Prompt.Approval(var number, var _, var _) -> out.put("binding_number", number);
      case Prompt.Code _ -> out.put("binding_method", "prompt");
      case Prompt.SharedKey _,
          Prompt.Details _,
          Prompt.Pairing _,
          Prompt.Elsewhere _,
          Prompt.Credential _ -> {
        // Nothing has to be typed in the application.
      }
    }
  }

  /** What nobody would take at all is tried again later; what was sent too often has its time. */
  static Reply unsent(Request request, Optional<Moment> until) {
    return until.isPresent()
        ? tooMany(request, until)
        : new OAuthError(503, "temporarily_unavailable", "Nothing could be sent.").reply();
  }

  static Reply tooMany(Request request, Optional<Moment> until) {
    var reply = OAuthError.TOO_MANY.reply();
    return until
        .map(it -> Math.max(1, (it.millis() - request.at().millis() + 999) / 1000))
        .map(seconds -> reply.withHeader("Retry-After", String.valueOf(seconds)))
        .orElse(reply);
  }

  // Setting up

  /**
   * What is to be set up.
   *
   * @param channel empty for a code that the person reads
   * @param given what the person says first
   */
  record Wanted(MfaMethod.Kind kind, Optional<String> channel, Answer given) {
    /** What reaches the person is sent anew each time; a key that stands is shown again. */
    SetUpAtSignIn.Start start() {
      return new SetUpAtSignIn.Start(given, kind == MfaMethod.Kind.OOB, true);
    }

    boolean isMetBy(Factor factor) {
      return factor
          .mfaMethod()
          .filter(it -> it.kind() == kind && it.channel().equals(channel))
          .isPresent();
    }
  }

  private Reply associate(Request request) {
    var body = request.json();
    var token = Bearer.of(request);
    if (token.isEmpty()) {
      return OAuthError.invalidToken("The mfa_token or access token is missing.").reply();
    }
    var wanted = wanted(body);
    if (wanted.isEmpty()) {
      return OAuthError.invalidRequest(
              "authenticator_types is [\"otp\"] or [\"oob\"], the latter with oob_channels [\"sms\"] and a phone_number or [\"auth0\"]."
                  .replace("\"", "'"))
          .reply();
    }
    if (MfaToken.read(token.get().reveal()).isEmpty()) {
      return own.associate(request, token.get(), wanted.get());
    }
    return switch (mfaTokens.find(request.site(), token.get().reveal(), request.at())) {
      case MfaTokens.Finding.Gone(var error) -> asBearer(error).reply();
      case MfaTokens.Finding.Found held ->
          isWronglySigned(request, body, held.signIn())
              ? OAuthError.CLIENT_UNAUTHORIZED.reply()
              : associate(request, wanted.get(), held);
    };
  }

  /** Some clients say who they are although the token tells; then it has to be true. */
  private boolean isWronglySigned(Request request, JsonNode body, SignIn signIn) {
    var client = text(body, "client_id");
    var secret = text(body, "client_secret").map(Secret::of);
    var assertion = text(body, "client_assertion").map(Secret::of);
    return client.isPresent()
        && (!client.get().equals(signIn.destination().application().value())
            || ((secret.isPresent() || assertion.isPresent())
                && clients
                    .authenticated(
                        request, new TokenRequest(Params.NONE, client.get(), secret, assertion))
                    .isEmpty()));
  }

  private static Optional<String> text(JsonNode body, String name) {
    var value = body.get(name);
    return value == null || !value.isString() || value.stringValue().isEmpty()
        ? Optional.empty()
        : Optional.of(value.stringValue());
  }

  /** What is asked for; nothing when it is not understood. */
  private static Optional<Wanted> wanted(JsonNode body) {
    var kinds = words(body.get("authenticator_types"));
    var channels = words(body.get("oob_channels"));
    if (kinds.size() != 1) {
      return Optional.empty();
    }
    if (kinds.getFirst().equals(MfaMethod.Kind.OTP.word())) {
      return Optional.of(new Wanted(MfaMethod.Kind.OTP, Optional.empty(), Answer.NONE));
    }
    if (!kinds.getFirst().equals(MfaMethod.Kind.OOB.word()) || channels.size() != 1) {
      return Optional.empty();
    }
    Map<String, Secret> given = new HashMap<>();
    text(body, "phone_number").ifPresent(it -> given.put("phone", Secret.of(it)));
    return Optional.of(
        new Wanted(
            MfaMethod.Kind.OOB, Optional.of(channels.getFirst()), new Answer(Map.copyOf(given))));
  }

  private static List<String> words(@Nullable JsonNode list) {
    var words = new ArrayList<String>();
    if (list != null && list.isArray()) {
      list.forEach(each -> words.add(each.isString() ? each.stringValue() : ""));
    }
    return words;
  }

  private Reply associate(Request request, Wanted wanted, MfaTokens.Finding.Found held) {
    var signIn = held.signIn();
    if (!(signIn.state()
        instanceof LoginSession.AwaitingMfa(var _, Demand.Enrol(var anyOf, var _), var _))) {
      return OAuthError.accessDenied("User is already enrolled.").reply();
    }
    var catalogue = factors(signIn.tenant());
    return anyOf.stream()
        .map(catalogue::get)
        .filter(wanted::isMetBy)
        .findFirst()
        .map(factor -> begin(request, wanted, held, factor))
        .orElseGet(() ->
            OAuthError.invalidRequest("An authenticator of this type cannot be set up here.")
                .reply());
  }

  private Reply begin(Request request, Wanted wanted, MfaTokens.Finding.Found held, Factor factor) {
    var signIn = held.signIn();
    var begun =
        operations
            .setUp()
            .begin(
                signIn.tenant(),
                signIn.id(),
                held.handle(),
                factor.profile().id(),
                wanted.start(),
                request.occasion());
    return switch (begun) {
      case SetUpAtSignIn.Outcome.UnderWay(var now, var going) ->
          underWay(factor, now, going.underWay(), codes(request, held));
      case SetUpAtSignIn.Outcome.Unsent(var _, var _, var _, var until) -> unsent(request, until);
      case SetUpAtSignIn.Outcome.Unfit(var _, var _, var field, var why) ->
          OAuthError.invalidRequest(field + ": " + why.reason().word()).reply();
      case SetUpAtSignIn.Outcome.Lost(var why) -> asBearer(MfaTokens.gone(why)).reply();
      case SetUpAtSignIn.Outcome.NotDemanded _, SetUpAtSignIn.Outcome.Moved _ ->
          OAuthError.accessDenied("This is not demanded any more. Ask for tokens again.").reply();
      case SetUpAtSignIn.Outcome.Wrong _,
          SetUpAtSignIn.Outcome.NotYet _,
          SetUpAtSignIn.Outcome.Codes _,
          SetUpAtSignIn.Outcome.CodesOutdated _ ->
          throw new IllegalStateException("beginning does not end in " + begun);
    };
  }

  /** The sheet of codes that goes with somebody's first factor, where the tenant has it on. */
  private List<Secret> codes(Request request, MfaTokens.Finding.Found held) {
    var signIn = held.signIn();
    var tenant = signIn.tenant();
    var recovery = operations.factors().recovery().profile().id();
    boolean due =
        database.read(tx ->
            policies.current(tx, tenant).allowed().contains(recovery)
                && operations.codeSets().counted(tx, tenant, signIn.who().orElseThrow()).isEmpty());
    return due
            && operations
                    .setUp()
                    .codesBeside(tenant, signIn.id(), held.handle(), request.occasion())
                instanceof SetUpAtSignIn.Outcome.Codes(var _, var _, var codes)
        ? codes
        : List.of();
  }

  private Reply underWay(
      Factor factor, SignIn signIn, SetUp.UnderWay underWay, List<Secret> recoveryCodes) {
    var oobCode = oobCodes.of(signIn, factor.profile().id(), underWay.prompt());
    return underWay(factor, underWay, oobCode, recoveryCodes);
  }

  /** The answer of a set-up that has begun. */
  static Reply underWay(
      Factor factor, SetUp.UnderWay underWay, Secret oobCode, List<Secret> recoveryCodes) {
    var prompt = underWay.prompt();
    var method = factor.mfaMethod().orElseThrow();
    var out = Json.object().put("authenticator_type", method.kind().word());
    method.channel().ifPresent(channel -> out.put("oob_channel", channel));
    switch (prompt) {
      case Prompt.SharedKey(var uri, var key, var _, var _, var _) ->
          out.put("secret", key).put("barcode_uri", uri);
      case Prompt.Code _ -> bind(out, oobCode, prompt);
      case Prompt.Pairing(var address, var ticket, var _, var _, var _) -> {
        bind(out, oobCode, prompt);
        out.put("barcode_uri", address + "#" + underWay.id().orElseThrow() + "." + ticket.reveal());
      }
      case Prompt.Details _ -> {
        return OAuthError.invalidRequest("phone_number is missing.").reply();
      }
      case Prompt.Approval _, Prompt.Elsewhere _, Prompt.Credential _ -> {
        return OAuthError.invalidRequest("An authenticator of this type is set up on a page.")
            .reply();
      }
    }
    if (!recoveryCodes.isEmpty()) {
      var list = out.putArray("recovery_codes");
      recoveryCodes.forEach(code -> list.add(code.reveal()));
    }
    return Reply.json(out);
  }
}
