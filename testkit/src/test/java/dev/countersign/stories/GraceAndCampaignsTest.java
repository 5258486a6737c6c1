package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Exemption;
import dev.countersign.enforcement.Match;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policy;
import dev.countersign.enforcement.Timing;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.operator.Answer;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is required begins for whom and when the policy says, and can be put off as long as it says and no longer. */
@WorldTest
class GraceAndCampaignsTest {
  private static Policy.Rule required(String id, Match match, Timing timing) {
    return new Policy.Rule(id, id, Set.of(), Set.of(), Mode.REQUIRED, Set.of())
        .of(match)
        .from(timing);
  }

  @Test
  void grace_runs_out_by_times_and_another_browser_begins_nothing_anew(World world) {
    var acme = world.tenant("acme").requiring("otp").policy(it -> it.from(Timing.grace(null, 2)));
    var ana = acme.person("ana");
    var page = ana.signsIn().page();
    assertThat(page.text()).contains("You can skip this 2 more times.");

    ana.signsIn().saysNotNow().isIn();
    assertThat(ana.signsIn().page().text()).contains("You can skip this 1 more time.");
    ana.signsInWith(world.browser()).saysNotNow().isIn();

    var last = ana.signsIn().isAskedToSetUp().page();
    assertThat(last.has("button[value=skip]")).isFalse();
    assertThat(last.text()).contains("Until now you could skip this.");
    ana.signsIn().setsUp("otp");

    acme.policy(it -> it.from(Timing.AT_ONCE));
    assertThat(acme.person("eva").signsIn().isAskedToSetUp().page().text())
        .as("to whoever never could")
        .doesNotContain("skip this");
  }

  @Test
  void TIME_04_grace_runs_out_by_days_at_the_same_moment_for_every_browser(World world) {
    var acme = world.tenant("acme").requiring("otp").policy(it -> it.from(Timing.grace(7, null)));
    var ana = acme.person("ana");
    assertThat(ana.signsIn().page().text()).contains("Required from");
    world.later(Duration.ofDays(7).minusSeconds(2));
    ana.signsIn().saysNotNow().isIn();
    world.later(Duration.ofSeconds(2));
    assertThat(ana.signsIn().isAskedToSetUp().page().has("button[value=skip]")).isFalse();
    assertThat(acme.person("bob").signsIn().page().has("button[value=skip]"))
        .as("his days have just begun")
        .isTrue();
  }

  @Test
  void a_campaign_reaches_its_share_waits_to_cool_down_and_ends_at_its_deadline(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var deadline = world.clock().now().plus(Duration.ofDays(30));
    acme.policy(it ->
        it.withRules(
            List.of(
                required(
                    "campaign",
                    Match.EVERYBODY.ofEvery(10),
                    new Timing(null, false, null, null, deadline, 7)))));
    int reached = 0;
    var in = new ArrayList<String>();
    for (int i = 0; i < 60 && in.isEmpty(); i++) {
      var who = acme.person("p" + i);
      var page = who.signsIn().page();
      if (!page.uri().getPath().equals("/account")) {
        reached++;
        in.add(who.name());
      }
    }
    assertThat(reached).isPositive();
    var who = acme.person(in.getFirst());
    who.signsIn().saysNotNow().isIn();
    who.signsIn().isIn();
    world.later(Duration.ofDays(7));
    who.signsIn().saysNotNow().isIn();
    world.later(Duration.ofDays(23));
    assertThat(who.signsIn().isAskedToSetUp().page().has("button[value=skip]")).isFalse();
  }

  @Test
  void whoever_has_a_factor_has_no_grace(World world) {
    var acme = world.tenant("acme").requiring("otp").policy(it -> it.from(Timing.grace(7, 2)));
    var ana = acme.person("ana").enrolledIn("otp");
    ana.signsIn().isAskedForCode();
  }

  @Test
  void an_exemption_is_told_when_it_is_used_and_ends_on_its_day(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var glass = acme.person("glass");
    acme.policy(it ->
        it.exempting(
            List.of(
                new Exemption(
                    glass.id().value(),
                    world.clock().now().plus(Duration.ofDays(1)),
                    "the help desk's own"))));
    glass.signsIn().isIn();
    acme.audit().says("mfa.exemption_used", "reason", "exempt");
    world.later(Duration.ofDays(1));
    glass.signsIn().isAskedToSetUp();
  }

  @Test
  void RACE_03_a_policy_that_tightens_between_password_and_arrival_counts(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    var visit = ana.signsIn();
    acme.requiring("otp");
    visit.saysNotNow();
    visit.isAskedToSetUp();
    assertThat(acme.audit().count("user.signed_in")).isZero();
  }

  @Test
  void a_change_that_would_lock_people_out_says_whom_and_how_to_mend_it(World world) {
    var acme = world.tenant("acme").demandingNothing();
    acme.person("ana").inGroup("staff", "board");
    acme.person("bob").inGroup("staff");
    var answered =
        acme.admin()
            .call(
                Method.PUT,
                "/enforcement",
                """
                {"mode":"required","allowed_factors":["otp","webauthn-platform"],"rules":[
                  {"name":"Staff","groups":["staff"],"mode":"required","allowed_factors":["otp"]},
                  {"name":"Board","groups":["board"],"mode":"required","allowed_factors":["webauthn-platform"]}]}
                """);
    assertThat(answered.status()).isEqualTo(409);
    assertThat(answered.text()).contains("1 person (ana)").contains("a factor in common");
    var fine =
        acme.admin()
            .call(
                Method.PUT,
                "/enforcement",
                """
                {"mode":"required","allowed_factors":["otp","webauthn-platform"],"rules":[
                  {"name":"Staff","groups":["staff"],"applications":["shop"],"mode":"required","allowed_factors":["otp"]},
                  {"name":"Board","groups":["board"],"applications":["bank"],"mode":"required","allowed_factors":["webauthn-platform"]}]}
                """);
    assertThat(fine.status()).as(fine.text()).isEqualTo(200);
  }

  // Policy as code

  private static final class Said implements Answer {
    private final List<String> said = new ArrayList<>();

    @Override
    public void say(String line) {
      said.add(line);
    }

    @Override
    public void tell(String line) {
      said.add(line);
    }

    String text() {
      return String.join("\n", said);
    }
  }

  private static Moment now(World world) {
    return world.clock().now();
  }

  @Test
  void a_policy_goes_out_to_a_file_and_comes_in_again_the_same(World world) {
    var acme = world.tenant("acme").inviting("otp", "webauthn-platform");
    acme.policy(it ->
        it.withRules(
                List.of(
                    required(
                        "r",
                        Match.of(Set.of("staff"), Set.of()).ofEvery(12.5).in(Set.of("bank")),
                        new Timing(now(world), true, 7, 3, now(world), 2))))
            .exempting(List.of(new Exemption("x", now(world), "y"))));
    var policy = world.wiring().administration.operatorPolicy;
    var file = new Said();
    policy.export(acme.id(), file);
    var other = world.tenant("other");
    var heard = new Said();
    assertThat(policy.bringIn(other.id(), Secret.of(file.text()), now(world), heard))
        .as(heard.text())
        .isTrue();
    var again = new Said();
    policy.export(other.id(), again);
    assertThat(withoutVersion(again)).isEqualTo(withoutVersion(file));
    assertThat(policy.bringIn(other.id(), Secret.of(file.text()), now(world), heard)).isTrue();
    assertThat(heard.text()).contains("Nothing changes");
    assertThat(policy.bringIn(other.id(), Secret.of("{\"mode\":\"sometimes\"}"), now(world), heard))
        .isFalse();
    assertThat(heard.text()).contains("off, optional, required").contains("mode");
  }

  private static List<String> withoutVersion(Said file) {
    return file.said.stream().filter(line -> !line.contains("\"version\"")).toList();
  }

  private static final String CASES =
      """
      {"cases":[
        {"name":"Staff set one up","who":{"groups":["staff"]},"expect":{"result":"enrol","factors":["otp"],"reason":"policy_requires"}},
        {"name":"Guests come in","expect":{"result":"cleared","level":"aal1"}},
        {"name":"A transfer is proven","has":["otp"],"doing":{"acts":["operation:transfer"]},"expect":{"result":"challenge","reason":"step_up"}}
      ]}
      """;

  private static final String DRAFT =
      """
      {"mode":"off","allowed_factors":["otp"],"rules":[{"name":"Staff","groups":["staff"],"mode":"required"}]}
      """;

  @Test
  void cases_are_held_against_a_draft_and_it_is_said_whom_it_would_treat_otherwise(World world) {
    var acme = world.tenant("acme").demandingNothing();
    acme.person("ana").inGroup("staff");
    acme.person("bob");
    var policy = world.wiring().administration.operatorPolicy;
    var drafted = new Said();
    assertThat(policy.test(acme.id(), Secret.of(DRAFT), Secret.of(CASES), now(world), drafted))
        .as(drafted.text())
        .isTrue();
    assertThat(drafted.text())
        .contains("3 cases, 0 failed")
        .contains("1 of 2 people would meet something else")
        .contains("cleared -> enrol: 1 (ana)");
    var asItStands = new Said();
    assertThat(policy.test(acme.id(), Secret.of(""), Secret.of(CASES), now(world), asItStands))
        .isFalse();
    assertThat(asItStands.text())
        .contains("FAILED Staff set one up")
        .contains("result: expected enrol, got cleared");
  }

  @Test
  void a_draft_is_tried_on_the_sign_ins_that_were(World world) {
    var acme = world.tenant("acme").demandingNothing();
    signIn(acme, "ana");
    signIn(acme, "bob");
    acme.person("cleo").enrolledIn("otp", "recovery-code").signsIn().isIn();
    world.later(Duration.ofDays(2));
    signIn(acme, "dora");
    var policy = world.wiring().administration.operatorPolicy;
    var everything = new Said();
    assertThat(
            policy.replay(
                acme.id(),
                Secret.of("{\"mode\":\"required\",\"allowed_factors\":[\"otp\"]}"),
                30,
                now(world),
                everything))
        .isTrue();
    assertThat(everything.text())
        .contains("4 sign-ins")
        .contains("would be challenged: 1")
        .contains("would have to set a factor up: 3")
        .contains("could not sign in: 0")
        .contains("cleared -> enrol: 3");
    var lately = new Said();
    policy.replay(acme.id(), Secret.of(""), 1, now(world), lately);
    assertThat(lately.text()).contains("1 sign-ins").contains("cleared -> cleared: 1");
  }

  private static void signIn(Company company, String name) {
    company.person(name).signsIn().isIn();
  }

  @Test
  void a_sign_in_is_explained_with_every_rule_and_factor(World world) {
    var acme = world.tenant("acme").requiring("otp");
    acme.person("ana").enrolledIn("otp", "recovery-code").signsIn().isAskedForCode();
    var signIn = Objects.requireNonNull(acme.audit().last("user.mfa_required").signIn());
    var said = new Said();
    assertThat(world.wiring().administration.operatorPolicy.explain(acme.id(), signIn, said))
        .isTrue();
    assertThat(said.text())
        .contains("Result: a second proof is asked for, by otp")
        .contains("Why: policy requires")
        .contains("Factor webauthn-platform: switched off")
        .contains("+15 new_device");
    var shown = acme.admin().get("/decisions/" + signIn.value());
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.json().at("/decisions/0/reason").asString()).isEqualTo("policy_requires");
    assertThat(shown.json().at("/decisions/0/factors/0/standing").asString()).isNotEmpty();
  }
}
