package dev.countersign.factor.custom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Holder;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import dev.countersign.outbound.Callout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a page of a tenant's is asked, and what it has to answer. */
class RedirectTest {
  private static final Moment NOW = Moment.ofSeconds(1_800_000_000);
  private static final LiveEntropy ENTROPY = new LiveEntropy();
  private static final String ORIGIN = "https://acme.example";

  private Service service = Service.at("https://badge.example/check", ENTROPY);
  private Moment now = NOW;
  private final Factor factor = factor();

  private static Factor factor() {
    var definition =
        new Definition(
            Definition.Kind.REDIRECT,
            "Badge",
            Map.of(),
            "Your badge",
            Map.of(),
            "globe",
            Definition.Appearance.PICKER,
            Definition.Satisfies.HAVE,
            true,
            Definition.AnsweredBy.CODE,
            6,
            5,
            300,
            false);
    return new Custom(ENTROPY, Callout.CLOSED, _ -> gone(), _ -> gone())
        .member(Custom.id("badge"), definition.write());
  }

  private static Factor gone() {
    throw new IllegalStateException();
  }

  private Scene scene() {
    return new Scene(
        new Holder(new UserId("auth0|ana"), "ana@acme.example", Map.of()),
        new Scene.Site(
            "Acme", ORIGIN, List.of(ORIGIN), Locale.ENGLISH, "/u/mfa/custom:badge?state=s1"),
        service.write(),
        Scene.Asking.NOBODY,
        now);
  }

  private static Enrolment enrolment() {
    return new Enrolment(
        new EnrolmentId("dev_1"),
        new UserId("auth0|ana"),
        Custom.id("badge"),
        "",
        Enrolment.State.ACTIVE,
        Secret.of("{}"),
        -1,
        NOW,
        Optional.of(NOW),
        Optional.empty());
  }

  private Factor.Posed pose() {
    return factor.pose(scene(), List.of(enrolment()));
  }

  private static String request(Factor.Posed posed) {
    var address = ((Prompt.Elsewhere) posed.prompt()).address().orElseThrow();
    return address.substring(address.indexOf("request=") + 8);
  }

  private static JsonNode claims(String jwt) {
    return Json.tree(
        new String(Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]), StandardCharsets.UTF_8));
  }

  private ObjectNode answer(Factor.Posed posed) {
    var asked = claims(request(posed));
    return Json.object()
        .put("jti", asked.path("jti").asString())
        .put("sub", asked.path("sub").asString())
        .put("factor", asked.path("factor").asString())
        .put("aud", asked.path("iss").asString())
        .put("iat", now.seconds())
        .put("result", "approved");
  }

  private Factor.Verdict check(Factor.Posed posed, String jwt) {
    return factor.check(
        scene(),
        List.of(enrolment()),
        Optional.of(posed.memo()),
        new Answer(Map.of("answer", Secret.of(jwt))));
  }

  private Factor.Verdict says(UnaryOperator<ObjectNode> change) {
    var posed = pose();
    return check(posed, Slip.signed(Slip.ANSWER, change.apply(answer(posed)), service.newest()));
  }

  private static Refusal.Reason reason(Factor.Verdict verdict) {
    return ((Factor.Verdict.Refused) verdict).why().reason();
  }

  @Test
  void the_request_says_who_asks_whom_for_what_until_when_and_where_to_come_back_to() {
    var posed = pose();
    var asked = claims(request(posed));

    assertThat(Slip.verified(Slip.REQUEST, Secret.of(request(posed)), List.of(service.newest())))
        .contains(asked);
    assertThat(asked.path("iss").asString()).isEqualTo(ORIGIN);
    assertThat(asked.path("aud").asString()).isEqualTo("https://badge.example/check");
    assertThat(asked.path("sub").asString()).isEqualTo("auth0|ana");
    assertThat(asked.path("return_to").asString())
        .isEqualTo(ORIGIN + "/u/mfa/custom:badge?state=s1");
    assertThat(asked.path("exp").asLong()).isEqualTo(NOW.seconds() + 300);
    assertThat(posed.lasts()).isEqualTo(Duration.ofMinutes(5));
    assertThat(claims(request(pose())).path("jti")).isNotEqualTo(asked.path("jti"));
  }

  @Test
  void an_honest_answer_lets_in() {
    assertThat(says(it -> it)).isInstanceOf(Factor.Verdict.Accepted.class);
  }

  @ParameterizedTest
  @CsvSource({
    "jti,cq_another,CHALLENGE_MISMATCH",
    "sub,auth0|ben,USER_HANDLE_MISMATCH",
    "factor,custom:other,CHALLENGE_MISMATCH",
    "aud,https://beta.example,ORIGIN_MISMATCH",
    "aud,https://acme.example/,ORIGIN_MISMATCH",
    "result,yes,RESPONSE_MALFORMED",
    "result,true,RESPONSE_MALFORMED",
    "result,denied,DECLINED",
    "result,cancelled,CANCELLED"
  })
  void CUST_03_an_answer_about_something_else_is_none(
      String claim, String value, Refusal.Reason reason) {
    assertThat(reason(says(it -> it.put(claim, value)))).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jti", "sub", "factor", "aud", "iat", "result"})
  void CUST_03_an_answer_that_leaves_something_out_is_none(String claim) {
    assertThat(says(it -> it.without(List.of(claim)) instanceof ObjectNode less ? less : it))
        .isInstanceOf(Factor.Verdict.Refused.class);
  }

  @Test
  void CUST_03_an_answer_is_good_for_five_minutes_and_not_from_the_future() {
    assertThat(says(it -> it.put("iat", now.seconds() - 300)))
        .isInstanceOf(Factor.Verdict.Accepted.class);
    for (long off : new long[] {-301, -360, 61, 3600}) {
      assertThat(reason(says(it -> it.put("iat", now.seconds() + off))))
          .isEqualTo(Refusal.Reason.CODE_EXPIRED);
    }
    assertThat(reason(says(it -> it.put("iat", String.valueOf(now.seconds())))))
        .isEqualTo(Refusal.Reason.CODE_EXPIRED);
    assertThat(reason(says(it -> it.put("exp", now.seconds()))))
        .isEqualTo(Refusal.Reason.CODE_EXPIRED);
  }

  @Test
  void CUST_03_what_is_not_signed_by_the_page_as_an_answer_is_none() {
    var posed = pose();
    var right = Slip.signed(Slip.ANSWER, answer(posed), service.newest());
    var parts = right.split("\\.", -1);
    var other = Service.at("https://badge.example", ENTROPY).newest();
    var changed = encoded(Json.write(answer(posed).put("result", "approved").put("more", 1)));

    for (var wrong :
        List.of(
            parts[0] + "." + parts[1] + ".",
            parts[0] + "." + parts[1],
            parts[0] + "." + changed + "." + parts[2],
            encoded("{\"alg\":\"none\",\"typ\":\"countersign-answer+jwt\"}") + "." + parts[1] + ".",
            Slip.signed(Slip.ANSWER, answer(posed), other),
            Slip.signed(Slip.REQUEST, answer(posed), service.newest()),
            request(posed),
            right + ".",
            "A".repeat(5_000),
            "...",
            "💥")) {
      assertThat(reason(check(posed, wrong))).as(wrong).isEqualTo(Refusal.Reason.SIGNATURE_INVALID);
    }
    assertThat(check(posed, right)).isInstanceOf(Factor.Verdict.Accepted.class);
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void CUST_09_while_keys_overlap_the_page_may_know_either() {
    var before = service.newest();
    service = service.rotated(ENTROPY, NOW, Duration.ofHours(1));
    var posed = pose();

    assertThat(Slip.verified(Slip.REQUEST, Secret.of(request(posed)), List.of(before))).isPresent();
    for (var key : List.of(before, service.newest())) {
      assertThat(check(posed, Slip.signed(Slip.ANSWER, answer(posed), key)))
          .isInstanceOf(Factor.Verdict.Accepted.class);
    }
    now = NOW.plus(Duration.ofHours(1));
    var later = pose();
    assertThat(reason(check(later, Slip.signed(Slip.ANSWER, answer(later), before))))
        .isEqualTo(Refusal.Reason.SIGNATURE_INVALID);
    assertThat(check(later, Slip.signed(Slip.ANSWER, answer(later), service.newest())))
        .isInstanceOf(Factor.Verdict.Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://badge.example/",
        "javascript:alert(1)",
        "https://user@badge.example/",
        "https://badge.example/#x",
        "//badge.example/",
        "data:text/html,x",
        "https:///x",
        "file:///etc/passwd",
        "http://10.0.0.1/",
        "not a url"
      })
  void a_browser_is_sent_to_https_only(String url) {
    assertThat(factor.unfit(Service.at(url, ENTROPY).write(), List.of(ORIGIN))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://badge.example",
        "https://badge.example:8443/check?tenant=acme",
        "http://localhost:9000/badge"
      })
  void or_to_the_machine_it_runs_on(String url) {
    assertThat(factor.unfit(Service.at(url, ENTROPY).write(), List.of(ORIGIN))).isEmpty();
  }
}
