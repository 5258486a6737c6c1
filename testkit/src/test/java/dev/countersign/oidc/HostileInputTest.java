package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.application.Application;
import dev.countersign.kernel.Json;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Visit;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.CrossSite;
import dev.countersign.web.Guard;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import dev.countersign.web.Route;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Text that means harm, in every field of every route that people and applications reach: the table of routes times the
 * names of the fields there are. What the Management API does with it is tried where that is tested.
 */
@WorldTest
class HostileInputTest {
  /** Whatever reads it as more than text makes this number of it. */
  private static final String PRODUCT = "9801547";

  private static final int LINE = 300;

  private static final List<String> TEXTS =
      List.of(
          "a\u202Eb",
          "\uD83D\uDE00\uD841\uDF0E",
          "e\u0301\u0323\u200B\uFEFF",
          "\u0007\t\u001b[31m",
          "a\r\nSet-Cookie: evil=1\r\n\r\n<p>",
          "' or 1=1 --",
          "'; drop table users; --",
          "\" or \"\"=\"",
          "*)(uid=*))(|(uid=*",
          "' or count(/*)=1 or 'a'='b",
          "; id | cat /etc/passwd #`id`$(id)",
          "../../../../etc/passwd",
          "${1337*7331}",
          "{{1337*7331}}",
          "#{1337*7331}",
          "<%= 1337*7331 %>",
          "@(1337*7331)",
          "${jndi:ldap://127.0.0.1/x}",
          "<script>evil()</script>",
          "\"><img src=x onerror=evil()>",
          "' autofocus onfocus='evil()",
          "</textarea></title><svg onload=evil()>",
          "javascript:evil()",
          "%s%n%x{0}",
          "bnVsbA.e30.AA", // a token whose header is null
          "x".repeat(5_000));

  /** What must not come back as it is: as markup it would live. */
  private static final List<String> ALIVE =
      List.of("<script>evil", "<img src=x", "<svg onload", "\" onfocus=", "' onfocus=", "<p>\n");

  /** What is no text at all, as sent. */
  private static final List<String> BROKEN =
      List.of("%FF", "%C0%AF", "%E0%80%AF", "%E2%82", "%ED%A0%80", "%F4%90%80%80", "a%00b");

  private static final List<String> FIELDS_OF_PAGES =
      List.of(
          "identifier",
          "password",
          "code",
          "name",
          "method",
          "factor",
          "action",
          "saved",
          "new_password",
          "present_password",
          "ticket",
          "done",
          "other",
          "state",
          "ui_locales");

  private static final List<String> FIELDS_OF_THE_PROTOCOL =
      List.of(
          "client_id",
          "client_secret",
          "redirect_uri",
          "response_type",
          "response_mode",
          "scope",
          "audience",
          "state",
          "nonce",
          "prompt",
          "max_age",
          "acr_values",
          "claims",
          "login_hint",
          "ui_locales",
          "code_challenge",
          "code_challenge_method",
          "id_token_hint",
          "post_logout_redirect_uri",
          "returnTo",
          "back",
          "grant_type",
          "code",
          "code_verifier",
          "refresh_token",
          "token",
          "token_type_hint");

  private static final List<String> ELSEWHERE =
      List.of(
          "//evil.example",
          "/\\evil.example",
          "\\\\evil.example",
          "https:evil.example",
          "https:/evil.example",
          "https://evil.example",
          "https://bank.example@evil.example",
          "https://bank.example.evil.example/bye",
          "https://bank.example/bye@evil.example",
          "\t//evil.example",
          " //evil.example",
          "/\t/evil.example",
          "javascript:evil()",
          "data:text/html,evil",
          "/account/..//evil.example",
          "https://bank.example/bye\r\nLocation: https://evil.example");

  private static final List<String> WAYS_ON =
      List.of(
          "returnTo",
          "next",
          "continue",
          "RelayState",
          "redirect",
          "redirect_uri",
          "return_to",
          "url",
          "back",
          "post_logout_redirect_uri",
          "target_link_uri",
          "done",
          "state");

  /** Somebody who stands somewhere in the product, and the requests that their browser can send from there. */
  private record Stand(World world, Company company, Browser browser, @Nullable String state) {
    static Stand of(World world, Company company, Visit visit) {
      var state = visit.page().document().selectFirst("input[name=state]");
      return new Stand(world, company, visit.browser(), state == null ? null : state.val());
    }

    Wire.Received sends(Route route, String path, Map<String, String> query, String body) {
      var uri = URI.create(company.url(path) + (query.isEmpty() ? "" : "?" + raw(query)));
      Map<String, List<String>> headers = new LinkedHashMap<>();
      headers.put(
          "cookie",
          List.of(
              browser.cookies(uri).entrySet().stream()
                  .map(it -> it.getKey() + "=" + it.getValue())
                  .collect(Collectors.joining("; "))));
      headers.put("sec-fetch-site", List.of("same-origin"));
      headers.put("content-type", List.of("application/x-www-form-urlencoded"));
      boolean posted = route.method() == Method.POST;
      var csrf = browser.page().document().selectFirst("input[name=csrf]");
      var all = csrf == null ? body : CrossSite.FIELD + "=" + csrf.val() + "&" + body;
      return world
          .node()
          .send(
              new Wire.Sent(
                  route.method(),
                  uri,
                  headers,
                  posted ? all.getBytes(StandardCharsets.UTF_8) : new byte[0]));
    }

    /** The usual way to that route from here, with these fields wherever they can stand. */
    Wire.Received tries(Route route, Map<String, String> encoded) {
      Map<String, String> query = new LinkedHashMap<>();
      if (state != null) {
        query.put("state", state);
      }
      var fields = new LinkedHashMap<>(encoded);
      if (route.method() != Method.POST) {
        query.putAll(fields);
        fields.clear();
      }
      return sends(route, path(route), query, raw(fields));
    }

    /** The same with the fields of a form in the query. */
    Wire.Received triesInUrl(Route route, Map<String, String> encoded) {
      return sends(route, path(route), encoded, "");
    }
  }

  private static List<String> fields(Route route) {
    return route.path().startsWith("/u/") || route.path().startsWith("/account")
        ? FIELDS_OF_PAGES
        : FIELDS_OF_THE_PROTOCOL;
  }

  private static String path(Route route) {
    return route.path().replace("{factor}", "otp").replaceAll("\\{[a-z_]+}", "x");
  }

  private static String raw(Map<String, String> encoded) {
    return encoded.entrySet().stream()
        .map(it -> it.getKey() + "=" + it.getValue())
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return Client.encoded(Map.of("x", text)).substring(2);
  }

  /** Every route but those of the Management API and of files. */
  private static List<Route> routes(World world) {
    var all =
        world.wiring().web.router.routes().stream()
            .filter(route -> !route.path().startsWith("/api/"))
            .filter(route -> !route.path().startsWith("/assets/"))
            .toList();
    assertThat(all).hasSizeGreaterThan(40);
    return all;
  }

  /** Where somebody can stand from whom a route takes something. */
  private static List<Stand> stands(World world, Company company, Route route) {
    var newcomer = company.person("new" + world.entropy().token(60));
    var enrolled = enrolled(world, company);
    if (route.path().startsWith("/u/")) {
      var named = newcomer.comesWith(world.browser()).identifies();
      var settingUp = newcomer.signsIn();
      settingUp.browser().press("factor", "otp");
      return List.of(
          Stand.of(world, company, named),
          Stand.of(world, company, enrolled.signsIn()),
          Stand.of(world, company, settingUp));
    }
    if (route.path().startsWith("/account")
        || route.path().startsWith("/oidc/")
        || route.path().equals("/v2/logout")) {
      return List.of(Stand.of(world, company, in(world, enrolled)));
    }
    return List.of(Stand.of(world, company, newcomer.comesWith(world.browser())));
  }

  /** Somebody new each time, whom no guess has locked. */
  private static Someone enrolled(World world, Company company) {
    return company.person("ana" + world.entropy().token(60)).enrolledIn("otp");
  }

  private static Visit in(World world, Someone enrolled) {
    world.later(java.time.Duration.ofMinutes(1));
    return enrolled.signsIn().answers(enrolled.codeNow()).isIn();
  }

  private static void harmless(
      Wire.Received reply, Route route, String what, Company company, List<String> wrong) {
    var where = route.method() + " " + route.path() + " " + what + " → " + reply.status();
    if (reply.status() >= 500) {
      wrong.add(where);
    }
    var body = reply.text();
    if (body.contains(PRODUCT) || body.contains("root:") || body.contains("Exception")) {
      wrong.add(where + " tells more than was sent");
    }
    boolean page = reply.header("content-type").orElse("").startsWith("text/html");
    if (page && ALIVE.stream().anyMatch(body::contains)) {
      wrong.add(where + " is alive on the page");
    }
    if (reply.headers().keySet().stream().anyMatch(name -> name.contains("evil"))
        || reply.headers().toString().contains("evil=1\r")) {
      wrong.add(where + " made a header");
    }
    if (leadsAway(reply, company)) {
      wrong.add(where + " leads to " + reply.header("location").orElse(""));
    }
  }

  /** Whether a browser that follows this is neither with us nor with the application. */
  private static boolean leadsAway(Wire.Received reply, Company company) {
    var location = reply.header("location");
    if (location.isEmpty()) {
      return false;
    }
    if (!location.get().matches("[!-~]+") || location.get().contains("\\")) {
      return true;
    }
    var target = URI.create(company.url("/")).resolve(location.get());
    return !company.host().equals(target.getHost())
        && !location.get().startsWith(Client.CALLBACK)
        && !location.get().startsWith("https://bank.example/bye");
  }

  @Test
  void IN_03_IN_05_nothing_that_is_typed_anywhere_does_anything(World world) {
    tryAll(world, true);
  }

  @Test
  @WorldTest(Engine.POSTGRES)
  void IN_03_IN_05_nothing_that_is_typed_anywhere_does_anything_with_postgresql(World world) {
    tryAll(world, false);
  }

  private static void tryAll(World world, boolean alone) {
    var acme = world.tenant("acme").requiring("otp");
    var texts = bundles();
    List<String> wrong = new ArrayList<>();
    var together = String.join(" ", texts.subList(0, texts.size() - 1));
    for (var route : routes(world)) {
      world.later(
          java.time.Duration.ofMinutes(11)); // What was guessed at the last one rests no more.
      for (var stand : stands(world, acme, route)) {
        for (var text : texts) {
          Map<String, String> everywhere = new LinkedHashMap<>();
          fields(route).forEach(field -> everywhere.put(field, encoded(text)));
          if (route.method() == Method.POST) {
            harmless(stand.triesInUrl(route, everywhere), route, text, acme, wrong);
          }
          everywhere.remove("state");
          harmless(stand.tries(route, everywhere), route, text, acme, wrong);
        }
        for (var field : alone ? fields(route) : List.<String>of()) {
          harmless(stand.tries(route, Map.of(field, encoded(together))), route, field, acme, wrong);
        }
      }
      if (route.path().contains("{")) {
        var stand = Stand.of(world, acme, in(world, enrolled(world, acme)));
        for (var text : texts) {
          var path = route.path().replaceAll("\\{[a-z_]+}", encoded(text).replace("+", "%20"));
          harmless(stand.sends(route, path, Map.of(), ""), route, "in the path", acme, wrong);
        }
      }
    }
    for (var text : texts) {
      var nowhere = "/" + encoded(text).replace("+", "%20");
      var page = world.browser().open(acme.url(nowhere));
      harmless(
          page.received(), new Route(Method.GET, "/?", Guard.OPEN, _ -> fail()), text, acme, wrong);
    }

    assertThat(wrong).isEmpty();
  }

  /** The texts, those of one line several at a time, so that all of them go everywhere in fair time. */
  private static List<String> bundles() {
    List<String> bundles = new ArrayList<>();
    var line = new StringBuilder();
    for (var text : TEXTS) {
      if (text.length() > LINE || text.chars().anyMatch(Character::isISOControl)) {
        bundles.add(text);
        continue;
      }
      if (line.length() + text.length() > LINE) {
        bundles.add(line.toString());
        line.setLength(0);
      }
      line.append(text).append(' ');
    }
    bundles.add(0, line.toString());
    return bundles;
  }

  private static Reply fail() {
    throw new AssertionError();
  }

  private static Browser browser(World world, Company company) {
    var browser = world.browser();
    browser.open(company.url("/u/password/forgot"));
    return browser;
  }

  @Test
  void IN_03_what_is_no_text_is_refused_by_every_route(World world) {
    var acme = world.tenant("acme").requiring("otp");
    acme.person("ana");
    var stand = new Stand(world, acme, browser(world, acme), null);

    for (var route : routes(world)) {
      for (var broken : BROKEN) {
        assertThat(stand.triesInUrl(route, Map.of("identifier", broken)).status())
            .as("%s %s?identifier=%s", route.method(), route.path(), broken)
            .isEqualTo(400);
        if (route.method() == Method.POST && !route.path().equals("/userinfo")) {
          // Routes that take JSON refuse a form before they read it.
          assertThat(stand.tries(route, Map.of("identifier", broken)).status())
              .as("%s %s with %s", route.method(), route.path(), broken)
              .isIn(400, 415);
        }
        if (route.path().contains("{")) {
          var path = route.path().replaceAll("\\{[a-z_]+}", broken);
          assertThat(stand.sends(route, path, Map.of(), "").status()).as(path).isEqualTo(400);
        }
      }
    }
  }

  @Test
  @WorldTest(Engine.POSTGRES)
  void IN_03_what_is_no_text_within_JSON_is_refused_as_well(World world) {
    var machine =
        Client.of(world, world.tenant("acme"), Application.Type.NON_INTERACTIVE, it -> it);
    for (var path : List.of("/oauth/token", "/oauth/revoke")) {
      for (var broken : List.of("\\u0000", "a\\u0000b", "\\ud800", "\\udc00x", "\u0000")) {
        for (var field : FIELDS_OF_THE_PROTOCOL) {
          Map<String, String> fields = new TreeMap<>();
          fields.put("client_id", machine.id());
          fields.put("client_secret", machine.secret());
          fields.put("grant_type", "client_credentials");
          fields.put("audience", "https://api.example");
          fields.put("token", "x");
          fields.put(field, "@");
          var body = Json.write(fields).replace("@", broken);
          var reply = machine.post(world.node(), path, "application/json", body, Map.of());

          assertThat(reply.status()).as("%s %s %s", path, field, broken).isEqualTo(400);
          assertThat(Client.error(reply)).isEqualTo("invalid_request");
        }
      }
    }
  }

  @Test
  @WorldTest(Engine.POSTGRES)
  void IN_03_what_is_kept_is_kept_letter_by_letter(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var visit = in(world, ana);
    var rename = "/account/methods/" + ana.enrolment("otp").value() + "/name";
    var bank = Client.web(world, acme);

    for (var text : TEXTS) {
      var line = text.strip();
      if (line.chars().noneMatch(Character::isISOControl) && line.length() <= 50) {
        visit
            .browser()
            .post(
                acme.url(rename),
                Map.of("csrf", visit.page().element("input[name=csrf]").val(), "name", text));
        assertThat(visit.page().status()).isEqualTo(200);
        assertThat(visit.page().document().wholeText()).as("the name «%s»", text).contains(line);
      }
      // What an application gives along comes back as it was.
      assertThat(bank.opens(visit.browser(), Map.of("state", text)).parameters())
          .as("the state «%s»", text)
          .containsEntry("state", text)
          .containsKey("code");
      var nonce =
          Client.json(
                  bank.redeem(
                      bank.opens(visit.browser(), Map.of("nonce", text)).parameters().get("code")))
              .path("id_token")
              .asString();
      assertThat(Client.claims(nonce).path("nonce").asString()).isEqualTo(text);
      var hinted = bank.opens(world.browser(), Map.of("login_hint", text));
      assertThat(hinted.element("input[name=identifier]").val())
          .as("the hint «%s»", text)
          .isEqualTo(text);
      visit.browser().open(acme.url("/account"));
    }
  }

  @Test
  void IN_03_a_name_is_said_back_letter_by_letter_and_a_password_is_taken_so(World world) {
    var acme = world.tenant("acme").demandingNothing();
    for (var text : TEXTS) {
      var visit = acme.person("ana").comesWith(world.browser()).identifiesAs(text);
      boolean plausible =
          text.codePoints().noneMatch(Character::isISOControl) && text.length() <= 320;
      assertThat(visit.page().status()).as(text).isEqualTo(plausible ? 200 : 400);
      if (plausible) {
        visit.isAskedForPassword();
        assertThat(visit.page().document().wholeText()).contains(text);
      }
    }
    var ana = acme.person("ana");
    var fresh = "'; drop \uD83D\uDE00 <script>evil()</script> \u202E ${1337*7331}";
    var visit = ana.signsIn().isIn();
    visit.browser().open(acme.url("/account/password"));
    visit.browser().submit(Map.of("present_password", ana.password(), "new_password", fresh));
    assertThat(visit.page().text()).contains("Your password was changed");
    ana.remembering(fresh).signsIn().isIn();
    ana.remembering(fresh.replace("\u202E ", "")).signsIn().isAskedForPassword();
  }

  @Test
  void IN_06_no_parameter_leads_anywhere_else(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var bank = Client.of(world, acme, Application.Type.REGULAR_WEB, it -> it);
    List<String> wrong = new ArrayList<>();
    var visit = in(world, ana);
    var out = new Stand(world, acme, browser(world, acme), null);

    for (var route : routes(world)) {
      boolean ends = route.path().contains("sign-out") || route.path().contains("logout");
      var stand = ends ? out : Stand.of(world, acme, visit);
      for (var evil : ELSEWHERE) {
        Map<String, String> all = new LinkedHashMap<>();
        WAYS_ON.forEach(name -> all.put(name, encoded(evil)));
        all.put("client_id", bank.id());
        harmless(stand.triesInUrl(route, all), route, evil, acme, wrong);
        harmless(stand.tries(route, all), route, evil, acme, wrong);
        var telling =
            evil.startsWith("/") && route.method() == Method.GET ? WAYS_ON : List.<String>of();
        for (var name : telling) {
          var one = Map.of(name, encoded(evil), "client_id", bank.id());
          harmless(stand.triesInUrl(route, one), route, name + "=" + evil, acme, wrong);
        }
      }
    }
    assertThat(wrong).isEmpty();

    for (var evil : ELSEWHERE) {
      // A person who is asked whether to sign out, too, stays with us then.
      for (var way :
          List.of(
              "/v2/logout?client_id=" + bank.id() + "&returnTo=" + encoded(evil),
              "/oidc/logout?client_id="
                  + bank.id()
                  + "&post_logout_redirect_uri="
                  + encoded(evil))) {
        var asked = in(world, ana).browser();
        asked.open(acme.url(way));
        assertThat(asked.page().isElsewhere()).as(way).isFalse();
        var form = asked.page().element("form[action^=/oidc/logout/confirm]");
        asked.post(
            acme.url(form.attr("action") + (form.attr("action").contains("?") ? "&" : "?"))
                + "back="
                + encoded(evil),
            Map.of("csrf", asked.page().element("input[name=csrf]").val()));
        assertThat(asked.page().isElsewhere()).as("confirmed at %s", way).isFalse();
      }
    }
  }
}
