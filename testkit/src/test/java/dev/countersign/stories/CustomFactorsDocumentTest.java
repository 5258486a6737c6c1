package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Json;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Visit;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.testkit.examples.BadgePage;
import dev.countersign.testkit.examples.PagerService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** The worked examples of docs/custom-factors.md, done as they stand there: only addresses are this machine's. */
@WorldTest
class CustomFactorsDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "custom-factors.md");
  private static final Path EXAMPLES =
      Path.of("src", "main", "java", "dev", "countersign", "testkit", "examples");
  private static final Pattern JSON = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

  private static ObjectNode definition(String slug) throws IOException {
    return JSON.matcher(Files.readString(DOCUMENT))
        .results()
        .map(MatchResult::group)
        .map(block -> (ObjectNode) Json.tree(block.replaceAll("```(json)?", "")))
        .filter(it -> it.path("slug").asString("").equals(slug))
        .findFirst()
        .orElseThrow();
  }

  private static String defined(Company company, ObjectNode definition) {
    var secret = company.defining(Json.write(definition));
    company.requiring("custom:" + definition.path("slug").asString());
    return secret;
  }

  @ParameterizedTest
  @ValueSource(strings = {"PagerService", "BadgePage"})
  void it_quotes_the_sources_that_are_run(String name) throws IOException {
    var source = Files.readString(EXAMPLES.resolve(name + ".java"));

    assertThat(Files.readString(DOCUMENT))
        .contains(source.substring(source.indexOf("import ")).strip());
  }

  @Test
  void codes_of_other_measures(World world) throws IOException {
    var acme = world.tenant("acme");
    defined(acme, definition("vault"));
    var ana = acme.person("ana");

    var visit = choosing(ana.signsIn(), "custom:vault");
    assertThat(visit.page().title()).isEqualTo("Set up Vault code");
    ana.scan(
        "otpauth://totp/Acme?digits=8&period=60&algorithm=SHA256&secret="
            + visit.page().element("#key").text().replace(" ", ""));
    visit.answers(ana.codeNow()).isIn();
    world.later(Duration.ofMinutes(3));

    var again = ana.signsIn().isAskedForCode();
    assertThat(again.page().text()).contains("Enter the code that Vault code shows.");
    assertThat(ana.codeNow()).hasSize(8);
    again.answers(ana.codeNow()).isIn();
  }

  @Test
  void keys_of_certain_models(World world) throws IOException {
    var acme = world.tenant("acme");
    defined(acme, definition("staff-token"));
    var ana = acme.person("ana");

    var visit = choosing(ana.signsIn(), "custom:staff-token");
    var asked = visit.page().element("[data-credential=create]").attr("data-options");
    assertThat(Json.tree(asked).at("/authenticatorSelection/authenticatorAttachment").asString())
        .isEqualTo("cross-platform");
    visit
        .browser()
        .submit(Map.of("credential", ana.authenticator("custom:staff-token").creates(asked)));
    visit.isIn();

    var again = ana.signsIn();
    var question = again.page().element("[data-credential=get]").attr("data-options");
    assertThat(again.page().text()).contains("Your browser will ask for Staff token.");
    again
        .browser()
        .submit(Map.of("credential", ana.authenticator("custom:staff-token").signs(question)));
    again.isIn();
  }

  @Test
  void a_service_that_is_asked(World world) throws IOException {
    var acme = world.tenant("acme");
    try (var service = new PagerService(world.clock())) {
      var definition = definition("pager");
      ((ObjectNode) definition.get("webhook")).put("url", service.url());
      service.knows(defined(acme, definition));
      var ana = acme.person("ana");

      var visit = choosing(ana.signsIn(), "custom:pager");
      assertThat(visit.page().title()).isEqualTo("Set up Pager");
      visit.answers(code(service, ana)).isIn();

      var again = ana.signsIn().isAskedForCode();
      assertThat(again.page().text()).contains("Enter the code from Pager.");
      again.answers(code(service, ana)).isIn();
    }
  }

  private static String code(PagerService service, Someone who) {
    return service.pager(who.id().value()).orElseThrow();
  }

  @Test
  void a_page_that_is_visited(World world) throws IOException {
    var acme = world.tenant("acme");
    try (var badge = new BadgePage(world.clock())) {
      var definition = definition("badge");
      ((ObjectNode) definition.get("redirect")).put("url", badge.url());
      badge.knows(defined(acme, definition));
      var ana = acme.person("ana");

      for (var title : new String[] {"Set up Badge", "Confirm with Badge"}) {
        var visit = choosing(ana.signsIn(), "custom:badge");
        assertThat(visit.page().title()).isEqualTo(title);
        visit.browser().open(CustomFactorsTest.back(badge, visit.page(), "approved"));
        visit.isIn();
      }
    }
  }

  private static Visit choosing(Visit visit, String factor) {
    if (visit.page().has("button[name=factor]")) {
      visit.browser().press("factor", factor);
    }
    return visit;
  }
}
