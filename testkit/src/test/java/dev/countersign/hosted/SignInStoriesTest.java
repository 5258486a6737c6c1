package dev.countersign.hosted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policy;
import dev.countersign.kernel.FactorId;
import dev.countersign.management.api.OpenApi;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Page;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import dev.countersign.web.Route;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** What people and attackers do with the pages of a sign-in. */
@WorldTest
class SignInStoriesTest {

  /** A session's cookie being set, not deleted. */
  private static final Pattern SESSION = Pattern.compile("cs_session=[^;]");

  private static boolean isSignedIn(Browser browser, Someone who) {
    var page = browser.copy().open(who.company().url("/account"));
    return page.status() == 200 && page.uri().getPath().equals("/account");
  }

  private static String state(Page page) {
    return page.element("input[name=state]").val();
  }

  // LS-01

  @Test
  void LS_01_a_half_authenticated_browser_gets_nothing_from_any_route(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana").enrolledIn("otp", "recovery-code");

    List<String> told = new ArrayList<>();
    for (var route : world.wiring().web.router.routes()) {
      for (var method : List.of(route.method(), Method.HEAD, Method.OPTIONS)) {
        var browser = ana.signsIn().isAskedForCode().browser();
        var reply = ask(world, browser, method, uri(acme.origin(), route, state(browser.page())));
        var everything = reply.text() + reply.headers();
        if (everything.contains(ana.email())
            || everything.contains(ana.id().value())
            || SESSION.matcher(everything).find()
            || everything.contains("code=")
            || everything.contains("otpauth:")) {
          told.add(method + " " + route.path() + " " + reply.status());
        }
        boolean closed =
            (route.path().startsWith("/account") && !route.path().equals("/account/sign-out"))
                || (route.path().startsWith("/api/") && !route.path().equals(OpenApi.PATH))
                || route.path().equals("/userinfo");
        if (closed && method == route.method() && reply.status() / 100 == 2) {
          told.add(method + " " + route.path() + " answered " + reply.status());
        }
        assertThat(isSignedIn(browser, ana))
            .as("signed in after %s %s", method, route.path())
            .isFalse();
      }
    }

    assertThat(told).isEmpty();
  }

  private static URI uri(String origin, Route route, String state) {
    return URI.create(origin + route.path().replaceAll("\\{[a-z_]+}", "otp") + "?state=" + state);
  }

  private static Wire.Received ask(World world, Browser browser, Method method, URI uri) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put(
        "cookie",
        List.of(
            browser.cookies(uri).entrySet().stream()
                .map(it -> it.getKey() + "=" + it.getValue())
                .collect(Collectors.joining("; "))));
    headers.put("sec-fetch-site", List.of("same-origin"));
    headers.put("content-type", List.of("application/x-www-form-urlencoded"));
    var csrf =
        URLEncoder.encode(browser.page().element("input[name=csrf]").val(), StandardCharsets.UTF_8);
    var body =
        method == Method.GET || method == Method.HEAD
            ? ""
            : "csrf=" + csrf + "&action=new&name=x&saved=true&method=otp&factor=otp";
    return world
        .node()
        .send(new Wire.Sent(method, uri, headers, body.getBytes(StandardCharsets.UTF_8)));
  }

  // LS-03

  @Test
  void LS_03_another_name_in_the_middle_starts_over_and_nobodys_code_helps(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var bob = acme.person("bob").enrolledIn("otp");
    var visit = ana.signsIn().isAskedForCode();
    var challenge = visit.page().uri().toString();

    visit.browser().open(acme.url("/u/login/identifier?state=" + state(visit.page())));
    visit.identifiesAs("bob").isAskedForPassword();

    for (var code : List.of(ana.codeNow(), bob.codeNow())) {
      visit
          .browser()
          .post(
              challenge,
              Map.of("csrf", visit.page().element("input[name=csrf]").val(), "code", code));
      visit.isAskedForPassword();
      assertThat(isSignedIn(visit.browser(), ana)).isFalse();
    }
  }

  // LS-04

  @Test
  void LS_04_a_sign_in_is_finished_only_where_it_began_and_its_cookie_turns_at_the_first_proof(
      World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var attacker = ana.comesWith(world.browser());
    var link = attacker.page().uri().toString();
    var planted = attacker.browser().cookies(attacker.page().uri());

    var victim = world.browser();
    victim.open(acme.url("/"));
    assertThat(victim.open(link).status()).isEqualTo(400);
    assertThat(victim.page().has("input[name=identifier]")).isFalse();

    // A victim whose browser was given the attacker's cookies signs in with them: the attacker's
    // copies stay behind.
    planted.forEach((name, value) -> victim.plant(URI.create(link), name, value));
    victim.open(link);
    victim.submit(Map.of("identifier", "ana"));
    victim.submit(Map.of("password", ana.password()));
    assertThat(victim.page().has("input[name=code]")).isTrue();
    assertThat(attacker.browser().reload().status()).isEqualTo(400);
    victim.submit(Map.of("code", ana.codeNow()));
    assertThat(isSignedIn(victim, ana)).isTrue();
    assertThat(isSignedIn(attacker.browser(), ana)).isFalse();
  }

  // LS-05

  @Test
  void LS_05_what_is_over_stays_over(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");

    var completed = ana.signsIn().isAskedForCode();
    var old = completed.page().uri().toString();
    completed.answers(ana.codeNow()).isIn();
    assertThat(completed.browser().open(old).status()).isEqualTo(400);
    assertThat(completed.page().title()).contains("another tab");

    var expired = ana.signsIn().isAskedForCode();
    world.later(Duration.ofMinutes(61));
    assertThat(expired.answers(ana.codeNow()).page().status()).isEqualTo(400);
    assertThat(expired.browser().reload().status()).isEqualTo(400);
    assertThat(isSignedIn(expired.browser(), ana)).isFalse();

    var cancelled = ana.signsIn().isAskedForCode();
    var link = cancelled.page().uri().toString();
    cancelled
        .browser()
        .submit(Map.of("csrf", cancelled.page().element("form.leave input[name=csrf]").val()));
    var leave = cancelled.browser().open(link);
    leave =
        cancelled
            .browser()
            .post(
                acme.url("/u/cancel?state=" + state(leave)),
                Map.of("csrf", leave.element("input[name=csrf]").val()));
    assertThat(leave.uri().getPath()).isEqualTo("/");
    assertThat(cancelled.browser().open(link).status()).isEqualTo(400);

    assertThat(world.browser().open(link).title()).contains("cookies");
  }

  // LS-09

  @Test
  void LS_09_whoever_is_blocked_between_two_steps_does_not_get_in(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var visit = ana.signsIn().isAskedForCode();

    ana.blocked();

    assertThat(visit.answers(ana.codeNow()).page().status()).isEqualTo(403);
    assertThat(visit.page().text()).doesNotContainIgnoringCase("blocked");
    assertThat(isSignedIn(visit.browser(), ana)).isFalse();
  }

  @Test
  void LS_09_a_factor_taken_off_between_two_steps_leads_to_what_is_owed_now(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var visit = ana.signsIn().isAskedForCode();

    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .methods
                .enrolments
                .remove(tx, acme.id(), ana.enrolment("otp"), world.clock().now()));

    visit.browser().reload();
    visit.isAskedToSetUp();
  }

  // TOTP-09

  @Test
  void TOTP_09_only_ascii_digits_count_blanks_forgiven(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana");
    var visit = ana.signsIn().isAskedToSetUp();
    visit.browser().press("factor", "otp");
    ana.type(visit.page().element("#key").text());
    var code = ana.codeNow();

    var fullWidth =
        code.chars()
            .mapToObj(c -> String.valueOf((char) (c - '0' + '\uff10')))
            .collect(Collectors.joining());
    var arabic =
        code.chars()
            .mapToObj(c -> String.valueOf((char) (c - '0' + '\u0660')))
            .collect(Collectors.joining());
    for (var typed :
        List.of(
            "+" + code,
            fullWidth,
            arabic,
            "0" + code,
            code + "0",
            "",
            " ",
            "1e5",
            "null",
            "[" + code + "]",
            "-" + code.substring(1))) {
      visit.answers(typed);
      assertThat(visit.page().error("code")).as("for «%s»", typed).isNotEmpty();
      assertThat(visit.page().status()).isEqualTo(400);
    }

    visit.answers(" " + code.substring(0, 3) + " " + code.substring(3) + " ").isIn();
  }

  @Test
  void a_wrong_code_gets_one_text_whatever_is_wrong_with_it(World world) {
    var ana = world.tenant("acme").requiring("otp").person("ana").enrolledIn("otp");
    var used = ana.codeNow();
    ana.signsIn().answers(used).isIn();
    var visit = ana.signsIn().isAskedForCode();

    var reused = visit.answers(used).page().error("code");
    var wrong = visit.answers(ana.wrongCode()).page().error("code");
    var malformed = visit.answers("12345").page().error("code");

    assertThat(List.of(wrong, malformed)).containsOnly(reused);
  }

  @Test
  void after_too_many_wrong_codes_the_page_says_when_to_come_back(World world) {
    var ana = world.tenant("acme").requiring("otp").person("ana").enrolledIn("otp");
    var visit = ana.signsIn().isAskedForCode();

    for (int i = 0; i < 5; i++) {
      visit.answers(ana.wrongCode());
    }

    visit.isThrottled();
    assertThat(visit.page().received().header("retry-after")).contains("300");
    assertThat(visit.page().text()).contains("UTC");
    visit.browser().reload();
    visit.isThrottled();
    world.later(Duration.ofMinutes(5));
    visit.browser().reload();
    visit.isAskedForCode().answers(ana.codeNow()).isIn();
  }

  // BACK-06

  @Test
  void BACK_06_codes_are_shown_once_and_nobody_is_in_before_they_are_acknowledged(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana");
    var visit = ana.signsIn().setsUp("otp");
    var shown = visit.page().document().select("ol.codes code").eachText();
    var page = acme.url("/u/mfa/backup-codes?state=" + state(visit.page()));
    assertThat(shown).hasSize(10);

    assertThat(isSignedIn(visit.browser(), ana)).isFalse();
    visit.browser().open(page);
    assertThat(visit.page().html()).doesNotContain(shown);
    visit.browser().open(acme.url("/u/continue?state=" + state(visit.page())));
    assertThat(visit.page().html()).doesNotContain(shown);

    visit.browser().press("action", "new");
    var second = visit.page().document().select("ol.codes code").eachText();
    assertThat(second).hasSize(10).doesNotContainAnyElementsOf(shown);
    visit.savesBackupCodes().isIn();
    assertThat(acme.audit().count("mfa.backup_codes_regenerated")).isEqualTo(1);

    world.later(Duration.ofMinutes(1));
    ana.signsIn()
        .triesAnotherWay("recovery-code")
        .answers(shown.getFirst())
        .isRefused("code_invalid");
    ana.signsIn().triesAnotherWay("recovery-code").answers(second.getFirst()).isIn();
  }

  @Test
  void of_two_tabs_with_codes_only_the_newer_set_can_be_acknowledged(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana");
    var visit = ana.signsIn().setsUp("otp");
    var older = visit.page().document().select("ol.codes code").eachText();
    var tab = visit.browser().copy();
    tab.reload();
    tab.open(acme.url("/u/mfa/backup-codes?state=" + state(tab.page())));
    tab.press("action", "new");
    var newer = tab.page().document().select("ol.codes code").eachText();

    visit.browser().submit(Map.of("saved", "true"));
    assertThat(visit.page().status()).isEqualTo(409);
    assertThat(visit.page().text()).contains("no longer work");
    assertThat(visit.page().has("button[value=new]")).isTrue();
    assertThat(isSignedIn(visit.browser(), ana)).isFalse();

    var late = visit.browser().copy();
    tab.submit(Map.of("saved", "true"));
    assertThat(isSignedIn(tab, ana)).isTrue();
    assertThat(late.press("action", "saved").title()).as("the newest").contains("another tab");
    assertThat(late.page().text()).doesNotContain("no longer work");
    world.later(Duration.ofMinutes(1));
    ana.signsIn()
        .triesAnotherWay("recovery-code")
        .answers(older.getFirst())
        .isRefused("code_invalid");
    ana.signsIn().triesAnotherWay("recovery-code").answers(newer.getFirst()).isIn();
  }

  @Test
  void codes_of_a_tab_that_was_overtaken_are_said_to_be_worthless_even_when_all_is_over(
      World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana");
    var visit = ana.signsIn().setsUp("otp");
    var tab = visit.browser().copy();
    tab.open(acme.url("/u/mfa/backup-codes?state=" + state(tab.page())));
    tab.press("action", "new");
    tab.submit(Map.of("saved", "true"));
    assertThat(isSignedIn(tab, ana)).isTrue();

    visit.browser().submit(Map.of("saved", "true"));

    assertThat(visit.page().title()).contains("another tab");
    assertThat(visit.page().text()).contains("no longer work");
  }

  // Compression

  @Test
  void pages_without_secrets_are_compressed_and_their_tokens_never_look_the_same(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana");
    var visit = ana.comesWith(world.browser());
    var tokens = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      tokens.add(visit.browser().reload().element("input[name=csrf]").val());
    }
    assertThat(tokens).doesNotHaveDuplicates();

    var plain = fetched(world, visit.browser(), "identity");
    var small = fetched(world, visit.browser(), "br, gzip");
    assertThat(plain.header("content-encoding")).isEmpty();
    assertThat(small.header("content-encoding")).contains("gzip");
    assertThat(List.of(plain, small))
        .allSatisfy(it -> assertThat(it.header("vary").orElseThrow()).contains("Accept-Encoding"));
    assertThat(small.body().length).isLessThan(plain.body().length * 6 / 10);
    assertThat(withoutToken(unzipped(small.body()))).isEqualTo(withoutToken(plain.text()));

    // A token of an earlier answer serves its form as well as the newest.
    visit
        .browser()
        .post(
            visit.page().uri().toString(), Map.of("csrf", tokens.getFirst(), "identifier", "ana"));
    visit.givesPassword(ana.password()).isAskedToSetUp();
    visit.browser().press("factor", "otp");
    var key = fetched(world, visit.browser(), "gzip");
    assertThat(key.header("content-encoding")).as("shows a key").isEmpty();
    assertThat(key.text()).contains("id=\"key\"");
  }

  @Test
  void PICK_13_a_token_of_another_browser_or_one_that_was_bent_is_none(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var visit = ana.comesWith(world.browser());
    var mine = visit.page().element("input[name=csrf]").val();
    var theirs = ana.comesWith(world.browser()).page().element("input[name=csrf]").val();
    var bent = (mine.startsWith("A") ? "B" : "A") + mine.substring(1);

    for (var wrong :
        List.of(theirs, bent, "", mine.substring(0, 43), mine + mine, "A".repeat(86), "*")) {
      var posted =
          visit
              .browser()
              .copy()
              .post(visit.page().uri().toString(), Map.of("csrf", wrong, "identifier", "ana"));
      assertThat(posted.status()).as(wrong).isEqualTo(403);
    }
  }

  private static Wire.Received fetched(World world, Browser browser, String encodings) {
    var uri = browser.page().uri();
    var cookies =
        browser.cookies(uri).entrySet().stream()
            .map(it -> it.getKey() + "=" + it.getValue())
            .collect(Collectors.joining("; "));
    return world
        .node()
        .send(
            new Wire.Sent(
                Method.GET,
                uri,
                Map.of("cookie", List.of(cookies), "accept-encoding", List.of(encodings)),
                new byte[0]));
  }

  private static String unzipped(byte[] body) {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withoutToken(String html) {
    return html.replaceAll("name=\"csrf\" value=\"[^\"]*\"", "");
  }

  // PICK

  @Test
  void PICK_03_whoever_must_have_a_factor_and_has_none_is_never_in(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana");
    var visit = ana.signsIn().isAskedToSetUp();
    var state = state(visit.page());

    for (var path :
        List.of(
            "/account",
            "/u/continue?state=" + state,
            "/u/mfa/backup-codes?state=" + state,
            "/u/mfa/otp?state=" + state,
            "/u/login/password?state=" + state,
            "/u/mfa/choose?state=" + state,
            "/u/mfa/set-up/otp?state=" + state)) {
      var tab = visit.browser().copy();
      tab.open(acme.url(path));
      assertThat(isSignedIn(tab, ana)).as(path).isFalse();
    }
    visit
        .browser()
        .post(
            acme.url("/u/mfa/set-up?state=" + state),
            Map.of("csrf", visit.page().element("input[name=csrf]").val(), "action", "skip"));
    visit.isAskedToSetUp();
    assertThat(isSignedIn(visit.browser(), ana)).isFalse();
  }

  @Test
  void PICK_04_whoever_joins_a_group_that_must_is_asked_the_next_time(World world) {
    var acme = world.tenant("acme").demandingNothing();
    acme.policy(policy ->
        policy.withRules(
            List.of(
                new Policy.Rule(
                    "r1", "Staff", Set.of("staff"), Set.of(), Mode.REQUIRED, Set.of()))));
    var ana = acme.person("ana");
    var visit = ana.signsIn().isIn();

    ana.inGroup("staff");

    visit.browser().open(acme.url("/account"));
    visit.isAskedToSetUp();
  }

  @Test
  void PICK_08_two_tabs_that_confirm_the_same_app_make_one_factor_and_one_set_of_codes(
      World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var ana = acme.person("ana");
    var visit = ana.signsIn().isAskedToSetUp();
    visit.browser().press("factor", "otp");
    ana.type(visit.page().element("#key").text());
    var other = visit.browser().copy();
    other.open(visit.page().uri().toString());
    assertThat(other.page().element("#key").text()).isEqualTo(visit.page().element("#key").text());

    var code = ana.codeNow();
    visit.answers(code);
    other.submit(Map.of("code", code));

    assertThat(visit.page().has("ol.codes")).isTrue();
    assertThat(other.page().has("ol.codes")).isFalse();
    visit.savesBackupCodes().isIn();
    var enrolled =
        world
            .wiring()
            .ground
            .database
            .read(tx -> world.wiring().methods.enrolments.of(tx, acme.id(), ana.id()));
    assertThat(enrolled)
        .hasSize(2)
        .filteredOn(it -> it.factor().equals(new FactorId("otp")))
        .hasSize(1);
  }

  @Test
  void PICK_13_a_form_without_our_token_changes_nothing(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var visit = ana.signsIn().isAskedForCode();

    visit
        .browser()
        .copy()
        .post(visit.page().uri().toString(), Map.of("code", ana.codeNow(), "csrf", "x"));

    assertThat(
            visit
                .browser()
                .copy()
                .post(visit.page().uri().toString(), Map.of("code", ana.codeNow()))
                .status())
        .isEqualTo(403);
    visit.answers(ana.codeNow()).isIn();
  }

  @Test
  void of_many_sign_ins_at_once_a_browser_keeps_the_newest_six(World world) {
    var acme = world.tenant("acme").demandingNothing();
    var ana = acme.person("ana");
    var browser = world.browser();

    List<String> begun = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      begun.add(browser.open(acme.url("/account")).uri().toString());
    }

    assertThat(browser.cookies(URI.create(acme.url("/"))).keySet())
        .filteredOn(name -> name.contains("cs_signin_"))
        .hasSize(Onwards.MOST_AT_ONCE);
    browser.open(begun.getLast());
    browser.submit(Map.of("identifier", "ana"));
    browser.submit(Map.of("password", ana.password()));
    assertThat(isSignedIn(browser, ana)).isTrue();
  }

  // Words and files

  @Test
  void a_language_chosen_on_a_page_holds_for_the_next_ones(World world) {
    var ana = world.tenant("acme").inviting("otp").person("ana");
    var visit = ana.comesWith(world.browser());

    visit.browser().follow("a[hreflang=de]");
    assertThat(visit.page().document().select("html").attr("lang")).isEqualTo("de");
    visit.identifies();
    assertThat(visit.page().document().select("html").attr("lang")).isEqualTo("de");
  }

  @Test
  void style_sheets_are_kept_for_ever_and_compressed(World world) {
    var acme = world.tenant("acme");
    var browser = world.browser();
    browser.open(acme.url("/"));

    for (var link : browser.page().document().select("link[rel=stylesheet]")) {
      var reply =
          world
              .node()
              .send(
                  new Wire.Sent(
                      Method.GET,
                      URI.create(acme.url(link.attr("href"))),
                      Map.of("accept-encoding", List.of("br, gzip")),
                      new byte[0]));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("cache-control").orElseThrow()).contains("immutable");
    }
  }

  @Test
  void a_forgotten_password_page_says_the_same_for_everyone(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    var visit = ana.comesWith(world.browser()).identifies().isAskedForPassword();

    visit.browser().follow(".label a");
    var known = visit.browser().submit(Map.of("identifier", "ana")).text();
    visit.browser().follow("a.button");
    var unknown = visit.browser().submit(Map.of("identifier", "nobody")).text();

    assertThat(unknown).isEqualTo(known.replace("ana", "nobody"));
  }
}
