package dev.countersign.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoggingTest {
  private static final List<String> NASTY =
      List.of(
          "a\r\nERROR forged",
          "\u001b[31mred\u001b[0m",
          "line\u2028paragraph\u2029next\u0085",
          "\u202Eright to left",
          "lone \ud800 surrogate",
          "nul \u0000 bell \u0007",
          "quote \" backslash \\ ${jndi:ldap://127.0.0.1/x}",
          "tag \udb40\udc41 private \ue000");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @AfterEach
  void give_the_log_back() throws java.io.IOException {
    LogManager.getLogManager().readConfiguration();
  }

  @Test
  void AUD_02_a_record_is_one_line_whatever_it_holds() {
    for (LogLine format : List.of(new LogLine.Text(), new LogLine.Json())) {
      for (String nasty : NASTY) {
        LogRecord record = record(nasty);
        record.setLoggerName(nasty);
        record.setThrown(new IllegalStateException(nasty, new IllegalArgumentException(nasty)));
        record.setParameters(new Object[] {Fields.none().with(nasty, nasty)});
        var context = new RequestContext(nasty, Optional.of(nasty));
        String line = context.call(() -> format.format(record));

        assertThat(line).endsWith("\n");
        assertThat(line.substring(0, line.length() - 1).codePoints())
            .as("%s", nasty)
            .allMatch(point ->
                !List.of(
                        Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR)
                    .contains((byte) Character.getType(point)));
      }
    }
  }

  @Test
  void AUD_02_a_json_line_reads_back_as_what_was_said() {
    for (String nasty : NASTY) {
      LogRecord record = record(nasty);
      record.setParameters(new Object[] {Fields.none().with("field", nasty).with("count", 7)});
      JsonNode read = JsonMapper.shared().readTree(new LogLine.Json().format(record));

      assertThat(read.get("message").asString()).isEqualTo(nasty);
      assertThat(read.get("field").asString()).isEqualTo(nasty);
      assertThat(read.get("count").isIntegralNumber()).isTrue();
      assertThat(read.get("level").asString()).isEqualTo("info");
      assertThat(read.get("time").asString()).isEqualTo("2026-01-31T12:00:00.250Z");
    }
  }

  @Test
  void AUD_03_at_debug_we_are_heard_and_libraries_are_not() {
    Logging.to(out, Level.FINE, Logging.Format.TEXT);
    System.getLogger("dev.countersign.test").log(System.Logger.Level.DEBUG, "ours");
    for (var library : List.of("org.eclipse.jetty.server", "org.postgresql", "java.net.http")) {
      System.getLogger(library).log(System.Logger.Level.DEBUG, "Set-Cookie: secret");
    }

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("ours").doesNotContain("secret");
  }

  @Test
  void AUD_02_a_megabyte_becomes_a_few_kilobytes() {
    String megabyte = "x".repeat(1 << 20);
    LogRecord record = record(megabyte);
    record.setLoggerName(megabyte);
    record.setThrown(new IllegalStateException(megabyte));
    record.setParameters(new Object[] {Fields.none().with(megabyte, megabyte)});

    assertThat(new LogLine.Json().format(record))
        .hasSizeLessThan(32_000)
        .contains("... (1048576 characters)");
    assertThat(new LogLine.Text().format(record)).hasSizeLessThan(32_000);
  }

  @Test
  void a_text_line_reads_well() {
    LogRecord record = record("ready");
    record.setParameters(new Object[] {Fields.none().with("port", 8080).with("host", "a b")});

    assertThat(new LogLine.Text().format(record))
        .isEqualTo("2026-01-31T12:00:00.250Z info    test: ready port=8080 host=\"a b\"\n");
  }

  @Test
  void a_line_names_the_request_and_the_tenant_it_was_made_for() {
    var context = new RequestContext("r-1", Optional.of("acme"));

    assertThat(context.<String, RuntimeException>call(() -> new LogLine.Json().format(record("x"))))
        .contains("\"request\":\"r-1\",\"tenant\":\"acme\"");
    assertThat(new LogLine.Json().format(record("x"))).doesNotContain("request");
  }

  @Test
  void the_access_log_names_the_route_and_is_one_line() {
    Logging.to(out, Level.INFO, Logging.Format.JSON);
    AccessLog.write("GET", "/u/mfa/{factor}", 200, Duration.ofMillis(12), "127.0.0.1");

    assertThat(out.toString(StandardCharsets.UTF_8))
        .endsWith(
            "\"logger\":\"access\",\"message\":\"request\",\"method\":\"GET\",\"route\":\"/u/mfa/{factor}\","
                + "\"status\":200,\"ms\":12,\"address\":\"127.0.0.1\"}\n")
        .hasLineCount(1);
  }

  @Test
  void what_is_lighter_than_the_level_is_not_written_and_libraries_are_quieter() {
    Logging.to(out, Level.INFO, Logging.Format.TEXT);
    System.getLogger("dev.countersign.test").log(System.Logger.Level.DEBUG, "too light");
    System.getLogger("dev.countersign.test").log(System.Logger.Level.INFO, "heavy enough");
    Logger.getLogger("org.eclipse.jetty.server").info("chatty");
    Logger.getLogger("org.eclipse.jetty.server").warning("important");

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("heavy enough", "important")
        .doesNotContain("too light", "chatty");
  }

  @Test
  void a_process_that_ends_is_heard_to_its_last_word() throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                LogsAtTheEnd.class.getName())
            .start();

    assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("the first word", "the last word");
    assertThat(process.waitFor()).isZero();
  }

  private static LogRecord record(String message) {
    LogRecord record = new LogRecord(Level.INFO, message);
    record.setLoggerName("test");
    record.setInstant(Instant.parse("2026-01-31T12:00:00.250Z"));
    return record;
  }
}
