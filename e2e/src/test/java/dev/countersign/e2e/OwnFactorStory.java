package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Mode;
import dev.countersign.factor.custom.Definition;
import dev.countersign.testkit.examples.BadgePage;
import dev.countersign.testkit.examples.PagerService;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Factors that a tenant has defined: a service that sends a code, and a page that the browser visits. */
@Told
class OwnFactorStory {
  @RegisterExtension private final Visit visit;

  OwnFactorStory(Screen screen) {
    visit = Visit.on(screen);
  }

  private static Definition definition(
      Definition.Kind kind, String name, String line, String icon, Definition.AnsweredBy answer) {
    return new Definition(
        kind,
        name,
        Map.of(),
        line,
        Map.of(),
        icon,
        Definition.Appearance.PICKER,
        Definition.Satisfies.HAVE,
        true,
        answer,
        6,
        5,
        300,
        false);
  }

  @Test
  void a_service_of_the_tenants_brings_the_code() throws IOException {
    var acme = visit.acme().demanding(Mode.REQUIRED);
    try (var service = new PagerService(visit.clock())) {
      service.knows(
          acme.defining(
              "pager",
              definition(
                  Definition.Kind.WEBHOOK,
                  "Night desk pager",
                  "A code on the pager that you carry on night shift.",
                  "chat",
                  Definition.AnsweredBy.CODE),
              service.url()));
      var ana = acme.person("ana");

      visit.does().comesFrom(acme.bank()).givesNameAndPassword(ana);
      visit
          .sees()
          .page("You need to set up multi-factor authentication")
          .says("A code on the pager that you carry on night shift.");
      visit.does().presses("Night desk pager");
      visit.sees().page("Set up Night desk pager").focus();
      visit.does().answersWith(service.pager(ana.id()).orElseThrow());
      visit.sees().page("Save your backup codes");
      visit.does().ticks("saved").presses("Continue");
      visit.sees().bankAt("aal2");

      visit.does().takesAnotherBrowser();
      visit.does().comesFrom(acme.bank()).givesNameAndPassword(ana);
      visit.sees().page("Confirm it’s you").says("Enter the code from Night desk pager.").focus();
      var code = service.pager(ana.id()).orElseThrow();
      visit.does().answersWith(code.equals("000000") ? "000001" : "000000");
      visit.sees().page("Confirm it’s you").wrong("code", "That code wasn’t accepted.");
      visit.does().answersWith(code);
      visit.sees().bankAt("aal2");
    }
  }

  @Test
  void a_page_of_the_tenants_is_visited_and_left_again_also_without_javascript()
      throws IOException {
    var acme = visit.acme().demanding(Mode.REQUIRED);
    visit.does().switchesJavaScriptOff();
    visit.sees().withoutScripts();
    try (var badge = new BadgePage(visit.clock())) {
      badge.knows(
          acme.defining(
              "badge",
              definition(
                  Definition.Kind.REDIRECT,
                  "Door badge",
                  "The badge that opens the doors at work.",
                  "user",
                  Definition.AnsweredBy.CODE),
              badge.url()));
      var ana = acme.person("ana");

      visit.does().comesFrom(acme.bank()).givesNameAndPassword(ana);
      visit.does().presses("Door badge");
      visit.sees().page("Set up Door badge");
      visit.does().presses("Go to Door badge").presses("It beeped");
      visit.sees().page("Save your backup codes");
      visit.does().ticks("saved").presses("Continue");
      visit.sees().bankAt("aal2");

      visit.does().takesAnotherBrowser();
      visit.does().comesFrom(acme.bank()).givesNameAndPassword(ana);
      visit.sees().page("Confirm with Door badge");
      visit.does().presses("Go to Door badge").presses("This is not me");
      visit.sees().page("It was declined in Door badge");
      visit.does().presses("Try again");
      visit.sees().page("Confirm with Door badge");
      visit.does().presses("Go to Door badge").presses("It beeped");
      visit.sees().bankAt("aal2");
      assertThat(visit.does().where().getQuery()).doesNotContain("answer=");
    }
  }

  @Test
  void what_is_confirmed_elsewhere_is_waited_for_and_a_service_that_is_gone_is_told_of()
      throws IOException {
    var acme = visit.acme().demanding(Mode.REQUIRED);
    try (var service = new PagerService(visit.clock())) {
      service.knows(
          acme.defining(
              "desk",
              definition(
                  Definition.Kind.WEBHOOK,
                  "Front desk",
                  "Somebody at the front desk vouches for you.",
                  "shield",
                  Definition.AnsweredBy.CONFIRMATION),
              service.url()));
      var ana = acme.person("ana");
      visit.does().comesFrom(acme.bank()).givesNameAndPassword(ana);
      visit.does().presses("Front desk");
      visit.sees().page("Set up Front desk");
      visit.does().presses("I have confirmed it");
      visit.sees().page("Set up Front desk").says("Front desk has not confirmed it. Ask again.");
    }
    visit.does().presses("Ask again");
    visit.sees().page("Front desk cannot be reached");
  }
}
