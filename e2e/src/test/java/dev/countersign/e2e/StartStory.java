package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Secret;
import dev.countersign.storage.Database;
import dev.countersign.storage.KeyRing;
import dev.countersign.testkit.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./countersign serve} as a process of its own: what it needs to start, and what it says when it does not. */
class StartStory {
  @TempDir private static Path home;
  private static Installation installation;

  @TempDir private Path folder;

  @BeforeAll
  static void unpack() throws IOException {
    installation = Installation.in(home);
  }

  private Path data() {
    return folder.resolve("data");
  }

  private static final List<String> ANY_PORT =
      List.of("serve", "--http-port", "0", "--operator-port", "0", "--data");

  private String[] serve(String... more) {
    List<String> words = new ArrayList<>(ANY_PORT);
    words.add(data().toString());
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  /** A server that has run on this data, and was stopped. */
  private void ranBefore() {
    try (var running = installation.start(serve())) {
      running.complains(line -> line.contains("ready on"));
      assertThat(running.signalled("TERM").status()).isEqualTo(143);
    }
  }

  private static void refused(Installation.Ended ended, String why) {
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.said()).isEmpty();
    assertThat(ended.complained())
        .singleElement()
        .asString()
        .startsWith("countersign: cannot start: ")
        .contains(why);
  }

  @Test
  void FAULT_08_a_configuration_with_mistakes_is_refused_with_all_of_them_and_touches_nothing()
      throws IOException {
    var file = folder.resolve("countersign.conf");
    Files.writeString(file, "htttp.port = 8080\nlog.level = loud\ndata = " + data() + "\n");

    var ended = installation.run("serve", "--config", file.toString());

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.said()).isEmpty();
    assertThat(ended.complained())
        .hasSize(3)
        .anySatisfy(line -> assertThat(line).contains("htttp.port").contains("http.port"))
        .anySatisfy(line -> assertThat(line).contains("log.level"));
    assertThat(data()).doesNotExist();
  }

  @Test
  void FAULT_08_a_database_without_its_keys_is_not_served() throws IOException {
    ranBefore();
    var ring = data().resolve("root.keys");
    Files.delete(ring);

    refused(installation.run(serve()), "root.keys does not exist: put a copy there");
    assertThat(ring).as("no other ring takes its place").doesNotExist();

    KeyRing.fresh(new LiveEntropy()).write(ring);
    refused(installation.run(serve()), "is not in the key file");
  }

  @Test
  void FAULT_08_a_database_with_the_keys_of_another_is_not_served_and_its_keys_are_not_told()
      throws IOException {
    ranBefore();
    var keys = data().resolve("root.keys");
    var id = Files.readAllLines(keys).getLast().split(":", 2)[0];
    Files.delete(keys);
    KeyRing.fresh(new LiveEntropy()).write(keys);
    var wrong = Files.readAllLines(keys).getLast().split(":", 2)[1];
    Files.writeString(keys, id + ":" + wrong + "\n");

    var ended = installation.run(serve());

    refused(ended, "is not the one with which this database was written");
    assertThat(String.join("\n", ended.complained())).doesNotContain(wrong);
  }

  @Test
  void FAULT_08_a_migration_that_was_cut_short_is_not_built_upon() throws IOException {
    Files.createDirectory(data());
    try (var database =
        Database.at(
            new Database.Address(
                "jdbc:sqlite:" + data().resolve("countersign.db"),
                "",
                Secret.of(""),
                2,
                Duration.ofSeconds(5)))) {
      database.run(tx -> tx.sql("create table signing_keys (tenant varchar(64) primary key)").update());
    }

    refused(installation.run(serve()), "001_foundation.sql does not fit the tables");
  }

  @Test
  void FAULT_08_a_disk_that_cannot_be_written_is_noticed_at_the_start() throws IOException {
    ranBefore();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
    try (var files = Files.list(data())) {
      for (var file : files.toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
      }
    }
    Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      refused(installation.runAsSomebodyElse(serve()), "can be read but not written");
    } finally {
      var mine = PosixFilePermissions.fromString("rwx------");
      Files.setPosixFilePermissions(folder, mine);
      Files.setPosixFilePermissions(data(), mine);
    }
  }

  @Test
  void two_processes_on_one_data_folder_are_one_too_many() {
    try (var first = installation.start(serve())) {
      first.complains(line -> line.contains("ready on"));

      refused(installation.run(serve()), "another process has the embedded database open: stop it");

      assertThat(first.signalled("TERM").complained()).last().asString().contains("stopping");
    }
  }

  @Test
  void with_a_public_url_nothing_but_configured_hosts_answers_and_probes_still_do() {
    int port = FreePort.find().number();
    assertThat(installation.run("tenant", "create", "acme", "--data", data().toString()).status())
        .isZero();
    var words =
        new String[] {
          "serve",
          "--data",
          data().toString(),
          "--http-port",
          String.valueOf(port),
          "--operator-port",
          "0",
          "--public-url",
          "https://id.example.org",
          "--tenant-domain-suffix",
          "id.example.org"
        };
    try (var running = installation.start(words)) {
      assertThat(running.complains(line -> line.contains("ready on")))
          .endsWith("ready on https://id.example.org");

      for (var host : Set.of("id.example.org", "ID.example.org:443", "acme.id.example.org")) {
        assertThat(Caller.status(port, host, "/")).as(host).isEqualTo(200);
      }
      for (var host :
          Set.of(
              "127.0.0.1",
              "127.0.0.1:" + port,
              "[::1]",
              "localhost",
              "acme.localhost",
              "example.org",
              "default.id.example.org")) {
        assertThat(Caller.status(port, host, "/")).as(host).isEqualTo(404);
      }
      var operator =
          Pattern.compile("health and metrics on http://127.0.0.1:(\\d+)")
              .matcher(String.join("\n", running.complained()));
      assertThat(operator.find()).isTrue();
      for (var path : Set.of("/health/live", "/health/ready", "/metrics")) {
        int probes = Integer.parseInt(operator.group(1));
        assertThat(Caller.status(probes, "127.0.0.1", path)).as(path).isEqualTo(200);
      }
    }
  }

  @Test
  void what_an_operator_makes_and_changes_stands_in_the_audit_log() {
    ranBefore();
    var here = List.of("--data", data().toString());

    operator(here, "tenant", "create", "acme");
    operator(here, "tenant", "change", "acme", "--logout-urls", "https://acme.example/bye");
    operator(
        here,
        "client",
        "create",
        "Shop",
        "--tenant",
        "acme",
        "--callbacks",
        "https://shop.example/cb");
    var told = String.join("\n", operator(here, "audit", "--tenant", "acme").said());

    assertThat(told)
        .contains("tenant.created", "tenant.changed", "application.created", "operator")
        .contains("https://acme.example/bye");
  }

  @Test
  void a_file_of_tokens_is_imported_once_and_its_seeds_are_told_nowhere() throws IOException {
    ranBefore();
    var here = List.of("--data", data().toString());
    operator(here, "tenant", "create", "acme");
    var seed = "3132333435363738393031323334353637383930";
    var file = Files.writeString(folder.resolve("tokens.csv"), table("A-1", seed));

    var first = operator(here, "token", "import", file.toString(), "--tenant", "acme");
    operator(here, "token", "import", file.toString(), "--tenant", "acme");
    Files.writeString(file, table("A-2", "no seed"));
    var bad =
        installation.run(
            "token", "import", file.toString(), "--tenant", "acme", "--data", data().toString());
    var told = operator(here, "audit", "--tenant", "acme").said();

    assertThat(bad.status()).isNotZero();
    assertThat(told).filteredOn(line -> line.contains("mfa.tokens_imported")).isNotEmpty();
    assertThat(String.join("\n", told) + first.said() + first.complained() + bad.complained())
        .doesNotContain(seed);
  }

  private static String table(String serial, String seed) {
    return "serial,type,seed_hex\n" + serial + ",hotp," + seed + "\n";
  }

  @Test
  void what_comes_before_the_first_start_makes_the_data_folder_for_its_owner_alone()
      throws IOException {
    operator(List.of("--data", data().toString()), "tenant", "create", "acme");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
        .isEqualTo("rwx------");
  }

  private Installation.Ended operator(List<String> here, String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(here);
    var ended = installation.run(all.toArray(String[]::new));
    assertThat(ended.status()).as("%s", ended).isZero();
    return ended;
  }
}
