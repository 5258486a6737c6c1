package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.challenge.PoseChallenge;
import dev.countersign.identity.IdentitySchemas;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.TextSink;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Codes by text message: set up, asked, answered, tried elsewhere, held back, and what happens when nobody sends them. */
@WorldTest
class TextMessagesTest {
  private static final Duration PAUSE = Duration.ofSeconds(20);

  private static Someone ana(World world) {
    return world.tenant("acme").texting().requiring("sms").person("ana").enrolledIn("sms");
  }

  private static String other(String code) {
    return code.equals("000000") ? "000001" : "000000";
  }

  // Setting up and answering, by the pages

  @Test
  void a_number_is_set_up_with_the_code_that_comes_to_it_and_used_from_then_on(World world) {
    var acme = world.tenant("acme").texting().requiring("sms");
    var ana = acme.person("ana");
    var visit = ana.signsIn();
    if (visit.page().has("button[name=factor]")) {
      visit.browser().press("factor", "sms");
    }

    visit.browser().submit(Map.of("phone", "12", "action", "begin"));
    assertThat(visit.page().status()).isEqualTo(400);
    assertThat(visit.page().error("phone")).contains("phone number");
    visit.browser().submit(Map.of("phone", ana.phoneNumber(), "action", "begin"));
    var first = ana.textedCode();
    visit.browser().reload();
    assertThat(ana.texts()).as("loading the page again sends nothing").hasSize(1);
    assertThat(ana.texts().getLast().body()).endsWith("\n\n@" + acme.host() + " #" + first);
    visit.answers(other(first));
    assertThat(visit.page().error("code")).contains("text message");
    visit.answers(first).isIn();

    world.later(PAUSE);
    var later = ana.signsIn().isAskedForCode();
    assertThat(later.page().text())
        .contains("+49 ••• ••" + ana.phoneNumber().substring(ana.phoneNumber().length() - 2))
        .doesNotContain(ana.phoneNumber());
    later.answers(first).isRefused("code_invalid");
    later.answers(ana.textedCode()).isIn();
    acme.audit().says("user.mfa_succeeded", "factor", "sms");
  }

  @Test
  void SMS_01_a_code_is_good_for_ten_minutes(World world) {
    var ana = ana(world);
    var early = ana.journey().withPassword();
    early.pose("sms", false);
    world.later(Duration.ofMinutes(10).minusSeconds(1));
    assertThat(early.answers("sms", ana.textedCode()))
        .isInstanceOf(AnswerChallenge.Outcome.Passed.class);

    var late = ana.journey().withPassword();
    late.pose("sms", false);
    world.later(Duration.ofMinutes(10).plusSeconds(1));
    assertThat(late.answers("sms", ana.textedCode()))
        .isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    ana.company().audit().says("user.mfa_failed", "reason", "code_expired");
  }

  @Test
  void a_tenant_says_how_long_a_code_is_and_how_long_it_is_good_for(World world) {
    var ana = ana(world);
    var set =
        ana.company()
            .admin()
            .call(
                Method.PUT,
                "/guardian/factors/phone/settings",
                "{\"otp_length\": 8, \"otp_expiration_time\": 60}");
    assertThat(set.status()).as(set.text()).isEqualTo(200);

    ana.signsIn().isAskedForCode().answers(ana.textedCode()).isIn();
    assertThat(ana.textedCode()).hasSize(8);

    world.later(PAUSE);
    var late = ana.journey().withPassword();
    late.pose("sms", false);
    world.later(Duration.ofSeconds(61));
    assertThat(late.answers("sms", ana.textedCode()))
        .isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    ana.company().audit().says("user.mfa_failed", "reason", "code_expired");
  }

  @Test
  void SMS_02_a_code_is_good_in_the_sign_in_it_was_asked_for_and_there_once(World world) {
    var ana = ana(world);
    var one = ana.journey().withPassword();
    one.pose("sms", false);
    var code = ana.textedCode();
    world.later(PAUSE);
    var two = ana.journey().withPassword();
    two.pose("sms", false);

    assertThat(two.answers("sms", code)).isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    assertThat(one.answers("sms", code)).isInstanceOf(AnswerChallenge.Outcome.Passed.class);
    assertThat(one.answers("sms", code)).isNotInstanceOf(AnswerChallenge.Outcome.Passed.class);
  }

  @Test
  void SMS_03_a_new_code_ends_the_old_one_and_forgives_no_guess(World world) {
    var ana = ana(world);
    var journey = ana.journey().withPassword();
    journey.pose("sms", false);
    var old = ana.textedCode();
    for (int i = 0; i < 3; i++) {
      journey.answers("sms", other(old));
    }
    world.later(PAUSE);
    journey.pose("sms", true);

    assertThat(journey.answers("sms", old)).isInstanceOf(AnswerChallenge.Outcome.Wrong.class);
    assertThat(journey.answers("sms", old)).isInstanceOf(AnswerChallenge.Outcome.Resting.class);
    assertThat(journey.answers("sms", ana.textedCode()))
        .as("the right one, meanwhile")
        .isInstanceOf(AnswerChallenge.Outcome.Resting.class);
  }

  @Test
  void SMS_03_a_sign_in_gets_three_texts_and_is_told_when_there_is_another(World world) {
    var ana = ana(world);
    var journey = ana.journey().withPassword();
    journey.pose("sms", false);
    assertThat(journey.pose("sms", true)).isInstanceOf(PoseChallenge.Outcome.Unsent.class);
    for (int i = 0; i < 2; i++) {
      world.later(PAUSE);
      assertThat(journey.pose("sms", true)).isInstanceOf(PoseChallenge.Outcome.Asked.class);
    }
    world.later(PAUSE);

    assertThat(journey.pose("sms", true))
        .isInstanceOfSatisfying(
            PoseChallenge.Outcome.Unsent.class,
            unsent -> {
              assertThat(unsent.reason()).isEqualTo("limit_sign_in");
              assertThat(unsent.until()).isPresent();
              assertThat(unsent.standing()).as("what was sent can still be typed").isPresent();
            });
    assertThat(ana.texts()).hasSize(3);
    ana.company().audit().says("sms.blocked", "reason", "limit_sign_in");
    assertThat(journey.answers("sms", ana.textedCode()))
        .isInstanceOf(AnswerChallenge.Outcome.Passed.class);
  }

  @Test
  void SMS_03_a_set_up_gets_five_texts_an_hour(World world) {
    var acme = world.tenant("acme").texting().requiring("sms");
    var ana = acme.person("ana");
    var visit = ana.signsIn();
    if (visit.page().has("button[name=factor]")) {
      visit.browser().press("factor", "sms");
    }
    visit.browser().submit(Map.of("phone", ana.phoneNumber(), "action", "begin"));
    for (int i = 0; i < 5; i++) {
      world.later(PAUSE);
      visit.browser().submit(Map.of("code", "", "action", "again"));
    }

    assertThat(visit.page().status()).isEqualTo(429);
    assertThat(ana.texts()).hasSize(5);
    acme.audit().says("sms.blocked", "reason", "limit_enrolling");
  }

  @Test
  void SMS_05_texts_go_to_the_stored_number_whatever_is_posted(World world) {
    var ana = ana(world);
    var visit = ana.signsIn().isAskedForCode();
    world.later(PAUSE);

    visit
        .browser()
        .post(
            visit.page().uri().toString(),
            Map.of(
                "csrf", visit.page().element("[name=csrf]").val(),
                "state", visit.page().element("[name=state]").val(),
                "action", "again",
                "phone", "+4915199999999",
                "phone_number", "+4915199999999",
                "to", "+4915199999999",
                "factor_id", "somebody"));

    assertThat(ana.texts()).hasSize(2);
    assertThat(world.texts().textsTo("+4915199999999")).isEmpty();
  }

  @Test
  void SMS_06_without_a_phone_trait_there_are_no_texts(World world) {
    var acme = world.tenant("acme").texting().inviting("sms");
    var before = acme.person("ana");
    assertThat(before.begins(new FactorId("sms"), Optional.empty())).isPresent();
    var schema = schema(world, acme);
    ((ObjectNode) schema.path("properties")).remove("phone");
    assertThat(change(world, acme, schema)).isInstanceOf(IdentitySchemas.Change.Saved.class);

    assertThat(before.begins(new FactorId("sms"), Optional.empty())).isEmpty();
    assertThat(acme.person("ben").signsIn().page().html()).doesNotContain("/set-up/sms");
  }

  @Test
  void SMS_10_another_number_needs_fresh_proof_and_the_old_one_is_told(World world) {
    var ana = ana(world);
    var acme = ana.company();
    var visit = ana.signsIn().isAskedForCode();
    visit.answers(ana.textedCode()).isIn();
    var path = "/account/methods/" + ana.enrolment("sms").value() + "/remove";
    world.later(Duration.ofMinutes(6));

    visit.browser().open(acme.url(path));
    visit.identifies().givesPassword(ana.password()).isAskedForCode().answers(ana.textedCode());
    assertThat(visit.page().uri().getPath()).isEqualTo(path);
    acme.audit().endsWith("step_up.requested", "step_up.approved");
    assertThat(ana.texts()).hasSize(2);
    visit.browser().press("action", "confirm");

    assertThat(ana.texts()).as("the old number, right after a code").hasSize(3);
    assertThat(ana.texts().getLast().body()).contains("can no longer be used");
    assertThat(ana.mails().getLast().subject()).contains("removed");
    acme.audit().says("mfa.farewell_sent", "by", "twilio");
    assertThat(visit.page().has("input[name=phone]") || visit.page().has("button[name=factor]"))
        .isTrue();
  }

  @Test
  void SMS_10_what_is_held_back_of_it_is_recorded_and_the_mail_goes_anyway(World world) {
    var ana = ana(world);
    var acme = ana.company();
    var visit = ana.signsIn().isAskedForCode();
    visit.answers(ana.textedCode()).isIn();
    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .delivery
                .textSettings
                .change(
                    tx,
                    acme.id(),
                    document -> document.set("allowed_countries", Json.array().add("FR")),
                    world.clock().now()));

    visit.browser().open(acme.url("/account/methods/" + ana.enrolment("sms").value() + "/remove"));
    visit.browser().press("action", "confirm");

    assertThat(ana.texts()).hasSize(1);
    assertThat(ana.mails().getLast().subject()).contains("removed");
    acme.audit()
        .says("sms.blocked", "purpose", "farewell")
        .says("sms.blocked", "reason", "country_not_allowed");
  }

  @Test
  void without_a_provider_texts_are_not_offered(World world) {
    var acme = world.tenant("acme").inviting("sms", "otp");

    assertThat(acme.person("ana").begins(new FactorId("sms"), Optional.empty())).isEmpty();
  }

  // Providers

  @ParameterizedTest
  @ValueSource(strings = {"twilio", "vonage", "sns", "phone-message-hook"})
  void each_provider_takes_a_text_in_its_own_format(String provider, World world) {
    var acme = world.tenant("acme").textingBy(world.texts().account(provider)).requiring("sms");
    var ana = acme.person("ana").enrolledIn("sms");
    var journey = ana.journey().withPassword();

    assertThat(journey.pose("sms", false)).isInstanceOf(PoseChallenge.Outcome.Asked.class);

    assertThat(ana.texts()).singleElement().extracting(TextSink.Taken::by).isEqualTo(provider);
    acme.audit().says("mfa.challenge_sent", "by", provider);
    assertThat(journey.answers("sms", ana.textedCode()))
        .isInstanceOf(AnswerChallenge.Outcome.Passed.class);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WELL")
  void SMS_07_when_a_provider_fails_the_next_one_sends_the_one_code_that_counts(
      TextSink.Mood mood, World world) {
    var first = world.texts().account("twilio").feeling(mood);
    var acme =
        world.tenant("acme").textingBy(first, world.texts().account("vonage")).requiring("sms");
    var ana = acme.person("ana").enrolledIn("sms");
    var journey = ana.journey().withPassword();
    long started = System.nanoTime();

    assertThat(journey.pose("sms", false)).isInstanceOf(PoseChallenge.Outcome.Asked.class);

    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
    assertThat(ana.texts()).singleElement().extracting(TextSink.Taken::by).isEqualTo("vonage");
    acme.audit().says("sms.provider_failed", "by", "twilio");
    assertThat(journey.answers("sms", ana.textedCode()))
        .isInstanceOf(AnswerChallenge.Outcome.Passed.class);
  }

  @Test
  void SMS_07_a_provider_that_keeps_failing_is_spared_and_tried_again_later(World world) {
    var first = world.texts().account("twilio").feeling(TextSink.Mood.FAILS);
    var acme =
        world.tenant("acme").textingBy(first, world.texts().account("vonage")).requiring("sms");
    var people = IntStream.range(0, 6).mapToObj(i -> acme.person("p" + i)).toList();
    people.forEach(it -> it.enrolledIn("sms"));

    people.subList(0, 4).forEach(TextMessagesTest::signsIn);
    assertThat(first.asked()).isEqualTo(3);
    first.feeling(TextSink.Mood.WELL);
    signsIn(people.get(4));
    assertThat(first.asked()).isEqualTo(3);
    world.later(Duration.ofSeconds(30));
    signsIn(people.get(5));

    assertThat(first.asked()).isEqualTo(4);
    assertThat(people.get(5).texts().getLast().by()).isEqualTo("twilio");
  }

  private static void signsIn(Someone who) {
    var journey = who.journey().withPassword();
    journey.pose("sms", false);
    assertThat(journey.answers("sms", who.textedCode()))
        .isInstanceOf(AnswerChallenge.Outcome.Passed.class);
  }

  @Test
  void SMS_09_when_nobody_sends_the_page_says_so_and_offers_what_else_there_is(World world) {
    var acme =
        world
            .tenant("acme")
            .textingBy(
                world.texts().account("twilio").feeling(TextSink.Mood.FAILS),
                world.texts().account("sns").feeling(TextSink.Mood.OVERLOADED))
            .requiring("sms", "otp");
    var ana = acme.person("ana").enrolledIn("sms", "otp");
    var visit = ana.signsIn();

    visit.browser().open(visit.page().uri().toString().replace("/u/mfa/otp", "/u/mfa/sms"));

    assertThat(visit.page().status()).isEqualTo(503);
    assertThat(visit.page().title()).contains("couldn’t send");
    assertThat(ana.texts()).isEmpty();
    visit.triesAnotherWay("otp").answers(ana.codeNow()).isIn();
  }

  @Test
  void sending_holds_no_database_connection(World world) throws Exception {
    var slow = world.texts().account("twilio").feeling(TextSink.Mood.HANGS);
    var acme = world.tenant("acme").textingBy(slow).requiring("sms");
    var journey = acme.person("ana").enrolledIn("sms").journey().withPassword();
    try (var pool = Executors.newSingleThreadExecutor()) {
      Callable<PoseChallenge.Outcome> ask = () -> journey.pose("sms", false);
      var asking = pool.submit(ask);
      while (slow.asked() == 0 && !asking.isDone()) {
        Thread.onSpinWait();
      }

      assertThat(world.wiring().ground.database.busy()).isZero();
      assertThat(asking.get()).isInstanceOf(PoseChallenge.Outcome.Unsent.class);
    }
  }

  // Held back

  @Test
  void texts_to_a_range_of_numbers_that_nobody_answers_are_stopped(World world) {
    var acme = world.tenant("acme").texting().requiring("sms");
    var people =
        IntStream.range(0, 9).mapToObj(i -> acme.person("p" + i).enrolledIn("sms")).toList();
    people.subList(0, 8).forEach(it -> it.journey().withPassword().pose("sms", false));

    assertThat(people.get(8).journey().withPassword().pose("sms", false))
        .isInstanceOfSatisfying(
            PoseChallenge.Outcome.Unsent.class,
            unsent -> assertThat(unsent.reason()).isEqualTo("pumping"));
    assertThat(acme.audit().last("sms.blocked").details().get("because")).contains("8 numbers");
    assertThat(people.get(8).texts()).isEmpty();
    world.later(Duration.ofHours(1));
    assertThat(people.get(8).journey().withPassword().pose("sms", false))
        .isInstanceOf(PoseChallenge.Outcome.Asked.class);
  }

  @Test
  void texts_go_only_to_the_countries_that_the_tenant_allows(World world) {
    var ana = ana(world);
    var acme = ana.company();
    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .delivery
                .textSettings
                .change(
                    tx,
                    acme.id(),
                    document -> document.set("allowed_countries", Json.array().add("FR")),
                    world.clock().now()));

    assertThat(ana.journey().withPassword().pose("sms", false))
        .isInstanceOfSatisfying(
            PoseChallenge.Outcome.Unsent.class,
            unsent -> assertThat(unsent.reason()).isEqualTo("country_not_allowed"));
    assertThat(ana.texts()).isEmpty();
  }

  // The identity schema

  private static ObjectNode schema(World world, Company company) {
    return world
        .wiring()
        .ground
        .database
        .read(tx -> world.wiring().ground.schemas.current(tx, company.id()))
        .document()
        .deepCopy();
  }

  private static IdentitySchemas.Change change(World world, Company company, ObjectNode schema) {
    return world
        .wiring()
        .ground
        .database
        .write(tx ->
            world
                .wiring()
                .ground
                .schemas
                .change(tx, company.id(), schema, "world", world.clock().now()));
  }

  @Test
  void a_schema_that_people_would_not_fit_is_refused_with_who_would_break_it(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    acme.person("ben");
    var schema = schema(world, acme);
    schema.set("required", Json.array().add("phone"));
    ((ObjectNode) schema.path("properties").path("username")).put("minLength", 4);

    assertThat(change(world, acme, schema))
        .isInstanceOfSatisfying(
            IdentitySchemas.Change.Breaks.class,
            breaks -> {
              assertThat(breaks.broken())
                  .extracting(IdentitySchemas.Broken::trait)
                  .containsExactly("phone", "username");
              assertThat(breaks.broken())
                  .allSatisfy(broken -> {
                    assertThat(broken.people()).isEqualTo(2);
                    assertThat(broken.first()).contains(ana.id().value());
                  });
            });
    assertThat(schema(world, acme)).isNotEqualTo(schema);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"object\",\"properties\":{\"email\":{\"type\":\"string\"}}}",
        "{\"type\":\"object\",\"properties\":{\"shoe\":{\"type\":\"string\"}}}",
        "{\"type\":\"object\",\"$ref\":\"http://127.0.0.1/\",\"properties\":{}}",
        "{\"type\":\"object\",\"properties\":{\"username\":{\"pattern\":\"(a+)+$\",\"countersign\":[\"identifier\"]}}}",
        "{\"type\":\"object\",\"properties\":{\"name\":{\"countersign\":[\"phone\"]}}}",
        "{\"type\":\"array\"}"
      })
  void a_schema_that_is_none_of_ours_is_refused(String schema, World world) {
    var acme = world.tenant("acme");

    assertThat(change(world, acme, (ObjectNode) Json.tree(schema)))
        .isInstanceOf(IdentitySchemas.Change.Unfit.class);
    assertThat(List.of(schema(world, acme))).hasSize(1);
  }
}
