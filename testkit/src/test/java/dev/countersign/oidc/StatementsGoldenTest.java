package dev.countersign.oidc;

import dev.countersign.goldens.Golden;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.World;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What one sign-in asks the database, statement by statement, as the database itself counts: a statement more shows in
 * review, and a query for each row of another one stands out.
 */
class StatementsGoldenTest {
  private final StringBuilder text = new StringBuilder();

  @Test
  void a_sign_in_asks_the_database_what_is_documented() {
    try (var world = World.on(Engine.H2).onItsOwn().make()) {
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
    step(world, counted, "authorization request, name page", () -> bank.opens(browser, Map.of()));
    step(
        world,
        counted,
        "name, password page",
        () -> browser.submit(Map.of("identifier", who.name())));
    step(
        world,
        counted,
        "password, code page",
        () -> browser.submit(Map.of("password", who.password())));
    step(
        world,
        counted,
        "code, way back to the application",
        () -> browser.submit(Map.of("code", who.codeNow())));
    var code = browser.page().parameters().get("code");
    var tokens = new String[1];
    step(
        world,
        counted,
        "tokens",
        () -> tokens[0] = Client.json(bank.redeem(code)).path("access_token").asString());
    step(world, counted, "user info", () -> bank.userinfo(tokens[0]));
  }

  private record Asked(String statement, int times) {
    boolean isAlike(String word) {
      return statement.contains(word);
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

  private void step(World world, boolean counted, String name, Runnable step) {
    var database = world.wiring().database;
    database.run(tx -> tx.sql("set query_statistics_max_entries 1000").update());
    database.run(tx -> tx.sql("set query_statistics false").update());
    database.run(tx -> tx.sql("set query_statistics true").update());
    step.run();
    List<Asked> asked =
        database.read(tx ->
            tx.sql(
                    "select sql_statement, execution_count from information_schema.query_statistics"
                        + " order by sql_statement")
                .list(row -> new Asked(row.text("sql_statement"), row.count("execution_count"))));
    if (!counted) {
      return;
    }
    var lines =
        asked.stream()
            .filter(it -> !it.isAlike("query_statistics"))
            .filter(it -> KEPT.stream().noneMatch(it::isAlike))
            .filter(it ->
                !it.isAlike("COMMIT")) // of one that only reads, too, and those of what is kept
            .toList();
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
