package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.operator.Answer;
import dev.countersign.testkit.AuthenticatorApp;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example of docs/migrate-from-auth0.md, done as it stands there. */
@WorldTest
class MigrationDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "migrate-from-auth0.md");
  private static final Pattern JSON = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

  /** What a command said and told. */
  private record Heard(List<String> said, List<String> told) implements Answer {
    Heard() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    @Override
    public void say(String line) {
      said.add(line);
    }

    @Override
    public void tell(String line) {
      told.add(line);
    }
  }

  private static String example() throws IOException {
    var found = JSON.matcher(Files.readString(DOCUMENT));
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  @Test
  void whoever_is_brought_along_signs_in_with_their_password_and_their_app(World world)
      throws IOException {
    var acme = world.tenant("acme").requiring("otp");
    var tenant = world.wiring().ground.tenants.find(acme.id()).orElseThrow();
    var heard = new Heard();

    world
        .wiring()
        .administration
        .operatorPeople
        .importAll(tenant, false, Secret.of(example()), world.clock().now(), heard);

    assertThat(heard.told()).isEmpty();
    assertThat(heard.said())
        .containsExactly("{\"inserted\":1,\"updated\":0,\"there\":0,\"failed\":0}");
    var ana = Json.tree(example()).get(0);
    var app = AuthenticatorApp.typed(ana.at("/mfa_factors/0/totp/secret").stringValue());
    var browser = world.browser();
    browser.open(acme.url("/account"));
    browser.submit(Map.of("identifier", ana.get("email").stringValue()));
    browser.submit(Map.of("password", "violet harbour 42 lantern"));
    browser.submit(Map.of("code", app.codeAt(world.instant())));
    assertThat(browser.page().uri().getPath()).as("%s", browser.page()).isEqualTo("/account");
    assertThat(browser.page().text()).contains("ana@acme.example", "Protected by 1 method");

    var again = new Heard();
    world
        .wiring()
        .administration
        .operatorPeople
        .importAll(tenant, false, Secret.of(example()), world.clock().now(), again);
    assertThat(again.said())
        .as("run again")
        .containsExactly("{\"inserted\":0,\"updated\":0,\"there\":1,\"failed\":0}");

    var listed = new Heard();
    world.wiring().administration.operatorPeople.list(tenant, 10, listed);
    assertThat(listed.said()).hasSize(1);
    assertThat(listed.said().getFirst())
        .contains("auth0|66f1c0ffee", "\"groups\":[\"staff\"]")
        .doesNotContain("$2b$", "JBSWY3DP");
  }

  @Test
  void operators_add_and_take_off_people(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var tenant = world.wiring().ground.tenants.find(acme.id()).orElseThrow();
    var people = world.wiring().administration.operatorPeople;
    var now = world.clock().now();
    var weak = new Heard();
    assertThat(people.create(tenant, "ben@acme.example", "", Secret.of("short"), now, weak))
        .isFalse();
    assertThat(weak.told().getFirst()).contains("too short");

    var made = new Heard();
    assertThat(
            people.create(
                tenant,
                "ben@acme.example",
                "ben",
                Secret.of("violet harbour 42 lantern"),
                now,
                made))
        .isTrue();
    var twice = new Heard();
    assertThat(people.create(tenant, "ben@acme.example", "", Secret.of(""), now, twice)).isFalse();
    assertThat(twice.told()).containsExactly("The user already exists. (email)");
    assertThat(people.delete(tenant, made.said().getFirst(), now, new Heard())).isTrue();
    assertThat(people.delete(tenant, "ben", now, new Heard())).isFalse();
  }
}
