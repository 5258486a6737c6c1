package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Json;
import dev.countersign.testkit.AuthenticatorApp;
import dev.countersign.testkit.FreePort;
import dev.countersign.testkit.PostgresBinaries;
import dev.countersign.testkit.Trust;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code ./countersign demo --json} as a process of its own, as scripts and load drivers start it. */
class DemoStory {
  @TempDir private static Path home;
  private static Installation installation;

  @TempDir private Path data;
  private final int port = FreePort.find().number();
  private final int httpsPort = FreePort.find().number();

  @BeforeAll
  static void unpack() throws IOException {
    installation = Installation.in(home);
  }

  private Installation.Running demo(String... more) {
    List<String> words = new ArrayList<>();
    words.add("demo");
    words.addAll(List.of(more));
    words.addAll(usual());
    return installation.start(words.toArray(String[]::new));
  }

  private List<String> usual() {
    return List.of(
        "--port",
        String.valueOf(port),
        "--https-port",
        String.valueOf(httpsPort),
        "--data",
        data.toString(),
        "--people",
        "20",
        "--json");
  }

  @Test
  void one_line_of_json_tells_programs_all_they_need_and_people_of_it_can_sign_in() {
    try (var running = demo()) {
      var told = Json.tree(running.line());

      assertThat(told.propertyNames())
          .containsExactly(
              "base", "https", "ca", "tenant", "management", "apps", "people", "inbox");
      assertThat(told.path("base").asString()).isEqualTo("http://localhost:" + port);
      assertThat(told.path("https").asString()).isEqualTo("https://localhost:" + httpsPort);
      assertThat(Path.of(told.path("ca").asString())).isRegularFile();
      assertThat(told.path("tenant").asString()).isEqualTo("default");
      assertThat(told.path("management").propertyNames())
          .containsExactlyInAnyOrder("client_id", "client_secret", "audience");
      assertThat(told.path("apps"))
          .isNotEmpty()
          .allSatisfy(app ->
              assertThat(app.propertyNames())
                  .containsExactly("name", "type", "client_id", "client_secret", "redirect_uris"));
      assertThat(told.path("people"))
          .allSatisfy(person ->
              assertThat(person.propertyNames())
                  .containsExactly("username", "password", "totp_secret", "phone"));
      var many = many(told);
      assertThat(many).hasSize(20);
      assertThat(many).extracting(it -> it.path("username").asString()).isSorted();
      assertThat(many.stream().filter(it -> it.path("totp_secret").isNull())).hasSize(2);

      signsIn(told, many.stream().filter(it -> it.path("totp_secret").isNull()).findFirst());
      signsIn(told, many.stream().filter(it -> !it.path("totp_secret").isNull()).findFirst());
      signsIn(told, "emil");
      assertThat(Json.tree(new Caller().get(told.path("inbox").asString()).text()).isArray())
          .isTrue();

      var ended = running.signalled("INT");
      assertThat(ended.status()).as("128 and the number of SIGINT").isEqualTo(130);
      assertThat(ended.said()).as("after that one line").isEmpty();
      assertThat(ended.complained()).isEmpty();
    }
  }

  @Test
  void a_second_start_goes_on_with_the_same_people_keys_and_audit_log() throws IOException {
    JsonNode first;
    List<String> keys;
    try (var running = demo()) {
      first = Json.tree(running.line());
      signsIn(first, many(first).stream().findFirst());
      keys = keys(first);
      assertThat(running.signalled("TERM").status())
          .as("128 and the number of SIGTERM")
          .isEqualTo(143);
    }
    assertThat(Files.exists(data.resolve("control.sock"))).isFalse();
    var story = audit();

    try (var running = demo()) {
      var second = Json.tree(running.line());

      assertThat(second).isEqualTo(first);
      assertThat(keys).isNotEmpty();
      assertThat(keys(second)).as("those, and perhaps the next ones").containsAll(keys);
      signsIn(second, many(second).reversed().stream().findFirst());
      assertThat(running.signalled("TERM").status()).isEqualTo(143);
    }
    assertThat(story).isNotEmpty();
    assertThat(audit()).containsAll(story).hasSizeGreaterThan(story.size());
  }

  @Test
  void on_an_empty_postgresql_the_key_ring_is_made_and_later_it_is_missed() throws IOException {
    try (var postgres =
        EmbeddedPostgres.builder().setPgBinaryResolver(new PostgresBinaries()).start()) {
      String[] there = {
        "--database-url", postgres.getJdbcUrl("postgres", "postgres"), "--database-user", "postgres"
      };
      JsonNode first;
      try (var running = demo(there)) {
        first = Json.tree(running.line());
        signsIn(first, many(first).stream().findFirst());
        assertThat(running.signalled("TERM").status()).isEqualTo(143);
      }
      try (var running = demo(there)) {
        assertThat(Json.tree(running.line())).isEqualTo(first);
        assertThat(running.signalled("TERM").status()).isEqualTo(143);
      }

      var ring = data.resolve("root.keys");
      Files.delete(ring);
      try (var running = demo(there)) {
        var refused = running.ended();
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.complained())
            .singleElement()
            .asString()
            .contains("root.keys does not exist: put a copy there");
      }
      assertThat(ring).as("no other ring takes its place").doesNotExist();
    }
  }

  @Test
  void a_second_demo_on_the_same_data_says_why_it_cannot() {
    try (var first = demo()) {
      first.line();

      var second =
          installation.run(
              "demo", "--port", "0", "--https-port", "0", "--data", data.toString(), "--json");

      assertThat(second.status()).isEqualTo(1);
      assertThat(second.said()).isEmpty();
      assertThat(second.complained())
          .singleElement()
          .asString()
          .contains("cannot start: another process has the embedded database open: stop it");
    }
  }

  @Test
  void with_situations_a_browser_travels_and_both_sides_are_seen() {
    try (var running = demo("--situations")) {
      var told = Json.tree(running.line());
      assertThat(told.path("situations").findValuesAsString("username"))
          .contains("tara", "dieter", "ivan", "nils");
      var caller = new Caller();
      var abroad = "http://situations.localhost:" + port;

      assertThat(caller.get(abroad + "/demo/travel?to=tokyo").page().text())
          .contains("This browser is in Tokyo");
      var shown = caller.get(abroad + "/account");
      shown = caller.submit(shown, "identifier", "nils");
      shown = caller.submit(shown, "password", many(told).getFirst().path("password").asString());
      assertThat(shown.page().text()).contains("your email address is really yours");
      shown = caller.submit(shown, "code", mailedCode(caller, told));
      assertThat(shown.at().getPath()).isEqualTo("/account");
      assertThat(caller.get(abroad + "/demo/travel").page().text())
          .contains("Why: verify email first")
          .contains("+25 new_country before=DE country=JP");

      var rollout = "http://rollout.localhost:" + port + "/demo/travel";
      assertThat(caller.get(rollout + "?save").page().text()).contains("1 person (stella)");
      assertThat(overHttps(told, "/demo/travel?to=tokyo"))
          .as("a browser travels by HTTPS as well")
          .contains("This browser is in");
      assertThat(overHttps(told, "/.well-known/openid-configuration"))
          .as("whoever comes by HTTPS stays there")
          .contains("\"issuer\":\"https://localhost:" + httpsPort + "/\"");
      signsIn(told, many(told).stream().findFirst());
      assertThat(running.signalled("TERM").complained()).isEmpty();
    }
  }

  private static String overHttps(JsonNode told, String path) {
    try {
      var url = URI.create(told.path("https").asString() + path);
      var connection = (HttpsURLConnection) url.toURL().openConnection();
      connection.setSSLSocketFactory(Trust.in(Path.of(told.path("ca").asString())));
      try (var in = connection.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String mailedCode(Caller caller, JsonNode told) {
    var newest = Json.tree(caller.get(told.path("inbox").asString()).text()).path(0);
    return newest
        .path("text")
        .asString()
        .lines()
        .map(String::strip)
        .filter(line -> line.matches("[0-9]{6}"))
        .findFirst()
        .orElseThrow();
  }

  private List<String> audit() {
    var ended = installation.run("audit", "--data", data.toString(), "--last", "1000");
    assertThat(ended.status()).isZero();
    return ended.said();
  }

  private static List<String> keys(JsonNode told) {
    var set =
        Json.tree(new Caller().get(told.path("base").asString() + "/.well-known/jwks.json").text());
    List<String> ids = new ArrayList<>();
    set.path("keys").forEach(key -> ids.add(key.path("kid").asString()));
    return ids;
  }

  private static List<JsonNode> many(JsonNode told) {
    List<JsonNode> found = new ArrayList<>();
    told.path("people")
        .forEach(it -> {
          if (it.path("username").asString().startsWith("person")) {
            found.add(it);
          }
        });
    return found;
  }

  /** The key that is told of emil is the seed of his token. */
  private static void signsIn(JsonNode told, String name) {
    for (var person : told.path("people")) {
      if (person.path("username").asString().equals(name)) {
        signsIn(told, Optional.of(person));
        return;
      }
    }
    throw new AssertionError("nobody is called " + name);
  }

  private static void signsIn(JsonNode told, Optional<JsonNode> who) {
    var person = who.orElseThrow();
    var caller = new Caller();
    var shown = caller.get(told.path("base").asString() + "/account");
    shown = caller.submit(shown, "identifier", person.path("username").asString());
    shown = caller.submit(shown, "password", person.path("password").asString());
    shown =
        person.path("totp_secret").isNull()
            ? caller.submit(shown, "action", "skip")
            : caller.submit(
                shown,
                "code",
                AuthenticatorApp.typed(person.path("totp_secret").asString())
                    .codeAt(Instant.now()));
    assertThat(shown.status()).as(shown.page().text()).isEqualTo(200);
    assertThat(shown.at().getPath()).isEqualTo("/account");
  }
}
