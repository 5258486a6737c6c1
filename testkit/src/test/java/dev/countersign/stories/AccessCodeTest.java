package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.factor.Enrolment;
import dev.countersign.kernel.UserId;
import dev.countersign.operator.Answer;
import dev.countersign.testkit.Admin;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Visit;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Codes that a help desk gives to somebody who lost every factor. */
@WorldTest
class AccessCodeTest {
  private static final Pattern NUMBER = Pattern.compile("\\d{3} \\d{3}");

  private static Company acme(World world) {
    return world.tenant("acme").requiring("otp", "webauthn-roaming", "recovery-code");
  }

  /** Signs in by password, and goes from the challenge to the help desk's page. */
  private static Visit callsForHelp(Someone who) {
    var visit = who.signsIn().isAskedForCode();
    var lost = who.company().url("/u/mfa/lost?state=" + visit.page().parameters().get("state"));
    visit.browser().open(lost);
    visit.browser().open(visit.page().element("a[href*='/u/mfa/lost/help']").absUrl("href"));
    assertThat(visit.page().document().select(".said")).as("%s", visit.page()).hasSize(2);
    return visit;
  }

  private static String number(Visit visit) {
    var shown = visit.page().document().select(".said").getFirst().text();
    assertThat(shown).matches(NUMBER);
    return shown;
  }

  private static String words(Visit visit) {
    return visit.page().document().select(".said").getLast().text();
  }

  private static String inPath(UserId id) {
    return id.value().replace("|", "%7C");
  }

  private static String path(Someone who) {
    return "/users/" + inPath(who.id()) + "/temporary-access-codes";
  }

  private static Admin.Answered asks(Someone who, String number, String more) {
    return who.company().admin().post(path(who), "{\"number\":\"" + number + "\"" + more + "}");
  }

  private static JsonNode issued(Someone who, Visit visit, String more) {
    var answered = asks(who, number(visit), more);
    assertThat(answered.status()).as(answered.text()).isEqualTo(201);
    return answered.json();
  }

  private static String code(Someone who, Visit visit, String more) {
    return issued(who, visit, more).path("code").stringValue();
  }

  private static void types(Visit visit, String code) {
    visit.browser().submit(Map.of("code", code));
  }

  private static void isRefused(Visit visit) {
    assertThat(visit.page().error("code")).as("%s", visit.page()).contains("wrong");
    assertThat(visit.page().status()).isEqualTo(400);
  }

  private static List<String> events(Someone who) {
    return who.company().audit().events().stream().map(it -> it.type().code()).toList();
  }

  private static List<String> subjects(Someone who) {
    return who.mails().stream().map(it -> it.subject()).toList();
  }

  @Test
  void somebody_who_lost_their_phone_sets_up_another_with_the_help_desk(World world) {
    var ana = acme(world).person("ana").enrolledIn("otp");
    var lost = ana.enrolment("otp");
    world.later(Duration.ofMinutes(1));
    var visit = callsForHelp(ana);

    var issued = issued(ana, visit, "");

    assertThat(issued.path("words").stringValue()).isEqualTo(words(visit));
    assertThat(issued.path("code").stringValue())
        .matches("[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}");
    assertThat(issued.path("state").stringValue()).isEqualTo("waiting");
    types(visit, issued.path("code").stringValue().toLowerCase(Locale.ROOT).replace("-", " "));
    visit.isAskedToSetUp();
    assertThat(visit.page().text()).contains("Step 1 of 3");
    visit.setsUp("otp").savesBackupCodes().isIn();
    List<Enrolment> mine =
        world
            .wiring()
            .ground
            .database
            .read(tx -> world.wiring().methods.enrolments.of(tx, ana.company().id(), ana.id()));
    assertThat(mine)
        .as("the lost one stays until somebody takes it off")
        .anyMatch(it -> it.id().equals(lost) && it.isActive())
        .filteredOn(it -> it.isActive() && it.factor().value().equals("otp"))
        .hasSize(2);
    assertThat(events(ana))
        .containsSubsequence(
            "mfa.access_code_issued",
            "mfa.access_code_used",
            "mfa.factor_enrolled",
            "user.signed_in");
    assertThat(subjects(ana))
        .anyMatch(it -> it.startsWith("Help with signing in"))
        .anyMatch(it -> it.startsWith("A temporary code was used"))
        .anyMatch(it -> it.startsWith("New sign-in method"));
    assertThat(ana.company().admin().get(path(ana)).json().get(0).path("state").stringValue())
        .isEqualTo("used");
  }

  @Test
  void who_has_backup_codes_left_is_told_of_two_steps_and_keeps_them(World world) {
    var ana = acme(world).person("ana").enrolledIn("otp", "recovery-code");
    var visit = callsForHelp(ana);
    types(visit, code(ana, visit, ""));

    visit.isAskedToSetUp();

    assertThat(visit.page().text()).contains("Step 1 of 2");
    visit.setsUp("otp").isIn();
  }

  @Test
  void the_code_is_no_second_proof_and_leads_nowhere_but_to_setting_a_factor_up(World world) {
    var ana = acme(world).person("ana").enrolledIn("otp");
    var visit = callsForHelp(ana);
    types(visit, code(ana, visit, ""));
    visit.isAskedToSetUp();
    assertThat(visit.page().has("button[value=skip]")).isFalse();

    visit.browser().open(ana.company().url("/account"));

    assertThat(visit.page().uri().getPath()).as("%s", visit.page()).isNotEqualTo("/account");
    assertThat(events(ana)).doesNotContain("user.signed_in", "user.mfa_succeeded");
    ana.signsIn().isAskedForCode();
  }

  @Test
  void a_code_is_good_once_for_its_person_in_its_tenant(World world) {
    var acme = acme(world);
    var ana = acme.person("ana").enrolledIn("otp");
    var ben = acme.person("ben").enrolledIn("otp");
    var other = world.tenant("other").requiring("otp").person("ana").enrolledIn("otp");
    var first = callsForHelp(ana);
    var code = code(ana, first, "");

    for (var stranger : List.of(ben, other)) {
      var visit = callsForHelp(stranger);
      types(visit, code);
      isRefused(visit);
    }
    var later = callsForHelp(ana);
    types(first, code);
    first.isAskedToSetUp();
    types(later, code);
    isRefused(later);
  }

  @Test
  void TIME_04_an_access_code_is_good_until_just_before_its_time(World world) {
    var acme = acme(world);
    for (var off : List.of(-1, 0, 1)) {
      var ana = acme.person("ana" + (off + 1)).enrolledIn("otp");
      var visit = callsForHelp(ana);
      var code = code(ana, visit, ",\"ttl_sec\":60");
      world.later(Duration.ofMinutes(1).plusMillis(off));

      types(visit, code);

      if (off < 0) {
        visit.isAskedToSetUp();
      } else {
        isRefused(visit);
      }
    }
  }

  @Test
  void it_lives_for_an_hour_unless_the_help_desk_says_otherwise_and_never_for_more_than_a_day(
      World world) {
    var ana = acme(world).person("ana").enrolledIn("otp");
    var visit = callsForHelp(ana);

    var usual = issued(ana, visit, "");
    var day = issued(ana, visit, ",\"ttl_sec\":86400");

    assertThat(usual.path("expires_at").stringValue())
        .isEqualTo(world.clock().now().plus(Duration.ofHours(1)).toString());
    assertThat(day.path("expires_at").stringValue())
        .isEqualTo(world.clock().now().plus(Duration.ofDays(1)).toString());
    for (var wrong : List.of("86401", "59", "-1", "\"60\"")) {
      assertThat(asks(ana, number(visit), ",\"ttl_sec\":" + wrong).status()).isEqualTo(400);
    }
    types(visit, usual.path("code").stringValue());
    isRefused(visit);
  }

  @Test
  void without_the_number_of_the_persons_page_nothing_is_issued_and_guessing_is_throttled(
      World world) {
    var acme = acme(world);
    var ana = acme.person("ana").enrolledIn("otp");
    var ben = acme.person("ben").enrolledIn("otp");
    var visit = callsForHelp(ana);
    var bens = callsForHelp(ben);

    assertThat(asks(ana, number(bens), "").json().path("errorCode").stringValue())
        .as("Ben's number for Ana")
        .isEqualTo("number_unknown");
    for (int i = 0; i < 4; i++) {
      assertThat(asks(ana, "wrong " + i, "").status()).isEqualTo(409);
    }
    var throttled = asks(ana, number(visit), "");

    assertThat(throttled.status()).as(throttled.text()).isEqualTo(429);
    assertThat(throttled.text()).doesNotContain(words(visit));
    world.later(Duration.ofMinutes(6));
    assertThat(asks(ana, number(visit), "").status()).isEqualTo(201);
    assertThat(events(ana)).contains("mfa.access_code_refused");
  }

  @Test
  void a_number_is_worthless_when_its_sign_in_is_over(World world) {
    var ana = acme(world).person("ana").enrolledIn("otp");
    var visit = callsForHelp(ana);
    var number = number(visit);
    world.later(Duration.ofMinutes(60));

    assertThat(asks(ana, number, "").status()).isEqualTo(409);
  }

  @Test
  void wrong_codes_are_counted_with_the_person_whatever_the_sign_in(World world) {
    var ana = acme(world).person("ana").enrolledIn("otp");
    var visit = callsForHelp(ana);
    var code = code(ana, visit, "");
    for (int i = 0; i < 4; i++) {
      types(visit, "AAAAA-AAAA" + i);
      isRefused(visit);
    }
    types(visit, "AAAAA-AAAAA");
    visit.isThrottled();

    var other = callsForHelp(ana);
    types(other, code);

    other.isThrottled();
    world.later(Duration.ofMinutes(6));
    var again = callsForHelp(ana);
    types(again, code);
    again.isAskedToSetUp();
  }

  @Test
  void a_revoked_code_opens_nothing_and_what_it_opened_is_closed(World world) {
    var ana = acme(world).person("ana").enrolledIn("otp");
    var admin = ana.company().admin();
    var visit = callsForHelp(ana);
    var waiting = issued(ana, visit, "");
    var one = path(ana) + "/" + waiting.path("id").stringValue();
    assertThat(admin.call(Method.DELETE, one, "").status()).isEqualTo(204);
    assertThat(admin.call(Method.DELETE, one, "").status()).isEqualTo(404);
    types(visit, waiting.path("code").stringValue());
    isRefused(visit);

    var used = issued(ana, visit, "");
    types(visit, used.path("code").stringValue());
    visit.isAskedToSetUp();
    assertThat(
            admin.call(Method.DELETE, path(ana) + "/" + used.path("id").stringValue(), "").status())
        .isEqualTo(204);
    visit.browser().press("factor", "otp");

    assertThat(visit.page().status()).as("%s", visit.page()).isEqualTo(400);
    assertThat(events(ana)).contains("mfa.access_code_revoked");
  }

  @Test
  void an_admins_reset_and_the_word_that_it_was_not_me_make_codes_worthless(World world) {
    var acme = acme(world);
    var ana = acme.person("ana").enrolledIn("otp");
    var ben = acme.person("ben").enrolledIn("otp");
    code(ana, callsForHelp(ana), "");
    code(ben, callsForHelp(ben), "");

    acme.admin().call(Method.DELETE, "/users/" + inPath(ana.id()) + "/authentication-methods", "");
    var link =
        Pattern.compile("https://\\S+/u/not-me\\?ticket=\\S+")
            .matcher(ben.mails().getLast().plain());
    assertThat(link.find()).isTrue();
    var browser = world.browser();
    browser.open(link.group());
    browser.submit(Map.of("csrf", browser.page().element("main input[name=csrf]").val()));

    for (var who : List.of(ana, ben)) {
      assertThat(acme.admin().get(path(who)).json().get(0).path("state").stringValue())
          .as(who.name())
          .isEqualTo("revoked");
    }
  }

  @Test
  void notices_go_to_every_address_of_the_person(World world) {
    var acme = world.tenant("acme").requiring("otp", "email");
    var ana =
        acme.person("ana").enrolledIn("otp").given("email", Map.of("email", "ana@home.example"));
    var before = world.mailsTo("ana@home.example").size();
    var visit = callsForHelp(ana);

    types(visit, code(ana, visit, ""));

    assertThat(world.mailsTo("ana@home.example")).hasSize(before + 2);
    acme.admin().call(Method.DELETE, "/users/" + inPath(ana.id()) + "/authentication-methods", "");
    assertThat(world.mailsTo("ana@home.example").getLast().subject()).contains("were reset");
    assertThat(ana.mails().getLast().subject()).contains("were reset");
  }

  @Test
  void PICK_10_removing_a_factor_is_told_to_the_address_that_goes_with_it(World world) {
    var acme = world.tenant("acme").requiring("otp", "email");
    var ana =
        acme.person("ana").enrolledIn("otp").given("email", Map.of("email", "ana@home.example"));

    acme.admin()
        .call(
            Method.DELETE,
            "/users/"
                + inPath(ana.id())
                + "/authentication-methods/email%7C"
                + ana.enrolment("email"),
            "");

    assertThat(world.mailsTo("ana@home.example"))
        .anySatisfy(mail -> assertThat(mail.subject()).contains("Sign-in method removed"));
  }

  @Test
  void API_02_codes_are_issued_to_people_who_have_something_to_lose_by_who_may(World world) {
    var acme = acme(world);
    var ana = acme.person("ana").enrolledIn("otp");
    var ben = acme.person("ben");
    var bea = world.tenant("other").person("bea");
    var number = number(callsForHelp(ana));

    assertThat(asks(ben, number, "").json().path("errorCode").stringValue())
        .isEqualTo("operation_not_supported");
    assertThat(acme.admin().post(path(bea), "{\"number\":\"" + number + "\"}").status())
        .isEqualTo(404);
    assertThat(
            acme.admin("read:temporary_access_codes", "update:users")
                .post(path(ana), "{\"number\":\"" + number + "\"}")
                .status())
        .isEqualTo(403);
    for (var wrong : List.of("{}", "{\"number\":123456}", "{\"number\":\"1\",\"sandbox\":true}")) {
      assertThat(acme.admin().post(path(ana), wrong).status()).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void before_the_password_there_is_no_page_for_codes(World world) {
    var ana = acme(world).person("ana").enrolledIn("otp");
    var visit = ana.comesWith(world.browser()).identifies();
    var state = visit.page().parameters().get("state");

    visit.browser().open(ana.company().url("/u/mfa/lost/help?state=" + state));

    visit.isAskedForPassword();
  }

  @Test
  void an_operator_issues_one_by_command(World world) {
    var ana = acme(world).person("ana").enrolledIn("otp");
    var visit = callsForHelp(ana);
    var tenant = world.wiring().ground.tenants.bySlug(ana.company().slug()).orElseThrow();
    var said = new ArrayList<String>();

    boolean done =
        world
            .wiring()
            .administration
            .operatorPeople
            .issueAccessCode(
                tenant,
                ana.email(),
                number(visit),
                Duration.ofHours(1),
                world.clock().now(),
                new Answer() {
                  @Override
                  public void say(String line) {
                    said.add(line);
                  }

                  @Override
                  public void tell(String line) {
                    throw new AssertionError(line);
                  }
                });

    assertThat(done).isTrue();
    assertThat(said).contains("words=" + words(visit));
    types(
        visit,
        said.stream()
            .filter(it -> it.startsWith("code="))
            .map(it -> it.substring(5))
            .findFirst()
            .orElseThrow());
    visit.isAskedToSetUp();
  }
}
