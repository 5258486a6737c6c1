package dev.countersign.oidc;

import dev.countersign.goldens.Golden;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What one sign-in asks the database, statement by statement, as they are run: a statement more shows in
 * review, and a query for each row of another one stands out.
 */
@Isolated("the recorder hears of every statement in the process")
class StatementsGoldenTest {
  private final StringBuilder text = new StringBuilder();

  @Test
  void a_sign_in_asks_the_database_what_is_documented() {
    try (var world = World.on(Engine.EMBEDDED).onItsOwn().make()) {
      var acme = world.tenant("acme");
      var ana = acme.person("ana").enrolledIn("otp", "recovery-code");
      var bank = Client.web(world, acme);
      var browser = world.browser();
      signIn(world, bank, ana, browser, false);
      signIn(world, bank, ana, browser.signedOut(acme), true);
    }
    Golden.compare("docs/statements.txt", text.toString());
  }

  /** The first time keys are made and what is kept in memory is read. */
  private void signIn(
      World world,
      Client bank,
      dev.countersign.testkit.Someone who,
      Browser browser,
      boolean counted) {
    world.later(java.time.Duration.ofMinutes(1));
    step(counted, "authorization request, name page", () -> bank.opens(browser, Map.of()));
    step(counted, "name, password page", () -> browser.submit(Map.of("identifier", who.name())));
    step(counted, "password, code page", () -> browser.submit(Map.of("password", who.password())));
    step(
        counted,
        "code, way back to the application",
        () -> browser.submit(Map.of("code", who.codeNow())));
    var code = browser.page().parameters().get("code");
    var tokens = new String[1];
    step(
        counted,
        "tokens",
        () -> tokens[0] = Client.json(bank.redeem(code)).path("access_token").asString());
    step(counted, "user info", () -> bank.userinfo(tokens[0]));
  }

  private record Asked(String statement, int times) {
    boolean isAlike(String word) {
      return statement.contains(word);
    }
  }

  /** The statements of the whole process while {@code step} runs, as the flight recorder has them. */
  private static List<Asked> during(Runnable step) {
    try (var recording = new Recording()) {
      recording.enable("dev.countersign.Statement").withoutThreshold();
      recording.start();
      step.run();
      recording.stop();
      var file = Files.createTempFile("statements", ".jfr");
      try {
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
            .collect(
                Collectors.groupingBy(
                    it -> it.getString("text"), TreeMap::new, Collectors.counting()))
            .entrySet()
            .stream()
            .map(it -> new Asked(it.getKey(), Math.toIntExact(it.getValue())))
            .toList();
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a server keeps in memory for some seconds of real time is asked for now and then, whoever signs in. */
  private static final List<String> KEPT =
      List.of(
          " applications ",
          " apis ",
          " factor_settings ",
          " identity_schemas ",
          " log_streams ",
          " signing_keys ",
          " tenants ",
          " tenant_hosts ",
          " text_settings ");

  private void step(boolean counted, String name, Runnable step) {
    var asked = during(step);
    if (!counted) {
      return;
    }
    var lines = asked.stream().filter(it -> KEPT.stream().noneMatch(it::isAlike)).toList();
    text.append(name)
        .append(": ")
        .append(lines.stream().mapToInt(Asked::times).sum())
        .append('\n')
        .append(
            lines.stream()
                .map(it ->
                    "  "
                        + it.times()
                        + "x "
                        + it.statement().strip().replaceAll("\\s+", " ")
                        + "\n")
                .collect(Collectors.joining()));
  }
}
