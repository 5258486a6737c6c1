package dev.countersign.factor.custom;

import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.proof.Claim;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A page of the tenant's that the browser visits with a signed request and comes back from with a signed answer. The answer
 * has to name the question, the person, the factor and us; it is good for one use and a few minutes.
 */
final class Redirect implements Factor {
  /** How old an answer may be when it comes, and how far ahead its writer's clock. */
  private static final Duration AGE = Duration.ofMinutes(5);

  private static final Duration AHEAD = Duration.ofMinutes(1);
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final FactorProfile profile;
  private final Definition definition;
  private final Entropy entropy;

  Redirect(FactorProfile profile, Definition definition, Entropy entropy) {
    this.profile = profile;
    this.definition = definition;
    this.entropy = entropy;
  }

  /**
   * What is kept of a question.
   *
   * @param question by which the page knows it
   * @param purpose {@code sign-in} or {@code set-up}
   */
  private record Memo(String question, String purpose, long asked, long ends) {
    static Memo read(Secret memo) {
      return Json.read(memo.reveal(), Memo.class);
    }
  }

  @Override
  public FactorProfile profile() {
    return profile;
  }

  @Override
  public Optional<Secret> forEverybody() {
    return definition.enrolment() ? Optional.empty() : Optional.of(Secret.of("{}"));
  }

  @Override
  public Optional<Brought.Unfit> unfit(String settings, List<String> origins) {
    boolean fits;
    try {
      var uri = URI.create(Service.read(settings).url());
      fits =
          uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawFragment() == null
              && ("https".equals(uri.getScheme())
                  || ("http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost())));
    } catch (IllegalArgumentException _) {
      fits = false;
    }
    return fits
        ? Optional.empty()
        : Optional.of(
            new Brought.Unfit(
                "redirect.url", "Has to be an HTTPS URL, or one of this very machine by HTTP"));
  }

  // Setting up

  @Override
  public Opening beginEnrolment(Scene scene, Answer given) {
    return new Opening.Begun(Secret.of("{}"), ask(scene, "set-up"));
  }

  @Override
  public Posed poseEnrolment(Scene scene, Enrolment pending) {
    return ask(scene, "set-up");
  }

  /** What is shown again is asked again once its time is over: there is no going there with an old request. */
  @Override
  public Prompt enrolling(Scene scene, Enrolment pending, Secret memo) {
    return memo.isEmpty() ? Prompt.Elsewhere.over() : prompt(scene, Memo.read(memo));
  }

  @Override
  public Finish finishEnrolment(
      Scene scene, Enrolment pending, Optional<Secret> memo, Answer answer) {
    return refusal(scene, memo, answer)
        .<Finish>map(Finish.Refused::new)
        .orElseGet(() ->
            new Finish.Confirmed(
                pending.document(), new Claim.Repeatable(), profile.evidence(), ""));
  }

  /** An admin says that the page knows the person. */
  @Override
  public Brought bring(Map<String, Secret> brought) {
    return new Brought.Ready(Secret.of("{}"));
  }

  // Answering

  @Override
  public Posed pose(Scene scene, List<Enrolment> mine) {
    return ask(scene, "sign-in");
  }

  @Override
  public Prompt asking(Scene scene, List<Enrolment> mine, Secret memo) {
    return prompt(scene, Memo.read(memo));
  }

  @Override
  public Verdict check(Scene scene, List<Enrolment> mine, Optional<Secret> memo, Answer answer) {
    if (mine.isEmpty()) {
      return new Verdict.Refused(Refusal.of(Refusal.Reason.CODE_EXPIRED));
    }
    return refusal(scene, memo, answer)
        .<Verdict>map(Verdict.Refused::new)
        .orElseGet(() ->
            new Verdict.Accepted(mine.getFirst(), new Claim.Repeatable(), profile.evidence()));
  }

  private Posed ask(Scene scene, String purpose) {
    var lasts = Duration.ofSeconds(definition.lastsSeconds());
    var memo =
        new Memo(
            "cq_" + entropy.token(128),
            purpose,
            scene.moment().seconds(),
            scene.moment().plus(lasts).seconds());
    return Posed.keeping(Secret.of(Json.write(memo)), lasts, prompt(scene, memo));
  }

  private static String origin(Scene scene) {
    var site = scene.site();
    return site.origin().isEmpty() ? site.origins().getFirst() : site.origin();
  }

  /** Signed with the key that the page knows for certain; it says where to come back to, so nobody else can. */
  private Prompt prompt(Scene scene, Memo memo) {
    var service = Service.read(scene.settings());
    ObjectNode claims =
        Json.object()
            .put("iss", origin(scene))
            .put("aud", service.url())
            .put("sub", scene.holder().user().value())
            .put("name", scene.holder().label())
            .put("jti", memo.question())
            .put("factor", profile.id().value())
            .put("purpose", memo.purpose())
            .put("return_to", origin(scene) + scene.site().page())
            .put("iat", memo.asked())
            .put("exp", memo.ends());
    var request = Slip.signed(Slip.REQUEST, claims, service.oldest(scene.moment()));
    return Prompt.Elsewhere.at(
        service.url()
            + (service.uri().getRawQuery() == null ? "?" : "&")
            + "request="
            + URLEncoder.encode(request, StandardCharsets.UTF_8));
  }

  /** Why the answer lets nobody in; nothing when it does. */
  private Optional<Refusal> refusal(Scene scene, Optional<Secret> memo, Answer answer) {
    if (memo.isEmpty()) {
      return refused(Refusal.Reason.CODE_EXPIRED);
    }
    var asked = Memo.read(memo.get());
    var slip = answer.field("answer");
    if (slip.isEmpty()) {
      return refused(Refusal.Reason.RESPONSE_MALFORMED);
    }
    var said =
        Slip.verified(Slip.ANSWER, slip, Service.read(scene.settings()).good(scene.moment()));
    if (said.isEmpty()) {
      return refused(Refusal.Reason.SIGNATURE_INVALID);
    }
    var it = said.get();
    if (!says(it, "aud", origin(scene))) {
      return refused(Refusal.Reason.ORIGIN_MISMATCH);
    }
    if (!says(it, "factor", profile.id().value()) || !says(it, "jti", asked.question())) {
      return refused(Refusal.Reason.CHALLENGE_MISMATCH);
    }
    if (!says(it, "sub", scene.holder().user().value())) {
      return refused(Refusal.Reason.USER_HANDLE_MISMATCH);
    }
    if (!isOfNow(it, scene.moment())) {
      return refused(Refusal.Reason.CODE_EXPIRED);
    }
    return switch (it.path("result").asString("")) {
      case "approved" -> Optional.empty();
      case "denied" -> refused(Refusal.Reason.DECLINED);
      case "cancelled" -> refused(Refusal.Reason.CANCELLED);
      default -> refused(Refusal.Reason.RESPONSE_MALFORMED);
    };
  }

  private static boolean says(JsonNode said, String claim, String what) {
    var value = said.get(claim);
    return value != null && value.isString() && value.stringValue().equals(what);
  }

  private static boolean isOfNow(JsonNode said, Moment now) {
    var issued = said.get("iat");
    var ends = said.get("exp");
    if (issued == null || !issued.isIntegralNumber() || !issued.canConvertToLong()) {
      return false;
    }
    long age = now.seconds() - issued.longValue();
    boolean over =
        ends != null
            && (!ends.isIntegralNumber()
                || !ends.canConvertToLong()
                || ends.longValue() <= now.seconds());
    return age <= AGE.toSeconds() && age >= -AHEAD.toSeconds() && !over;
  }

  private static Optional<Refusal> refused(Refusal.Reason reason) {
    return Optional.of(Refusal.of(reason));
  }
}
