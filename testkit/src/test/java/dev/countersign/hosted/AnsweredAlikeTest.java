package dev.countersign.hosted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.identity.Person;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Page;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the pages answer about names: byte for byte the same, whoever is or is not behind one. */
@WorldTest
class AnsweredAlikeTest {
  /** Different by chance or by what was typed, and by nothing else. */
  private static String levelled(String text, String name) {
    return text.replaceAll("si_[a-z0-9]+", "si_STATE")
        .replaceAll("req_[a-z0-9]+", "req_ID")
        .replaceAll("(name=\"csrf\" value=\")[^\"]+", "$1CSRF")
        .replaceAll("(data-browser-key=\")[^\"]+", "$1KEY")
        .replaceAll("((?:__Host-)?cs_[a-z_]+(?:si_STATE)?=)[A-Za-z0-9_.-]+", "$1VALUE")
        .replace(name, "NAME");
  }

  /** Status, headers, cookies and body of an answer. */
  private static String heard(Page page, String name) {
    var headers = new TreeMap<>(page.received().headers());
    return levelled(page.status() + " " + page.uri() + "\n" + headers + "\n" + page.html(), name);
  }

  /** All of one length, so that nothing but the answer can make a difference. */
  private static Map<String, String> names(World world, Company company) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("nobody", "nobody");
    names.put("somebody", company.person("ana-an").name());
    names.put("with a second factor", company.person("ben-be").enrolledIn("otp").name());
    names.put("blocked", company.person("cem-ce").blocked().name());
    var deleted = company.person("dan-da");
    world
        .wiring()
        .ground
        .database
        .run(tx -> world.wiring().ground.people.remove(tx, company.id(), deleted.id()));
    names.put("deleted", deleted.name());
    names.put("of another provider", elsewhere(world, company, company.person("eve-ev")));
    names.put("of another tenant", world.tenant("other").person("fay-fa").name());
    names.put("not written in ASCII", "\u00e9mile-");
    return names;
  }

  private static String elsewhere(World world, Company company, Someone who) {
    var wiring = world.wiring();
    wiring.ground.database.run(tx -> {
      var it = wiring.ground.people.find(tx, company.id(), who.id()).orElseThrow();
      wiring.ground.people.save(
          tx,
          company.id(),
          new Person(
              it.id(),
              it.username(),
              it.email(),
              it.emailVerified(),
              it.phone(),
              it.name(),
              it.groups(),
              it.roles(),
              it.blocked(),
              "google-oauth2",
              it.userMetadata(),
              it.appMetadata(),
              it.createdAt(),
              it.updatedAt(),
              it.version()),
          world.clock().now());
      tx.sql("delete from passwords where tenant = :tenant and user_id = :user")
          .set("tenant", company.id())
          .set("user", who.id())
          .update();
    });
    return who.name();
  }

  @Test
  void PWD_01_a_wrong_password_is_answered_byte_for_byte_alike_up_to_the_lock_and_behind_it(
      World world) {
    var acme = world.tenant("acme").inviting("otp");
    Map<String, List<String>> answers = new LinkedHashMap<>();
    for (var entry : names(world, acme).entrySet()) {
      var name = entry.getValue();
      List<String> heard = new ArrayList<>();
      for (int guess = 0; guess < 12; guess++) {
        var browser = world.browser();
        browser.open(acme.url("/account"));
        heard.add(heard(browser.submit(Map.of("identifier", name)), name));
        heard.add(heard(browser.submit(Map.of("password", "wrong password")), name));
      }
      answers.put(entry.getKey(), heard);
      world.later(Duration.ofMinutes(11)); // For the door of the address, which all share.
    }

    var usual = clockless(answers.get("nobody"));
    assertThat(usual.get(1)).startsWith("400 ");
    assertThat(usual.getLast()).startsWith("429 ");
    answers.forEach((kind, heard) -> assertThat(clockless(heard)).as(kind).isEqualTo(usual));
  }

  /** Without the time of day until which one has to wait. */
  private static List<String> clockless(List<String> heard) {
    return heard.stream().map(it -> it.replaceAll("\\d{1,2}:\\d\\d.[AP]M", "TIME")).toList();
  }

  @Test
  void PWD_01_asking_for_a_link_is_answered_byte_for_byte_alike(World world) {
    var acme = world.tenant("acme").inviting("otp");
    Map<String, List<String>> answers = new LinkedHashMap<>();
    for (var entry : names(world, acme).entrySet()) {
      var name = entry.getValue();
      List<String> heard = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        var browser = world.browser();
        browser.open(acme.url("/u/password/forgot"));
        heard.add(heard(browser.submit(Map.of("identifier", name)), name));
      }
      answers.put(entry.getKey(), heard);
      world.later(Duration.ofMinutes(61));
    }

    assertThat(answers.get("nobody")).allMatch(it -> it.startsWith("200 "));
    answers.forEach((kind, heard) -> assertThat(heard).as(kind).isEqualTo(answers.get("nobody")));
  }

  private static Wire.Received sends(
      World world, Browser browser, String url, String type, String body) {
    var uri = URI.create(url);
    return world
        .node()
        .send(
            new Wire.Sent(
                Method.POST,
                uri,
                Map.of(
                    "content-type",
                    List.of(type),
                    "sec-fetch-site",
                    List.of("same-origin"),
                    "cookie",
                    List.of(
                        browser.cookies(uri).entrySet().stream()
                            .map(it -> it.getKey() + "=" + it.getValue())
                            .collect(Collectors.joining("; ")))),
                body.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void PWD_06_what_is_not_one_plain_name_is_refused_and_mails_nobody(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    var eve = acme.person("eve");
    var browser = world.browser();
    browser.open(acme.url("/u/password/forgot"));
    var csrf = "csrf=" + browser.page().element("input[name=csrf]").val() + "&";
    var form = "application/x-www-form-urlencoded";
    var to = ana.email().replace("@", "%40");
    var and = eve.email().replace("@", "%40");
    var url = acme.url("/u/password/forgot");

    for (var body :
        List.of(
            "identifier[]=" + to,
            "identifier%5B%5D=" + to + "&identifier%5B%5D=" + and,
            "identifier[0]=" + to,
            "identifier[email]=" + to,
            "email=" + to,
            "identifier=" + to + "&identifier=" + and,
            "identifier=" + to + "&identifier=" + to,
            "Identifier=" + to,
            "identifier=")) {
      assertThat(sends(world, browser, url, form, csrf + body).status()).as(body).isEqualTo(400);
    }
    for (var body :
        List.of(
            "{\"identifier\":[\"" + ana.email() + "\",\"" + eve.email() + "\"]}",
            "{\"identifier\":{\"email\":\"" + ana.email() + "\"}}",
            "{\"identifier\":\"" + ana.email() + "\"}")) {
      assertThat(sends(world, browser, url, "application/json", body).status())
          .as(body)
          .isEqualTo(415);
      assertThat(sends(world, browser, url, "multipart/form-data; boundary=x", body).status())
          .as(body)
          .isEqualTo(415);
    }
    assertThat(ana.mails()).isEmpty();
    assertThat(eve.mails()).isEmpty();

    // One text that holds two addresses is the name of nobody.
    for (var both : List.of(to + "," + and, to + "%20" + and, to + ";" + and, "%5B" + to + "%5D")) {
      assertThat(sends(world, browser, url, form, csrf + "identifier=" + both).status())
          .as(both)
          .isEqualTo(200);
    }
    for (var lines : List.of(to + "%0D%0ABcc:" + and, to + "%0A" + and)) {
      assertThat(sends(world, browser, url, form, csrf + "identifier=" + lines).status())
          .as(lines)
          .isEqualTo(400);
    }
    assertThat(ana.mails()).isEmpty();
    assertThat(eve.mails()).isEmpty();
    assertThat(sends(world, browser, url, form, csrf + "identifier=" + to).status()).isEqualTo(200);
    assertThat(ana.mails()).hasSize(1);
  }
}
