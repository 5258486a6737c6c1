package dev.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Keys;
import dev.countersign.config.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
  private static final Key<Integer> TIMES =
      new Key<>("times", Kind.number(1, 9), "1", "How often.");

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void a_command_is_found_by_its_longest_name() {
    assertThat(run("greet", "ana")).isEqualTo(Exit.OK);
    assertThat(run("greet", "all", "--times", "2")).isEqualTo(Exit.OK);
    assertThat(out()).isEqualTo("hello ana\nhello all 2\n");
  }

  @Test
  void an_unknown_command_is_answered_with_the_nearest() {
    assertThat(run("gret")).isEqualTo(Exit.USAGE);
    assertThat(err())
        .contains("gret is no command, did you mean greet?", "Commands: greet, greet all, check");
    assertThat(out()).isEmpty();
  }

  @Test
  void no_command_shows_what_there_is() {
    assertThat(run()).isEqualTo(Exit.USAGE);
    assertThat(err()).contains("greet all  Greets everyone.");
  }

  @Test
  void help_is_everywhere_and_succeeds() {
    for (String[] asked :
        new String[][] {{"--help"}, {"help"}, {"-h"}, {"greet", "--help"}, {"help", "check"}}) {
      assertThat(run(asked)).isEqualTo(Exit.OK);
    }
    assertThat(out())
        .contains(
            "countersign greet NAME [FLAGS]", "--http-port <number from 0 to 65535>, default 8080");
    assertThat(err()).isEmpty();
  }

  @Test
  void the_version_is_told() {
    assertThat(run("--version")).isEqualTo(Exit.OK);
    assertThat(out()).isEqualTo("countersign 1.2.3\n");
  }

  @Test
  void mistakes_in_flags_operands_environment_and_file_are_reported_together() throws IOException {
    Path file = Files.writeString(folder.resolve("c.conf"), "htp.port = 1");

    assertThat(
            run(
                Map.of("COUNTERSIGN_LOG_LEVEL", "loud"),
                "check",
                "extra",
                "--congif=x",
                "--config",
                file.toString(),
                "--http-port",
                "x"))
        .isEqualTo(Exit.USAGE);
    assertThat(err().lines())
        .containsExactlyInAnyOrder(
            "countersign: --congif is no flag, did you mean --config?",
            "countersign: countersign check takes nothing more besides its flags",
            "countersign: " + file + ":1: htp.port is no setting, did you mean http.port?",
            "countersign: COUNTERSIGN_LOG_LEVEL must be one of: error, warning, info, debug",
            "countersign: --http-port must be a number from 0 to 65535",
            "Help: countersign check --help");
  }

  @Test
  void the_file_may_be_named_by_a_variable() throws IOException {
    Path file = Files.writeString(folder.resolve("c.conf"), "public-url = https://id.example.org");

    assertThat(run(Map.of("COUNTERSIGN_CONFIG", file.toString()), "check")).isEqualTo(Exit.OK);
    assertThat(out()).contains("https://id.example.org");
  }

  @Test
  void contradictions_are_refused_before_the_command_runs() {
    assertThat(run("check", "--tls-key", "k.pem")).isEqualTo(Exit.USAGE);
    assertThat(err()).contains("tls.certificate and tls.key have to be set together");
    assertThat(out()).isEmpty();
  }

  @Test
  void an_option_of_a_command_is_no_setting_of_the_server() {
    assertThat(run(Map.of("COUNTERSIGN_TIMES", "3"), "port", "--times", "2", "--http-port", "7"))
        .isEqualTo(Exit.USAGE);
    assertThat(err()).contains("COUNTERSIGN_TIMES is no setting");
    assertThat(run("port", "--times", "2", "--http-port", "7")).isEqualTo(Exit.OK);
    assertThat(out()).isEqualTo("7 2\n");
  }

  private Exit run(String... arguments) {
    return run(Map.of(), arguments);
  }

  private Exit run(Map<String, String> environment, String... arguments) {
    var terminal = new Terminal(stream(out), stream(err));
    var commands = List.of(new Greet(), new GreetAll(), new CheckConfiguration(), new Port());
    return new CommandLine(commands, environment, terminal, "1.2.3").run(List.of(arguments));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private record Greet() implements Command.Plain {
    @Override
    public String name() {
      return "greet";
    }

    @Override
    public String summary() {
      return "Greets one.";
    }

    @Override
    public List<String> operands() {
      return List.of("NAME");
    }

    @Override
    public Exit run(Call call) {
      call.terminal().say("hello " + call.operands().getFirst());
      return Exit.OK;
    }
  }

  private record GreetAll() implements Command.Plain {
    @Override
    public String name() {
      return "greet all";
    }

    @Override
    public String summary() {
      return "Greets everyone.";
    }

    @Override
    public List<Key<?>> options() {
      return List.of(TIMES);
    }

    @Override
    public Exit run(Call call) {
      call.terminal().say("hello all " + call.settings().get(TIMES));
      return Exit.OK;
    }
  }

  private record Port() implements Command.Configured {
    @Override
    public String name() {
      return "port";
    }

    @Override
    public String summary() {
      return "Tells the port.";
    }

    @Override
    public List<Key<?>> options() {
      return List.of(TIMES);
    }

    @Override
    public Exit run(Call call, Deployment deployment) {
      call.terminal().say(call.settings().get(Keys.HTTP_PORT) + " " + call.settings().get(TIMES));
      return Exit.OK;
    }
  }
}
