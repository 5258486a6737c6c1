package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.storage.Column;
import dev.countersign.storage.Tx;
import dev.countersign.testkit.AuthenticatorApp;
import dev.countersign.testkit.FreePort;
import dev.countersign.testkit.MailSink;
import dev.countersign.testkit.ReadMail;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether anything secret is written down anywhere by the packaged server at its most talkative. */
class CanaryTest {
  private static final String WRONG_PASSWORD = "quite another orchard altogether";
  private static final Pattern LINK = Pattern.compile("https?://\\S+/u/\\S+");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> canaries = new LinkedHashMap<>();
  private final List<String> codes = new ArrayList<>();

  @TempDir private Path data;

  private void secret(String what, String value) {
    assertThat(value).as(what).hasSizeGreaterThan(9);
    canaries.put(value, what);
  }

  @ParameterizedTest
  @EnumSource(Stage.Engine.class)
  void AUD_03_nothing_secret_is_found_in_logs_audit_metrics_or_a_dump(Stage.Engine engine)
      throws IOException {
    var log = Files.createFile(data.resolve("server.log"));
    try (var village = new Village(engine, data);
        var mails = MailSink.open(InstantSource.system())) {
      var acme =
          village.settled(List.of("otp", "recovery-code"), List.of("ana"), List.of("ben"));
      var flags = new HashMap<>(village.flags());
      flags.putAll(
          Map.of(
              "log-level",
              "debug",
              "mail-smtp-host",
              "127.0.0.1",
              "mail-smtp-port",
              String.valueOf(mails.port()),
              "mail-smtp-tls",
              "off"));
      String told;
      try (var server = new ServerProcess(http, FreePort.find(), flags, log)) {
        mixedRun(server.origin(), acme.client(), acme.app("ana"), mails);
        told = server.operator("/metrics").body();
        assertThat(told).contains("countersign_request_seconds_count");
      }
      var written = Files.readString(log);
      assertThat(written).contains("/u/");
      notIn("the metrics", told);
      notIn("the log", written);
      village.inside(
          InstantSource.system(), rooms -> rooms.ground.database.run(tx -> notIn("a dump", dump(tx))));
      if (village.isEmbedded()) {
        try (var files = Files.newDirectoryStream(data, "*.db")) {
          for (var file : files) {
            notIn("the file", new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
          }
        }
      }
    }
  }

  /** Everything once: the right and the wrong, set-up and recovery, tokens and mails. */
  private void mixedRun(String origin, Walker.Client client, AuthenticatorApp app, MailSink mails) {
    secret("a client secret", client.secret());
    secret("a password", Village.PASSWORD);
    secret("a wrong password", WRONG_PASSWORD);
    secret("a seed", app.key());

    var ana = new Walker(http, origin, client);
    ana.comes("ana", WRONG_PASSWORD).submits(Map.of("password", Village.PASSWORD));
    var wrong = app.wrongCodeAt(Instant.now());
    var code = app.codeAt(Instant.now());
    ana.submits(Map.of("code", wrong)).submits(Map.of("code", code));
    codes.addAll(List.of(wrong, code));
    keepsCodes(ana);
    tokens(ana);
    cookies(ana);
    var thief = new Walker(http, origin, client);
    thief.comes("ana", Village.PASSWORD).submits(Map.of("code", code));
    assertThat(thief.code()).isEmpty();
    cookies(thief);

    var ben = new Walker(http, origin, client);
    ben.comes("ben", Village.PASSWORD);
    var fresh = ben.setsUp();
    secret("a new seed", fresh.key());
    var first = fresh.codeAt(Instant.now());
    codes.add(first);
    ben.submits(Map.of("code", first));
    keepsCodes(ben);
    tokens(ben);
    cookies(ben);

    var forgetful = new Walker(http, origin, client);
    forgetful.opens("/u/password/forgot").submits(Map.of("identifier", "ana"));
    cookies(forgetful);
    link(mails);
  }

  private void keepsCodes(Walker walker) {
    for (var each : walker.keepsCodes()) {
      secret("a backup code", each);
      secret("a backup code, bare", each.replace("-", ""));
    }
  }

  private void tokens(Walker walker) {
    var grant = walker.code().orElseThrow(() -> new AssertionError("not let in\n" + walker));
    secret("an authorization code", grant);
    var tokens = walker.redeems(grant);
    for (var name : List.of("access_token", "id_token", "refresh_token")) {
      secret("a " + name, tokens.text(name));
    }
    var renewed = walker.refreshes(tokens.text("refresh_token"));
    secret("a renewed refresh token", renewed.text("refresh_token"));
    assertThat(walker.redeems(grant).status()).as("used again").isEqualTo(400);
    assertThat(walker.refreshes("no-such-token-" + grant).status()).isEqualTo(400);
  }

  private void cookies(Walker walker) {
    walker
        .cookies()
        .forEach((name, value) -> {
          if (value.length() > 15) {
            secret("the cookie " + name, value);
          }
        });
  }

  /** The link in the mail that lets somebody choose a new password. */
  private void link(MailSink mails) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      for (var mail : mails.mails()) {
        var link = LINK.matcher(ReadMail.of(mail).text());
        if (link.find()) {
          var url = link.group();
          secret(
              "a mailed link's token",
              url.substring(Math.max(url.lastIndexOf('/'), url.lastIndexOf('=')) + 1));
          return;
        }
      }
      assertThat(System.nanoTime()).as("a mail with a link comes in time").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  /** As {@code pg_dump} or SQLite's dump would write it: every table, bytes in hexadecimal. */
  private static String dump(Tx tx) {
    var tables =
        Column.all(tx).stream()
            .collect(Collectors.groupingBy(Column::table, TreeMap::new, Collectors.toList()));
    assertThat(tables).containsKeys("audit_events", "sign_ins", "spendables");
    var all = new StringBuilder();
    tables.forEach((table, columns) -> {
      var readable =
          columns.stream()
              .map(it -> it.type().equals("bytea") ? hexadecimal(tx, it.name()) : it.name())
              .toList();
      tx.sql(
              "select concat_ws('|', "
                  + String.join(", ", readable)
                  + ") as everything from "
                  + table)
          .list(row -> all.append(row.text("everything")).append('\n'));
    });
    return all.toString();
  }

  private static String hexadecimal(Tx tx, String column) {
    return switch (tx.dialect()) {
      case SQLITE -> "hex(" + column + ")";
      case POSTGRES -> "encode(" + column + ", 'hex')";
    };
  }

  private void notIn(String where, String text) {
    assertThat(canaries).hasSizeGreaterThan(20);
    var lower = text.toLowerCase(Locale.ROOT);
    canaries.forEach((value, what) -> {
      assertThat(text.contains(value)).as("%s in %s", what, where).isFalse();
      var hex = HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8));
      assertThat(lower.contains(hex)).as("%s in %s, in hexadecimal", what, where).isFalse();
    });
    if (!where.equals("the file")) {
      for (var code : codes) {
        assertThat(
                Pattern.compile("(?<![0-9A-Za-z.])" + code + "(?![0-9A-Za-z])")
                    .matcher(text)
                    .find())
            .as("the code %s in %s", code, where)
            .isFalse();
      }
    }
  }
}
