package dev.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.config.Deployment;
import dev.countersign.config.Settings;
import dev.countersign.kernel.Secret;
import dev.countersign.metrics.ServerMeters;
import dev.countersign.operator.Operations;
import dev.countersign.operator.Product;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator types is what the product is asked for. */
class OperatorCommandsTest {
  private final List<String> asked = new ArrayList<>();
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();

  @TempDir private Path folder;

  /** Does nothing, and writes down what it was asked for. */
  private final class Listening implements Product.Launcher {
    @Override
    public Operations open(Settings settings, Deployment deployment) {
      return (Operations)
          Proxy.newProxyInstance(
              Operations.class.getClassLoader(),
              new Class<?>[] {Operations.class},
              (_, method, arguments) -> {
                if (method.getName().equals("close")) {
                  return null;
                }
                asked.add(
                    Arrays.stream(arguments, 0, arguments.length - 1)
                        .map(it -> it instanceof Secret secret ? secret.reveal() : it.toString())
                        .collect(Collectors.joining(", ", method.getName() + "(", ")")));
                return true;
              });
    }

    @Override
    public Product start(
        Settings settings,
        Deployment deployment,
        Supplier<Optional<SSLContext>> tls,
        ServerMeters meters) {
      throw new AssertionError("nothing is started");
    }
  }

  private Exit types(String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--data", folder.resolve("data").toString()));
    var out = new PrintStream(told, true, StandardCharsets.UTF_8);
    return new CommandLine(OperatorWords.by(new Listening()), Map.of(), new Terminal(out, out), "1")
        .run(all);
  }

  private String file(String content) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "some", ".json"), content).toString();
  }

  private void asks(String expected, String... words) {
    asked.clear();
    assertThat(types(words)).as(told.toString(StandardCharsets.UTF_8)).isEqualTo(Exit.OK);
    assertThat(asked).containsExactly(expected);
  }

  @Test
  void a_command_asks_for_what_was_typed() throws IOException {
    asks("createTenant(acme, acme, false)", "tenant", "create", "acme");
    asks(
        "createTenant(acme, Acme, Inc, true)",
        "tenant",
        "create",
        "acme",
        "--display-name",
        "Acme, Inc",
        "--sandbox");
    asks("createTenant(sandbox, sandbox, false)", "tenant", "create", "sandbox");
    asks(
        "allowLogoutUrls(acme, [https://a, https://b])",
        "tenant",
        "change",
        "acme",
        "--logout-urls",
        "https://a,https://b");
    asks("listTenants()", "tenant", "list");
    asks("deleteTenant(acme, acme)", "tenant", "delete", "acme", "--confirm", "acme");
    asks("deleteTenant(acme, )", "tenant", "delete", "acme");
    asks("rotateSigningKeys(acme)", "keys", "rotate", "--tenant", "acme");
    asks(
        "createClient(default, Bank, SPA, [https://a], [https://c], Optional[https://d])",
        "client",
        "create",
        "Bank",
        "--type",
        "spa",
        "--callbacks",
        "https://a",
        "--logout-urls",
        "https://c",
        "--start-url",
        "https://d");
    asks("listClients(default)", "client", "list");
    asks("deleteClient(default, abc)", "client", "delete", "abc");
    asks("audit(default, Optional.empty, 100)", "audit");
    asks("audit(default, Optional[usr_1], 3)", "audit", "--user", "usr_1", "--last", "3");
    asks("refusals(default, 2)", "audit", "refusals", "--hours", "2");
    asks("explain(default, sgn_1)", "explain", "sgn_1");

    var password = file("correct horse\r\n");
    asks(
        "createUser(default, ana@a.example, , correct horse)",
        "user",
        "create",
        "--email",
        "ana@a.example",
        "--password-file",
        password);
    asks("createUser(default, , ana, )", "user", "create", "--username", "ana");
    asks("listUsers(default, 7)", "user", "list", "--most", "7");
    asks("listUsers(default, " + Integer.MAX_VALUE + ")", "user", "export");
    asks("deleteUser(default, ana)", "user", "delete", "ana");
    asks(
        "issueAccessCode(default, ana, 123456, 7200)",
        "user",
        "access-code",
        "ana",
        "--number",
        "123456",
        "--lasts",
        "2h");
    asks(
        "importUsers(default, true, [{\"a\":1},{\"b\":2}])",
        "user",
        "import",
        file("{\"a\":1}\n{\"b\":2}\n"),
        "--upsert");
    asks(
        "importTokens(default, PSKC, <x/>, 12ab, correct horse)",
        "token",
        "import",
        file("<x/>"),
        "--key-file",
        file("12ab\n"),
        "--password-file",
        password);

    asks("exportPolicy(default)", "policy", "export");
    asks("policySchema()", "policy", "schema");
    asks("importPolicy(default, {})", "policy", "import", file("{}"));
    asks("testPolicy(default, , [])", "policy", "test", file("[]"));
    asks("testPolicy(default, {}, [])", "policy", "test", file("[]"), "--draft", file("{}"));
    asks("replayPolicy(default, , 30)", "policy", "replay");
  }

  @Test
  void a_file_that_cannot_be_used_is_told_and_nothing_is_asked() throws IOException {
    var binary = folder.resolve("binary");
    Files.write(binary, new byte[] {(byte) 0xe4, (byte) 0xff});
    var nowhere = folder.resolve("nowhere").toString();

    for (var words :
        List.of(
            List.of("policy", "import", nowhere),
            List.of("policy", "test", nowhere),
            List.of("user", "import", nowhere),
            List.of("user", "create", "--password-file", nowhere),
            List.of("token", "import", nowhere))) {
      assertThat(types(words.toArray(String[]::new))).isEqualTo(Exit.FAILED);
    }
    assertThat(told.toString(StandardCharsets.UTF_8).lines())
        .hasSize(5)
        .allMatch(line -> line.equals("countersign: the file cannot be read: " + nowhere));
    told.reset();
    assertThat(types("token", "import", binary.toString())).isEqualTo(Exit.FAILED);
    assertThat(types("user", "import", file("serial,type\n"))).isEqualTo(Exit.FAILED);
    assertThat(told.toString(StandardCharsets.UTF_8))
        .contains("countersign: a file is not UTF-8", "countersign: the file is not JSON");

    assertThat(asked).isEmpty();
  }
}
