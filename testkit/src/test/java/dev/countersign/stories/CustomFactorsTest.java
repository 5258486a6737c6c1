package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.kernel.Json;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.FreePort;
import dev.countersign.testkit.Page;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.testkit.examples.BadgePage;
import dev.countersign.testkit.examples.PagerService;
import dev.countersign.tls.DevelopmentCa;
import dev.countersign.tls.HttpsContext;
import dev.countersign.web.Method;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Factors of a tenant's own, through the pages, with services and pages of theirs over real HTTP. */
@WorldTest
class CustomFactorsTest {
  private static final String PAGER = "custom:pager";
  private static final String BADGE = "custom:badge";
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /** Where a person goes back to from the page that this one sends them to. */
  static String back(BadgePage badge, Page page, String result) {
    var request = badge.read(request(page));
    return back(request.path("return_to").asString(), badge.answer(request, result));
  }

  private static String back(String to, String answer) {
    return to + (to.contains("?") ? "&" : "?") + "answer=" + answer;
  }

  private static String request(Page page) {
    var address = page.element("a.primary").attr("href");
    return address.substring(address.indexOf("request=") + 8);
  }

  private static Company company(World world, PagerService service, String more) {
    var acme = world.tenant("acme");
    service.knows(
        acme.defining(
            """
            {"slug": "pager", "kind": "webhook", "display_name": "Pager <b>2</b>",
             "display_names": {"de": "Piepser"}, "description": "A code on your & my pager.",
             "icon": "chat", "webhook": {"url": "%s"}%s}
            """
                .formatted(service.url(), more)));
    return acme;
  }

  private static Company company(World world, String url, String how) {
    var acme = world.tenant("acme");
    acme.defining(
        """
        {"slug": "pager", "kind": "webhook", "display_name": "Pager", "description": "A code on your pager.",
         "webhook": {"url": "%s", "timeout_seconds": 1%s}}
        """
            .formatted(url, how));
    return acme.requiring(PAGER, "otp");
  }

  private static Company badged(World world, BadgePage badge, String name) {
    var company = world.tenant(name);
    badge.knows(
        company.defining(
            """
            {"slug": "badge", "kind": "redirect", "display_name": "Badge", "description": "The badge that opens your door.",
             "redirect": {"url": "%s"}}
            """
                .formatted(badge.url())));
    return company.requiring(BADGE, "otp");
  }

  private static String code(PagerService service, Someone who) {
    return service.pager(who.id().value()).orElseThrow();
  }

  private static String other(String code) {
    return code.equals("000000") ? "000001" : "000000";
  }

  // A service

  @Test
  void it_is_offered_in_the_tenants_words_set_up_and_asked_for(World world) throws IOException {
    try (var service = new PagerService(world.clock())) {
      var acme = company(world, service, "");
      acme.requiring(PAGER, "otp");
      var ana = acme.person("ana");

      var visit = ana.signsIn().isAskedToSetUp();
      assertThat(visit.page().text()).contains("Pager <b>2</b>", "A code on your & my pager.");
      assertThat(visit.page().html()).doesNotContain("<b>2</b>");
      visit.browser().press("factor", PAGER);
      var first = code(service, ana);
      assertThat(visit.page().title()).isEqualTo("Set up Pager <b>2</b>");
      visit.browser().reload();
      assertThat(code(service, ana)).as("a reload starts nothing").isEqualTo(first);
      visit.answers(other(first));
      assertThat(visit.page().error("code")).contains("isn’t right");
      visit.answers(first).isIn();
      acme.audit().says("mfa.factor_enrolled", "factor", PAGER);

      var german = world.browser().speaking("de");
      var later = ana.signsInWith(german).isAskedForCode();
      assertThat(later.page().text()).contains("Geben Sie den Code von Piepser ein.");
      later.answers(first).isRefused("code_invalid");
      later.answers(code(service, ana)).isIn();
      acme.audit().says("user.mfa_succeeded", "factor", PAGER);
    }
  }

  @Test
  void asking_again_starts_anew_and_not_without_end(World world) throws IOException {
    try (var service = new PagerService(world.clock())) {
      var acme = company(world, service, "").requiring(PAGER, "otp");
      var ana = acme.person("ana").enrolledIn(PAGER, "otp");

      var visit = ana.signsIn().triesAnotherWay(PAGER);
      var first = code(service, ana);
      visit.browser().press("action", "again");
      var second = code(service, ana);
      assertThat(visit.page().text()).contains("The one before no longer works");
      visit.answers(first).isRefused("code_invalid");
      visit.browser().press("action", "again");
      visit.browser().press("action", "again");
      assertThat(visit.page().status()).isEqualTo(429);
      assertThat(code(service, ana)).isNotEqualTo(second);
      acme.audit().says("mfa.challenge_sent", "reason", "too_often");
      visit.answers(code(service, ana)).isIn();
    }
  }

  @Test
  void whom_everybody_has_needs_no_set_up(World world) throws IOException {
    try (var service = new PagerService(world.clock())) {
      var acme = company(world, service, ", \"enrolment\": \"none\"").requiring(PAGER);
      var ana = acme.person("ana");

      ana.signsIn().isAskedForCode().answers(code(service, ana)).isIn();
      acme.audit().says("mfa.factor_enrolled", "reason", "everybody_has_it");
      ana.signsIn().isAskedForCode().answers(code(service, ana)).isIn();
      assertThat(acme.audit().of("mfa.factor_enrolled")).hasSize(1);
    }
  }

  @Test
  void an_admin_gives_what_is_in_no_picker(World world) throws IOException {
    try (var service = new PagerService(world.clock())) {
      var acme =
          company(world, service, ", \"appearance\": \"admin-only\"").requiring(PAGER, "otp");
      var ana = acme.person("ana");
      assertThat(ana.signsIn().page().text()).doesNotContain("Pager");

      ana.given(PAGER, Map.of());

      ana.signsIn().isAskedForCode().answers(code(service, ana)).isIn();
    }
  }

  @Test
  void another_tenants_factor_is_nobodys_here(World world) throws IOException {
    try (var service = new PagerService(world.clock())) {
      company(world, service, "").requiring(PAGER);
      var beta = world.tenant("beta").requiring("otp");
      var ben = beta.person("ben").enrolledIn("otp");
      var visit = ben.signsIn();

      visit.browser().open(visit.page().uri().toString().replace("/otp", "/" + PAGER));

      assertThat(visit.page().uri().getPath()).endsWith("/otp");
      assertThat(ben.journey().withPassword().answers(PAGER, "123456"))
          .isInstanceOf(AnswerChallenge.Outcome.NotDemanded.class);
    }
  }

  /** A service that answers as it is told to. */
  private interface Answering {
    void answer(HttpExchange exchange) throws IOException;
  }

  private static void say(HttpExchange exchange, int status, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static HttpServer answering(Answering checks) throws IOException {
    return answering(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), checks);
  }

  /** Starts whatever it is asked to start; what it says to checks is the test's. */
  private static HttpServer answering(HttpServer server, Answering checks) {
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          var event =
              Json.tree(
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          if (event.path("type").asString("").endsWith("start")) {
            say(exchange, 204, "");
          } else {
            checks.answer(exchange);
          }
        });
    server.start();
    return server;
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  @Test
  void CUST_05_a_service_that_fails_lets_nobody_in_and_other_factors_are_offered(World world)
      throws IOException {
    var hold = new CountDownLatch(1);
    List<Answering> failures =
        List.of(
            exchange -> say(exchange, 500, "{\"verified\":true}"),
            exchange -> say(exchange, 204, ""),
            exchange -> say(exchange, 200, "<html>ok</html>"),
            HttpExchange::close, // Broken off without an answer.
            exchange -> {
              try {
                hold.await(5, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              exchange.close();
            });
    for (var failure : failures) {
      var server = answering(failure);
      try {
        var acme = company(world, url(server), "");
        var ana = acme.person("ana").enrolledIn(PAGER, "otp");
        var visit = ana.signsIn().triesAnotherWay(PAGER);

        visit.answers("123456").isRefused("service_failed");

        assertThat(visit.page().status()).isEqualTo(503);
        assertThat(visit.page().title()).isEqualTo("Pager did not answer");
        assertThat(acme.audit().of("user.mfa_succeeded")).isEmpty();
        visit.triesAnotherWay("otp").answers(ana.codeNow()).isIn();
      } finally {
        server.stop(0);
      }
    }
  }

  @Test
  void CUST_05_nor_does_one_that_is_not_there_or_not_who_it_should_be(
      World world, @TempDir Path folder) throws IOException {
    var plain = answering(exchange -> say(exchange, 200, "{\"verified\":true}"));
    var ca = new DevelopmentCa(folder, world.entropy());
    var strange = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    strange.setHttpsConfigurator(
        new HttpsConfigurator(
            new HttpsContext(() -> ca.identity(List.of("127.0.0.1"), world.clock().now()))
                .sslContext()));
    answering(strange, exchange -> say(exchange, 200, "{\"verified\":true}"));
    try {
      for (var url :
          List.of(
              "http://127.0.0.1:" + FreePort.find().number() + "/",
              url(plain).replace("http:", "https:"),
              url(strange).replace("http:", "https:"))) {
        var acme = company(world, url, "");
        var ana = acme.person("ana").enrolledIn(PAGER, "otp");
        var visit = ana.signsIn().triesAnotherWay(PAGER);

        assertThat(visit.page().status()).as(url).isEqualTo(503);
        assertThat(visit.page().title()).isEqualTo("Pager cannot be reached");
        visit.triesAnotherWay("otp").answers(ana.codeNow()).isIn();
      }
    } finally {
      plain.stop(0);
      strange.stop(0);
    }
  }

  @Test
  void CUST_07_where_nothing_is_typed_the_first_word_stands(World world) throws IOException {
    var said = new CopyOnWriteArrayList<>(List.of("{\"verified\":false,\"pending\":true}"));
    var server = answering(exchange -> say(exchange, 200, said.getLast()));
    try {
      var acme = company(world, url(server), ", \"answer\": \"confirmation\"");
      var ana = acme.person("ana").enrolledIn(PAGER);

      var visit = ana.signsIn();
      assertThat(visit.page().title()).isEqualTo("Confirm in Pager");
      assertThat(visit.page().has("input[name=code]")).isFalse();
      visit.goesOn();
      assertThat(visit.page().text()).contains("Pager has not heard from you yet");
      said.add("{\"verified\":false,\"denied\":true}");
      visit.goesOn().isRefused("declined");
      assertThat(visit.page().title()).isEqualTo("It was declined in Pager");
      said.add("{\"verified\":true}");
      assertThat(ana.signsInWith(world.browser()).page().title()).isEqualTo("Confirm in Pager");
      visit.goesOn();
      assertThat(visit.page().isElsewhere() || visit.page().uri().getPath().equals("/account"))
          .as("what was declined stays declined")
          .isFalse();

      visit.browser().press("action", "again");
      visit.goesOn().isIn();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void CUST_09_while_the_secret_is_changed_no_call_fails(World world) throws Exception {
    try (var service = new PagerService(world.clock());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var acme = company(world, service, "").requiring(PAGER);
      var admin = acme.admin();
      var people = new ArrayList<Someone>();
      for (int i = 0; i < 12; i++) {
        people.add(acme.person("ana" + i).enrolledIn(PAGER));
      }
      var running =
          people.stream()
              .map(who ->
                  threads.submit(() -> {
                    var visit = who.signsIn().isAskedForCode();
                    visit.answers(code(service, who)).isIn();
                  }))
              .toList();
      var rotated =
          admin
              .post("/guardian/custom-factors/pager/rotate-secret", "{}")
              .json()
              .path("signing_secret")
              .asString();
      for (var one : running) {
        one.get(60, TimeUnit.SECONDS);
      }

      var late = acme.person("late").enrolledIn(PAGER);
      late.signsIn().answers(code(service, late)).isIn();
      service.knows(rotated);
      world.later(Duration.ofDays(2));
      var later = acme.person("later").enrolledIn(PAGER);
      later.signsIn().answers(code(service, later)).isIn();
    }
  }

  @Test
  void what_another_server_was_told_a_moment_ago_is_known_when_somebody_has_it()
      throws IOException {
    try (var world = World.on(Engine.EMBEDDED).nodes(2).make();
        var service = new PagerService(world.clock())) {
      var acme = world.tenant("acme").requiring("otp");
      var ana = acme.person("ana").enrolledIn("otp");
      ana.signsInWith(world.browser().talkingTo(world.node(1))).isAskedForCode();
      service.knows(
          acme.defining(
              """
              {"slug": "pager", "kind": "webhook", "display_name": "Pager", "description": "A code on your pager.",
               "webhook": {"url": "%s"}}
              """
                  .formatted(service.url())));
      ana.enrolledIn(PAGER);
      acme.requiring(PAGER);

      var visit = ana.signsInWith(world.browser().talkingTo(world.node(1))).isAskedForCode();

      visit.answers(code(service, ana)).isIn();
      world.check();
    }
  }

  // A page

  @Test
  void who_is_sent_elsewhere_comes_back_signed_in(World world) throws IOException {
    try (var badge = new BadgePage(world.clock())) {
      var acme = badged(world, badge, "acme");
      var ana = acme.person("ana");

      var visit = ana.signsIn().isAskedToSetUp();
      visit.browser().press("factor", BADGE);
      assertThat(visit.page().title()).isEqualTo("Set up Badge");
      assertThat(badge.read(request(visit.page())).path("purpose").asString()).isEqualTo("set-up");
      visit.browser().open(back(badge, visit.page(), "cancelled"));
      assertThat(visit.page().text()).contains("It was not finished at Badge");
      visit.browser().press("action", "again");
      visit.browser().open(back(badge, visit.page(), "approved"));
      visit.isIn();

      var again = ana.signsIn();
      assertThat(again.page().title()).isEqualTo("Confirm with Badge");
      again.browser().open(back(badge, again.page(), "approved"));
      again.isIn();
      acme.audit().says("user.mfa_succeeded", "factor", BADGE);
    }
  }

  @Test
  void CUST_03_what_the_page_did_not_say_about_this_is_answered_with_401_and_changes_nothing(
      World world) throws IOException {
    try (var badge = new BadgePage(world.clock());
        var others = new BadgePage(world.clock())) {
      var acme = badged(world, badge, "acme");
      var beta = badged(world, others, "beta");
      var ana = acme.person("ana").enrolledIn(BADGE);
      var ben = acme.person("ben").enrolledIn(BADGE);
      var eve = beta.person("eve").enrolledIn(BADGE);
      var bens = ben.signsIn();
      var eves = eve.signsIn();

      var visit = ana.signsIn();
      var page = visit.page();
      var request = badge.read(request(page));
      var right = badge.answer(request, "approved");
      var to = request.path("return_to").asString();
      var wrongs =
          List.of(
              right.substring(0, right.lastIndexOf('.') + 1),
              right.substring(0, right.length() - 2) + "AA",
              others.answer(request, "approved"),
              badge.answer(badge.read(request(bens.page())), "approved"),
              others.answer(others.read(request(eves.page())), "approved"));
      for (var wrong : wrongs) {
        visit.browser().open(back(to, wrong));
        assertThat(visit.page().status()).as(wrong).isIn(401, 429);
        world.later(PAUSE);
      }
      assertThat(acme.audit().of("user.mfa_succeeded")).isEmpty();
    }
  }

  @Test
  void CUST_03_an_answer_of_six_minutes_ago_is_too_old(World world) throws IOException {
    try (var badge = new BadgePage(world.clock())) {
      var ana = badged(world, badge, "acme").person("ana").enrolledIn(BADGE);
      var visit = ana.signsIn();
      var old = back(badge, visit.page(), "approved");
      world.later(Duration.ofMinutes(6));

      visit.browser().open(old);

      visit.isRefused("code_expired");
      assertThat(visit.page().status()).isEqualTo(401);
    }
  }

  @Test
  void CUST_07_the_first_word_stands(World world) throws IOException {
    try (var badge = new BadgePage(world.clock())) {
      var acme = badged(world, badge, "acme");
      var ana = acme.person("ana").enrolledIn(BADGE);

      var denied = ana.signsIn();
      var approve = back(badge, denied.page(), "approved");
      denied.browser().open(back(badge, denied.page(), "denied"));
      denied.isRefused("declined");
      assertThat(denied.page().title()).isEqualTo("It was declined in Badge");
      denied.browser().open(approve);
      denied.isRefused("code_expired");

      var twice = ana.signsIn();
      var once = back(badge, twice.page(), "approved");
      twice.browser().open(once);
      twice.isIn();
      twice.browser().open(once);
      assertThat(acme.audit().of("user.mfa_succeeded")).as("and no second time").hasSize(1);

      var cancelled = ana.signsInWith(world.browser());
      var late = back(badge, cancelled.page(), "approved");
      cancelled
          .browser()
          .submit(Map.of("csrf", cancelled.page().element("form.leave [name=csrf]").val()));
      cancelled.browser().open(late);
      var stranger = ana.signsInWith(world.browser());
      var theirs = back(badge, stranger.page(), "approved");
      world.browser().open(theirs);
      assertThat(acme.audit().of("user.mfa_succeeded")).hasSize(1);

      var expired = ana.signsInWith(world.browser());
      var tooLate = back(badge, expired.page(), "approved");
      world.later(Duration.ofHours(2));
      expired.browser().open(tooLate);
      assertThat(acme.audit().of("user.mfa_succeeded")).hasSize(1);
    }
  }

  @Test
  void one_that_is_deleted_is_gone_for_everybody_and_its_name_stays_known(World world)
      throws IOException {
    try (var badge = new BadgePage(world.clock())) {
      var acme = badged(world, badge, "acme");
      var ana = acme.person("ana").enrolledIn(BADGE, "otp");
      var visit = ana.signsIn().triesAnotherWay(BADGE);
      var approve = back(badge, visit.page(), "approved");

      assertThat(acme.admin().call(Method.DELETE, "/guardian/custom-factors/badge", "").status())
          .isEqualTo(204);

      visit.browser().open(approve);
      assertThat(acme.audit().of("user.mfa_succeeded")).isEmpty();
      ana.signsIn().isAskedForCode().answers(ana.codeNow()).isIn();
    }
  }
}
