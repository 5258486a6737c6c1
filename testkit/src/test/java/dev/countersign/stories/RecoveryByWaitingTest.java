package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.Enrolment;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.recovery.RecoverByWaiting;
import dev.countersign.recovery.Recoveries;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.GoogleSink;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Visit;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The way back by waiting, for somebody who lost every factor. */
@WorldTest
class RecoveryByWaitingTest {
  private static final Duration WAIT = Duration.ofHours(72);
  private static final Pattern LINK = Pattern.compile("https://\\S+/u/not-me\\?ticket=\\S+");

  private static Company acme(World world) {
    return on(world.tenant("acme").requiring("otp", "recovery-code"));
  }

  private static Company on(Company company) {
    var answered = company.admin().call(Method.PUT, "/guardian/recovery", "{\"enabled\":true}");
    assertThat(answered.status()).as(answered.text()).isEqualTo(200);
    assertThat(answered.json().path("wait_hours").intValue()).isEqualTo(72);
    return company;
  }

  /** Signs in by password, and goes from the challenge to the page of this way. */
  private static Visit looks(Someone who) {
    var visit = who.signsIn().isAskedForCode();
    var state = visit.page().parameters().get("state");
    visit.browser().open(who.company().url("/u/mfa/lost?state=" + state));
    visit.browser().open(visit.page().element("a[href*='/u/mfa/lost/wait']").absUrl("href"));
    return visit;
  }

  /** What the page of all ways says to them. */
  private static String waysBack(Someone who) {
    var visit = who.signsIn().isAskedForCode();
    var state = visit.page().parameters().get("state");
    visit.browser().open(who.company().url("/u/mfa/lost?state=" + state));
    return visit.page().text();
  }

  private static Visit hasCodeSent(Someone who) {
    var visit = looks(who);
    visit.browser().press("action", "send");
    assertThat(visit.page().has("input[name=code]")).as("%s", visit.page()).isTrue();
    return visit;
  }

  private static Visit types(Visit visit, String code) {
    visit.browser().submit(Map.of("code", code));
    return visit;
  }

  /** Begins the waiting. */
  private static Visit begins(Someone who) {
    var visit = types(hasCodeSent(who), who.mailedCode());
    assertThat(visit.page().title()).as("%s", visit.page()).isEqualTo("The waiting has begun");
    return visit;
  }

  /** Comes back after it, and stands before setting a factor up. */
  private static Visit comesBack(Someone who) {
    return types(hasCodeSent(who), who.mailedCode()).isAskedToSetUp();
  }

  private static String path(Someone who) {
    return "/users/" + who.id().value().replace("|", "%7C") + "/recovery";
  }

  private static String state(Someone who) {
    return who.company().admin().get(path(who)).json().path("state").stringValue();
  }

  private static List<String> events(Someone who) {
    return who.company().audit().events().stream().map(it -> it.type().code()).toList();
  }

  private static long mailsAbout(Someone who, String subject) {
    return who.mails().stream().filter(it -> it.subject().startsWith(subject)).count();
  }

  private static List<Enrolment> factors(World world, Someone who) {
    return world
        .wiring()
        .ground
        .database
        .read(tx -> world.wiring().methods.enrolments.of(tx, who.company().id(), who.id()));
  }

  @Test
  void whoever_waits_sets_up_a_new_factor_in_place_of_all_that_was_lost(World world) {
    var ana = acme(world).person("ana").enrolledIn("otp", "recovery-code");
    var lost = ana.enrolment("otp");
    var elsewhere = ana.signsIn().answers(ana.codeNow()).isIn();
    world.later(Duration.ofMinutes(1));
    begins(ana);
    assertThat(mailsAbout(ana, "Someone is recovering")).isOne();
    assertThat(state(ana)).isEqualTo("waiting");
    assertThat(waysBack(ana)).contains("It has begun. From");

    world.later(WAIT.dividedBy(2));
    world.wiring().upkeep.sweepRecoveries();
    world.wiring().upkeep.sweepRecoveries();
    assertThat(mailsAbout(ana, "Your account at Acme is still being recovered")).isOne();
    world.later(WAIT.dividedBy(2).minusHours(6));
    world.wiring().upkeep.sweepRecoveries();
    assertThat(mailsAbout(ana, "Your account at Acme is still being recovered")).isEqualTo(2);
    world.later(Duration.ofHours(6));
    assertThat(state(ana)).isEqualTo("due");
    assertThat(waysBack(ana)).contains("The waiting is over");
    var visit = comesBack(ana);
    assertThat(visit.page().text()).contains("Set up a new method");
    assertThat(visit.page().has("button[value=skip]")).isFalse();
    visit.setsUp("otp");
    assertThat(visit.page().has("ol.codes")).as("new backup codes").isTrue();
    visit.savesBackupCodes().isIn();

    assertThat(factors(world, ana)).filteredOn(it -> it.id().equals(lost)).isEmpty();
    assertThat(factors(world, ana))
        .filteredOn(it -> it.factor().value().equals("otp") && it.isActive())
        .hasSize(1);
    elsewhere.browser().open(ana.company().url("/account"));
    assertThat(
            elsewhere.page().has("input[name=password]")
                || elsewhere.page().has("input[name=identifier]"))
        .as("%s", elsewhere.page())
        .isTrue();
    assertThat(mailsAbout(ana, "Your account at Acme was recovered")).isOne();
    assertThat(state(ana)).isEqualTo("completed");
    assertThat(events(ana))
        .containsSubsequence(
            "recovery.started",
            "recovery.told",
            "recovery.told",
            "recovery.opened",
            "recovery.completed",
            "user.signed_in");
  }

  @Test
  void phones_that_approve_are_told_each_time_in_their_persons_language(World world) {
    var acme = on(world.tenant("acme").requiring("otp", "push-notification", "recovery-code"));
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code", "push-notification");
    var google = byGoogle(world, acme);
    assertThat(ana.phone().registers("fcm", "fcm-registration:of-ana")).isTrue();
    assertThat(
            acme.admin()
                .call(
                    Method.PATCH,
                    "/users/" + ana.id().value().replace("|", "%7C"),
                    "{\"user_metadata\":{\"locale\":\"de\"}}")
                .status())
        .isEqualTo(200);

    begins(ana);

    assertThat(google.messages())
        .singleElement()
        .satisfies(message -> {
          assertThat(message.at("/notification/title").asString(""))
              .isEqualTo("Jemand stellt Ihr Konto bei Acme wieder her");
          assertThat(message.at("/notification/body").asString("")).contains("Das war ich nicht");
          assertThat(message.path("data").propertyNames()).containsExactly("type", "device");
          assertThat(message.at("/android/ttl").asString("")).isEqualTo("86400s");
          assertThat(message.toString()).doesNotContain("http", "ticket", ana.email(), "ana@");
        });
    world.later(WAIT.dividedBy(2));
    world.wiring().upkeep.sweepRecoveries();
    assertThat(google.messages()).hasSize(2);
    assertThat(acme.audit().of("push.provider_failed", "push.blocked")).isEmpty();
  }

  @Test
  void words_to_phones_use_up_no_requests_and_a_phone_that_is_gone_is_dropped(World world) {
    var acme = on(world.tenant("acme").requiring("otp", "push-notification", "recovery-code"));
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code", "push-notification");
    var google = byGoogle(world, acme);
    ana.phone().registers("fcm", "fcm-registration:of-ana");
    google.uninstalls("fcm-registration:of-ana");

    begins(ana);

    assertThat(acme.audit().last("push.provider_failed").details())
        .containsEntry("reason", "gone")
        .containsEntry("purpose", "recovery");
    world.later(WAIT.dividedBy(2));
    world.wiring().upkeep.sweepRecoveries();
    assertThat(acme.audit().of("push.provider_failed")).hasSize(1);
  }

  private static GoogleSink.Account byGoogle(World world, Company company) {
    var account = world.google().account(world.clock());
    var wiring = world.wiring();
    var document = Json.object().put("provider", "direct");
    document.putObject("fcmv1").put("server_credentials", account.file());
    wiring.ground.database.run(tx ->
        wiring.methods.factorSettings.set(
            tx,
            company.id(),
            new FactorId("push-notification"),
            Json.write(document),
            world.clock().now()));
    return account;
  }

  @Test
  void a_sandbox_keeps_what_phones_would_have_shown(World world) {
    var acme = on(world.sandbox("acme").requiring("otp", "push-notification", "recovery-code"));
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code", "push-notification");
    ana.phone().registers("fcm", "fcm-registration:of-ana");
    var visit = hasCodeSent(ana);
    var mails = acme.admin().get("/sandbox/inbox?channel=mail").json();
    var code = Pattern.compile("\\b\\d{6}\\b").matcher(mails.get(0).path("text").stringValue());
    assertThat(code.find()).isTrue();
    types(visit, code.group());

    var shown = acme.admin().get("/sandbox/inbox?channel=push").json();

    assertThat(shown).hasSize(1);
    assertThat(shown.get(0).path("subject").stringValue())
        .isEqualTo("Someone is recovering your account at Acme");
    assertThat(shown.get(0).path("text").stringValue()).contains("This was not me");
  }

  @Test
  void it_is_off_until_the_tenant_switches_it_on(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    assertThat(acme.admin().get("/guardian/recovery").json().path("enabled").booleanValue())
        .isFalse();
    var visit = ana.signsIn().isAskedForCode();
    var state = visit.page().parameters().get("state");
    visit.browser().open(acme.url("/u/mfa/lost?state=" + state));
    assertThat(visit.page().has("a[href*='/u/mfa/lost/wait']")).isFalse();

    visit.browser().open(acme.url("/u/mfa/lost/wait?state=" + state));

    visit.isAskedForCode();
    assertThat(visit.page().uri().getPath()).isEqualTo("/u/mfa/otp");
    for (var wrong :
        List.of(
            "{}",
            "{\"enabled\":true,\"wait_hours\":23}",
            "{\"enabled\":true,\"wait_hours\":721}",
            "{\"enabled\":true,\"sandbox\":true}")) {
      assertThat(acme.admin().call(Method.PUT, "/guardian/recovery", wrong).status())
          .as(wrong)
          .isEqualTo(400);
    }
  }

  @Test
  void switching_it_off_stops_what_goes_on(World world) {
    var ana = acme(world).person("ana").enrolledIn("otp");
    begins(ana);
    world.later(WAIT);
    var visit = comesBack(ana);

    ana.company().admin().call(Method.PUT, "/guardian/recovery", "{\"enabled\":false}");
    visit.browser().press("factor", "otp");
    ana.type(visit.page().element("#key").text());
    types(visit, ana.codeNow());

    assertThat(visit.page().uri().getPath()).as("%s", visit.page()).isEqualTo("/u/mfa/otp");
    assertThat(events(ana)).doesNotContain("recovery.completed");
  }

  @Test
  void TIME_04_a_recovery_opens_when_its_time_has_come_and_closes_a_week_later(World world) {
    var acme = acme(world);
    for (var off : List.of(-1, 0, 1)) {
      var ana = acme.person("ana" + (off + 1)).enrolledIn("otp");
      begins(ana);
      world.later(WAIT.plusMillis(off));
      var visit = looks(ana);
      assertThat(visit.page().title())
          .as("%s ms", off)
          .isEqualTo(off < 0 ? "The waiting has begun" : "The waiting is over");
    }
    for (var off : List.of(-1, 0, 1)) {
      var ben = acme.person("ben" + (off + 1)).enrolledIn("otp");
      begins(ben);
      world.later(WAIT.plus(Recoveries.OPEN).plusMillis(off));
      var visit = looks(ben);
      assertThat(visit.page().title())
          .as("%s ms", off)
          .isEqualTo(off < 0 ? "The waiting is over" : "Recover by waiting");
    }
  }

  @Test
  void the_mailed_code_is_good_once_for_ten_minutes_and_wrong_ones_are_counted(World world) {
    var acme = acme(world);
    var ana = acme.person("ana").enrolledIn("otp");
    var visit = hasCodeSent(ana);
    var late = ana.mailedCode();
    world.later(Duration.ofMinutes(10));
    types(visit, late);
    assertThat(visit.page().status()).isEqualTo(400);
    assertThat(ana.company().admin().get(path(ana)).status()).isEqualTo(404);

    var again = hasCodeSent(ana);
    var code = ana.mailedCode();
    var wrong = code.equals("000000") ? "000001" : "000000";
    for (int i = 0; i < 3; i++) {
      types(again, wrong);
      assertThat(again.page().error("code")).as("%s", again.page()).isNotEmpty();
    }
    types(again, wrong).isThrottled();
    var fresh = hasCodeSent(ana);
    types(fresh, ana.mailedCode()).isThrottled();
    assertThat(events(ana)).contains("recovery.refused").doesNotContain("recovery.started");
  }

  @Test
  void a_second_factor_that_is_used_shows_that_it_is_not_lost(World world) {
    var ana = acme(world).person("ana").enrolledIn("otp", "recovery-code");
    begins(ana);
    world.later(WAIT.dividedBy(3));
    ana.signsIn().answers(ana.codeNow()).isIn();

    assertThat(looks(ana).page().title()).isEqualTo("Recover by waiting");
    world.wiring().upkeep.sweepRecoveries();

    assertThat(state(ana)).isEqualTo("cancelled");
    assertThat(mailsAbout(ana, "The recovery of your account at Acme was stopped")).isOne();
    ana.company().audit().says("recovery.cancelled", "reason", "factor_used");
    world.later(WAIT);
    assertThat(looks(ana).page().title()).isEqualTo("Recover by waiting");
  }

  @Test
  void the_link_in_the_mail_stops_it_even_when_its_time_has_come(World world) {
    var ana = acme(world).person("ana").enrolledIn("otp");
    begins(ana);
    var mail = ana.mails().getLast();
    var link = LINK.matcher(mail.plain());
    assertThat(link.find()).as(mail.plain()).isTrue();
    world.later(WAIT);
    var attacker = comesBack(ana);

    var browser = world.browser();
    browser.open(link.group());
    browser.submit(Map.of("csrf", browser.page().element("main input[name=csrf]").val()));

    assertThat(state(ana)).isEqualTo("cancelled");
    attacker.browser().press("factor", "otp");
    assertThat(attacker.page().status()).as("%s", attacker.page()).isEqualTo(400);
    ana.company().audit().says("recovery.cancelled", "reason", "reported_not_me");
  }

  @Test
  void an_admin_sees_it_and_stops_it(World world) {
    var acme = acme(world);
    var ana = acme.person("ana").enrolledIn("otp");
    var admin = acme.admin();
    assertThat(admin.get(path(ana)).status()).isEqualTo(404);
    assertThat(admin.call(Method.DELETE, path(ana), "").status()).isEqualTo(404);
    begins(ana);

    assertThat(acme.admin("read:users").get(path(ana)).json().path("state").stringValue())
        .isEqualTo("waiting");
    assertThat(acme.admin("read:users").call(Method.DELETE, path(ana), "").status()).isEqualTo(403);
    assertThat(on(world.tenant("other")).admin().get(path(ana)).status()).isEqualTo(404);
    assertThat(admin.call(Method.DELETE, path(ana), "").status()).isEqualTo(204);

    assertThat(state(ana)).isEqualTo("cancelled");
    assertThat(admin.call(Method.DELETE, path(ana), "").status()).isEqualTo(404);
    assertThat(mailsAbout(ana, "The recovery of your account at Acme was stopped")).isOne();
  }

  @Test
  void an_admins_reset_and_a_changed_password_end_it(World world) {
    var acme = acme(world);
    var ana = acme.person("ana").enrolledIn("otp");
    var ben = acme.person("ben").enrolledIn("otp");
    begins(ana);
    begins(ben);
    world.later(Duration.ofHours(1));

    acme.admin()
        .call(
            Method.DELETE,
            "/users/" + ana.id().value().replace("|", "%7C") + "/authentication-methods",
            "");
    acme.audit().says("recovery.cancelled", "reason", "factors_reset");
    acme.admin()
        .call(
            Method.PATCH,
            "/users/" + ben.id().value().replace("|", "%7C"),
            "{\"password\":\"another horse 4711 battery\"}");
    world.wiring().upkeep.sweepRecoveries();

    assertThat(state(ana)).isEqualTo("cancelled");
    assertThat(state(ben)).isEqualTo("cancelled");
    acme.audit().says("recovery.cancelled", "reason", "password_changed");
  }

  @Test
  void phones_are_told_as_well(World world) {
    var acme = on(world.tenant("acme").texting().requiring("otp", "sms"));
    var ana = acme.person("ana").enrolledIn("sms");

    var visit = ana.signsIn().isAskedForCode();
    int before = ana.texts().size();
    var state = visit.page().parameters().get("state");
    visit.browser().open(acme.url("/u/mfa/lost/wait?state=" + state));
    visit.browser().press("action", "send");
    types(visit, ana.mailedCode());

    assertThat(ana.texts()).hasSize(before + 1);
    assertThat(ana.texts().getLast().body()).contains("recovering your account");
  }

  @Test
  void without_a_confirmed_address_there_is_no_such_way(World world) {
    var acme = acme(world);
    var ana = acme.person("ana").enrolledIn("otp");
    acme.admin()
        .call(
            Method.PATCH,
            "/users/" + ana.id().value().replace("|", "%7C"),
            "{\"email_verified\":false}");

    var visit = looks(ana);

    assertThat(visit.page().has("button[value=send]")).as("%s", visit.page()).isFalse();
    assertThat(visit.page().text()).contains("no confirmed email address");
  }

  @Test
  @WorldTest(value = Engine.POSTGRES, nodes = 2)
  void of_two_servers_one_tells_and_a_server_that_starts_knows_what_waits(World world) {
    var ana = acme(world).person("ana").enrolledIn("otp");
    begins(ana);
    world.later(WAIT.dividedBy(2));

    var late = world.addNode(world.clock());
    late.wiring().upkeep.sweepRecoveries();
    world.nodes().forEach(it -> it.wiring().upkeep.sweepRecoveries());

    assertThat(mailsAbout(ana, "Your account at Acme is still being recovered")).isOne();
  }

  @Test
  void the_code_is_no_second_proof_before_the_waiting_is_over(World world) {
    var ana = acme(world).person("ana").enrolledIn("otp");
    var journey = ana.journey().withPassword();
    var ways = world.wiring().recovering.recoverByWaiting;
    var here = world.node().occasion();
    ways.send(ana.company().id(), journey.id(), journey.browser(), here);
    var outcome =
        ways.answer(
            ana.company().id(), journey.id(), journey.browser(), Secret.of(ana.mailedCode()), here);

    assertThat(outcome).isInstanceOf(RecoverByWaiting.Outcome.Noted.class);
    assertThat(journey.isCompleted()).isFalse();
    assertThat(
            ways.answer(
                ana.company().id(),
                journey.id(),
                journey.browser(),
                Secret.of(ana.mailedCode()),
                here))
        .isInstanceOf(RecoverByWaiting.Outcome.NotDemanded.class);
    assertThat(events(ana)).doesNotContain("user.mfa_succeeded", "user.signed_in");
  }
}
