package dev.countersign.factor.custom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.delivery.Dispatch;
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
import dev.countersign.outbound.Call;
import dev.countersign.outbound.Callout;
import dev.countersign.outbound.Outcome;
import dev.countersign.outbound.StandardWebhooks;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service of a tenant's is told, and what it has to say to let anybody in. */
class WebhookTest {
  private static final Moment NOW = Moment.ofSeconds(1_800_000_000);
  private static final LiveEntropy ENTROPY = new LiveEntropy();

  private final List<Call> calls = new ArrayList<>();
  private Outcome next = new Outcome.Answered(200, "{\"verified\":true}");
  private Service service = Service.at("https://pager.example/hook", ENTROPY);

  private final Callout callout =
      new Callout() {
        @Override
        public Outcome send(Call call, Duration most) {
          calls.add(call);
          return next;
        }

        @Override
        public boolean mayName(URI uri) {
          return true;
        }
      };

  private final Factor byCode = factor(Definition.AnsweredBy.CODE, 6);
  private final Factor byConfirming = factor(Definition.AnsweredBy.CONFIRMATION, 6);

  private Factor factor(Definition.AnsweredBy answer, int digits) {
    var definition =
        new Definition(
            Definition.Kind.WEBHOOK,
            "Pager",
            Map.of(),
            "A code on your pager",
            Map.of(),
            "chat",
            Definition.Appearance.PICKER,
            Definition.Satisfies.HAVE,
            true,
            answer,
            digits,
            5,
            300,
            false);
    return new Custom(ENTROPY, callout, _ -> byCode, _ -> byCode)
        .member(Custom.id("pager"), definition.write());
  }

  private Scene scene() {
    return new Scene(
        new Holder(new UserId("auth0|ana"), "ana@acme.example", Map.of()),
        new Scene.Site("Acme", "https://acme.example", List.of("https://acme.example")),
        service.write(),
        new Scene.Asking("Bank", "192.0.2.7", "Firefox"),
        NOW);
  }

  private static Enrolment enrolment() {
    return new Enrolment(
        new EnrolmentId("dev_1"),
        new UserId("auth0|ana"),
        Custom.id("pager"),
        "",
        Enrolment.State.ACTIVE,
        Secret.of("{}"),
        -1,
        NOW,
        Optional.of(NOW),
        Optional.empty());
  }

  private Factor.Verdict check(Factor factor, Secret memo, String code) {
    return factor.check(
        scene(), List.of(enrolment()), Optional.of(memo), Answer.ofCode(Secret.of(code)));
  }

  private Factor.Verdict says(Factor factor, Outcome outcome) {
    next = outcome;
    return check(factor, factor.pose(scene(), List.of(enrolment())).memo(), "123456");
  }

  private static Refusal.Reason reason(Factor.Verdict verdict) {
    return ((Factor.Verdict.Refused) verdict).why().reason();
  }

  @Test
  void starting_is_a_message_that_says_who_what_and_until_when_and_holds_no_secret() {
    var posed = byCode.pose(scene(), List.of(enrolment()));
    var hook = (Dispatch.Hook) posed.dispatch().orElseThrow();
    var event = Json.tree(hook.body().reveal());

    assertThat(calls).as("nobody is called before the question is kept").isEmpty();
    assertThat(hook.url()).isEqualTo(URI.create("https://pager.example/hook"));
    assertThat(event.path("type").asString()).isEqualTo("factor.challenge.start");
    assertThat(event.at("/data/user_id").asString()).isEqualTo("auth0|ana");
    assertThat(event.at("/data/application").asString()).isEqualTo("Bank");
    assertThat(event.at("/data/purpose").asString()).isEqualTo("sign-in");
    assertThat(event.at("/data/expires_at").asString())
        .isEqualTo(NOW.plus(Duration.ofMinutes(5)).toString());
    assertThat(hook.id()).isEqualTo("start_" + event.at("/data/challenge").asString());
    assertThat(hook.body().reveal()).doesNotContain("whsec_");
    assertThat(posed.prompt())
        .isEqualTo(new Prompt.Code(new Prompt.Shape(6), Optional.empty(), true));
  }

  @Test
  void a_check_is_signed_and_carries_the_same_key_for_the_same_answer_only() {
    var memo = byCode.pose(scene(), List.of(enrolment())).memo();
    check(byCode, memo, "123456");
    check(byCode, memo, "123 456");
    check(byCode, memo, "654321");

    var ids = calls.stream().map(it -> it.headers().get("webhook-id")).toList();
    assertThat(ids.get(0)).isEqualTo(ids.get(1)).isNotEqualTo(ids.get(2)).doesNotContain("123456");
    var call = calls.getFirst();
    assertThat(call.headers()).containsEntry("idempotency-key", ids.getFirst());
    assertThat(call.headers())
        .containsEntry("webhook-timestamp", String.valueOf(NOW.seconds()))
        .containsEntry(
            "webhook-signature",
            StandardWebhooks.signed(
                    Call.json(call.uri(), call.body()),
                    ids.getFirst(),
                    NOW,
                    List.of(service.newest()))
                .headers()
                .get("webhook-signature"));
    assertThat(Json.tree(call.body()).at("/data/code").asString()).isEqualTo("123456");
  }

  @Test
  void CUST_09_while_keys_overlap_calls_are_signed_with_both() {
    var before = service.newest();
    service = service.rotated(ENTROPY, NOW, Duration.ofHours(1));

    check(byCode, byCode.pose(scene(), List.of(enrolment())).memo(), "123456");

    var signatures = calls.getFirst().headers().get("webhook-signature").split(" ", -1);
    assertThat(signatures).hasSize(2);
    assertThat(service.good(NOW)).containsExactly(service.newest(), before);
    assertThat(service.good(NOW.plus(Duration.ofHours(1)))).containsExactly(service.newest());
    assertThat(service.rotated(ENTROPY, NOW, Duration.ZERO).good(NOW)).hasSize(1);
  }

  @Test
  void the_agreed_word_lets_in() {
    assertThat(says(byCode, new Outcome.Answered(200, "{\"verified\":true,\"more\":1}")))
        .isInstanceOf(Factor.Verdict.Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"verified\":\"true\"}",
        "{\"verified\":1}",
        "{\"verified\":null}",
        "{\"verified\":[true]}",
        "{\"verified\":{\"verified\":true}}",
        "{\"Verified\":true}",
        "{}",
        "",
        "true",
        "[{\"verified\":true}]",
        "[true]",
        "<html>verified</html>",
        "{\"verified\":true,\"verified\":false}",
        "{\"verified\":false,\"verified\":true}",
        "{\"verified\":true} {\"verified\":true}",
        "{\"verified\":true",
        "{'verified':true}"
      })
  void CUST_04_whatever_is_not_exactly_true_lets_nobody_in(String text) {
    for (var factor : List.of(byCode, byConfirming)) {
      assertThat(reason(says(factor, new Outcome.Answered(200, text))))
          .isEqualTo(Refusal.Reason.SERVICE_FAILED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 202, 204, 206, 301, 400, 401, 404, 409, 500, 503})
  void CUST_04_no_other_status_lets_anybody_in(int status) {
    assertThat(reason(says(byCode, new Outcome.Answered(status, "{\"verified\":true}"))))
        .isEqualTo(Refusal.Reason.SERVICE_FAILED);
  }

  @ParameterizedTest
  @EnumSource(Outcome.Why.class)
  void CUST_05_no_answer_lets_nobody_in_and_counts_as_no_guess(Outcome.Why why) {
    var verdict = says(byCode, new Outcome.Unanswered(why));

    assertThat(reason(verdict)).isEqualTo(Refusal.Reason.SERVICE_FAILED);
    assertThat(reason(verdict).isGuess()).isFalse();
    assertThat(((Factor.Verdict.Refused) verdict).why().hints()).containsEntry("cause", why.word());
  }

  @Test
  void a_plain_no_is_a_wrong_answer_and_a_denial_ends_the_question() {
    var wrong = new Outcome.Answered(200, "{\"verified\":false}");
    var denied = new Outcome.Answered(200, "{\"verified\":false,\"denied\":true}");
    var pending = new Outcome.Answered(200, "{\"verified\":false,\"pending\":true}");

    assertThat(reason(says(byCode, wrong))).isEqualTo(Refusal.Reason.CODE_INVALID);
    assertThat(reason(says(byCode, pending)))
        .as("whoever types a code has answered")
        .isEqualTo(Refusal.Reason.CODE_INVALID);
    assertThat(reason(says(byConfirming, denied))).isEqualTo(Refusal.Reason.DECLINED);
    assertThat(says(byConfirming, pending)).isInstanceOf(Factor.Verdict.NotYet.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "12345", "1234567", "12345a", "１２３４５６", "+12345", "1e5"})
  void what_cannot_be_a_code_is_not_asked_about(String typed) {
    var memo = byCode.pose(scene(), List.of(enrolment())).memo();

    assertThat(reason(check(byCode, memo, typed))).isEqualTo(Refusal.Reason.CODE_MALFORMED);
    assertThat(calls).isEmpty();
  }

  @Test
  void without_a_question_nothing_is_asked_or_accepted() {
    var verdict =
        byCode.check(
            scene(), List.of(enrolment()), Optional.empty(), Answer.ofCode(Secret.of("123456")));

    assertThat(reason(verdict)).isEqualTo(Refusal.Reason.CODE_EXPIRED);
    assertThat(calls).isEmpty();
  }

  @Test
  void one_that_was_given_up_accepts_nothing() {
    var gone =
        new Custom(ENTROPY, callout, _ -> byCode, _ -> byCode)
            .member(
                Custom.id("pager"),
                Definition.read(
                        new Definition(
                                Definition.Kind.WEBHOOK,
                                "Pager",
                                Map.of(),
                                "",
                                Map.of(),
                                "chat",
                                Definition.Appearance.PICKER,
                                Definition.Satisfies.HAVE,
                                true,
                                Definition.AnsweredBy.CODE,
                                6,
                                5,
                                300,
                                false)
                            .thatIsGivenUp()
                            .write())
                    .write());

    assertThat(gone.isGivenUp()).isTrue();
    assertThat(check(gone, Secret.of("{}"), "123456")).isInstanceOf(Factor.Verdict.Refused.class);
    assertThat(calls).isEmpty();
  }
}
