package dev.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.config.Deployment;
import dev.countersign.config.Settings;
import dev.countersign.kernel.Secret;
import dev.countersign.operator.ControlSocket;
import dev.countersign.storage.Database;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();

  @Test
  void a_database_in_use_is_copied_as_it_was_and_restored() throws Exception {
    Path file = folder.resolve("backup.db");
    Deployment here = deployment("here");
    Deployment there = deployment("there");
    try (var database = connect(here)) {
      insert(database, 1);
      assertThat(run(new Backup(), here, file)).isEqualTo(Exit.OK);
      insert(database, 2);
    }
    assertThat(told()).contains("Keep a copy of " + here.keysFile() + " apart from the backups.");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    assertThat(run(new Restore(), there, file)).isEqualTo(Exit.OK);
    assertThat(told()).contains("The root keys are not there yet");
    try (var database = connect(there)) {
      assertThat(count(database)).isEqualTo(1);
    }
  }

  @Test
  void nothing_is_ever_overwritten() throws Exception {
    Path file = folder.resolve("backup.db");
    Deployment here = deployment("here");
    try (var database = connect(here)) {
      insert(database, 1);
    }
    assertThat(run(new Backup(), here, file)).isEqualTo(Exit.OK);
    assertThat(run(new Backup(), here, file)).isEqualTo(Exit.FAILED);
    assertThat(told()).contains("a backup never replaces another file");
    assertThat(run(new Restore(), here, file)).isEqualTo(Exit.FAILED);
    assertThat(told()).contains("stop the server and move that file away first");
  }

  @Test
  void a_database_that_is_not_there_is_not_made_to_be_copied() throws IOException {
    Path file = folder.resolve("backup.db");

    assertThat(run(new Backup(), deployment("none"), file)).isEqualTo(Exit.FAILED);
    assertThat(folder.resolve("none")).doesNotExist();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_file_that_is_no_backup_is_refused_and_leaves_nothing() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "no database");

    assertThat(run(new Restore(), deployment("there"), text)).isEqualTo(Exit.FAILED);
    assertThat(run(new Restore(), deployment("there"), folder.resolve("missing")))
        .isEqualTo(Exit.FAILED);
    assertThat(folder.resolve("there").resolve("countersign.db")).doesNotExist();
  }

  @Test
  void a_running_server_is_asked_to_do_it() throws IOException {
    Deployment here = deployment("here");
    Files.createDirectories(here.data());
    try (var _ =
        ControlSocket.open(
            here.data(),
            (arguments, answer) -> {
              answer.tell("asked for " + arguments);
              return 0;
            })) {
      assertThat(run(new Backup(), here, folder.resolve("b.db"))).isEqualTo(Exit.OK);
    }
    assertThat(told()).contains("asked for [backup, " + folder.resolve("b.db") + "]");
  }

  @Test
  void postgresql_is_left_to_its_own_tools() {
    Deployment postgres =
        sound(
            Settings.with(
                Map.of(
                    "database.url", "jdbc:postgresql://127.0.0.1/x", "data", folder.toString())));

    assertThat(run(new Backup(), postgres, folder.resolve("b.db"))).isEqualTo(Exit.FAILED);
    assertThat(run(new Restore(), postgres, folder.resolve("b.db"))).isEqualTo(Exit.FAILED);
    assertThat(told()).contains("pg_dump");
  }

  private Exit run(Command.Configured command, Deployment deployment, Path file) {
    var terminal =
        new Terminal(new PrintStream(told), new PrintStream(told, true, StandardCharsets.UTF_8));
    return command.run(
        new Command.Call(Settings.with(Map.of()), List.of(file.toString()), terminal), deployment);
  }

  private String told() {
    return told.toString(StandardCharsets.UTF_8);
  }

  private Deployment deployment(String name) {
    return sound(Settings.with(Map.of("data", folder.resolve(name).toString())));
  }

  private static Deployment sound(Settings settings) {
    return switch (Deployment.of(settings)) {
      case Deployment.Sound(Deployment deployment) -> deployment;
      case Deployment.Contradictory(var mistakes) -> throw new AssertionError(mistakes.toString());
    };
  }

  private static Database connect(Deployment deployment) throws IOException {
    Files.createDirectories(deployment.data());
    var database =
        Database.at(
            new Database.Address(
                deployment.databaseUrl(), "", Secret.of(""), 2, Duration.ofSeconds(5)));
    database.run(tx -> {
      tx.sql("create table if not exists schema_migrations (name varchar primary key)").update();
      tx.sql("create table if not exists t (n int primary key)").update();
    });
    return database;
  }

  private static void insert(Database database, int n) {
    database.run(tx -> tx.sql("insert into t values (:n)").set("n", n).update());
  }

  private static int count(Database database) {
    return database
        .read(tx -> tx.sql("select count(*) as n from t").one(row -> row.count("n")))
        .orElseThrow();
  }
}
