package dev.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.config.Deployment;
import dev.countersign.config.Settings;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Secret;
import dev.countersign.metrics.ServerMeters;
import dev.countersign.operator.Answer;
import dev.countersign.operator.Health;
import dev.countersign.operator.Operations;
import dev.countersign.operator.Product;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.logging.LogManager;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeTest {
  private static final Entropy ENTROPY =
      count -> {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) 7);
        return bytes;
      };

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<String> happened = Collections.synchronizedList(new ArrayList<>());
  private final Lifetime lifetime = new Lifetime();
  private final CountDownLatch ready = new CountDownLatch(1);
  private Optional<RuntimeException> hindrance = Optional.empty();

  @AfterEach
  void give_the_log_back() throws IOException {
    LogManager.getLogManager().readConfiguration();
  }

  @Test
  void a_server_serves_until_it_is_told_to_end_and_closes_what_it_opened() throws Exception {
    Thread server = serve();

    assertThat(get("/health/ready")).isEqualTo(200);
    assertThat(get("/metrics")).isEqualTo(200);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
        .isEqualTo("rwx------");
    lifetime.end();
    server.join();

    assertThat(happened)
        .containsExactly("start", "drain while /health/ready answers 503", "close", "exit OK");
    assertThat(data().resolve("control.sock")).doesNotExist();
    assertThat(err()).contains("ready on http://localhost:1", "stopping");
    assertThat(out.size()).isZero();
  }

  @Test
  void commands_reach_the_running_server_and_are_done_here_when_none_runs() throws Exception {
    Thread server = serve();
    assertThat(run("audit", "--tenant", "acme", "--user", "u1", "--last", "5")).isEqualTo(Exit.OK);
    assertThat(run("audit", "refusals", "--tenant", "acme", "--hours", "2")).isEqualTo(Exit.OK);
    assertThat(run("keys", "rotate", "--tenant", "nobody")).isEqualTo(Exit.FAILED);
    assertThat(happened).containsExactly("start", "audit acme Optional[u1] 5", "rotate nobody");
    assertThat(out()).isEqualTo("{\"event\":1}\nacme 2\n");
    assertThat(err()).contains("countersign: there is no tenant nobody");
    lifetime.end();
    server.join();

    assertThat(run("audit")).isEqualTo(Exit.OK);
    assertThat(happened).endsWith("open", "audit default Optional.empty 100", "close operations");
  }

  @Test
  void https_begins_with_a_development_certificate_for_all_tenants_hosts() throws Exception {
    Thread server = serve("--https-port", "0", "--tenant-domain-suffix", "sso.test");
    lifetime.end();
    server.join();

    assertThat(happened).contains("start with TLS");
    try (var in = Files.newInputStream(data().resolve("server.pem"))) {
      var certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      assertThat(certificate.getSubjectAlternativeNames())
          .extracting(name -> String.valueOf(name.get(1)))
          .contains("localhost", "*.sso.test", "sso.test");
    }
  }

  @Test
  void FAULT_08_what_keeps_a_server_from_starting_is_told_in_one_line() {
    hindrance =
        Optional.of(
            new IllegalStateException(
                "the keys do not fit", new IOException("key k1 is missing\nmore")));

    assertThat(run("serve", "--operator-port", "0")).isEqualTo(Exit.FAILED);
    assertThat(err())
        .isEqualTo("countersign: cannot start: the keys do not fit (key k1 is missing)\n");
  }

  @Test
  void FAULT_08_a_data_folder_that_cannot_be_made_is_told_in_one_line() throws IOException {
    Files.writeString(folder.resolve("file"), "");

    assertThat(run("serve", "--data", folder.resolve("file").resolve("data").toString()))
        .isEqualTo(Exit.FAILED);
    assertThat(err()).hasLineCount(1).contains("cannot start: the data folder");
    assertThat(happened).isEmpty();
  }

  @Test
  void a_server_that_runs_closes_when_a_later_part_cannot_start() throws Exception {
    Thread first = serve();
    String taken = operatorPort();

    assertThat(run("serve", "--data", folder.resolve("other").toString(), "--operator-port", taken))
        .isEqualTo(Exit.FAILED);
    assertThat(err()).contains("cannot start: the operator port cannot listen on");
    assertThat(happened).containsExactly("start", "start", "close");
    lifetime.end();
    first.join();
  }

  /** Starts a server on a thread of its own and returns once it is ready. */
  private Thread serve(String... flags) throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("serve", "--operator-port", "0"));
    arguments.addAll(List.of(flags));
    Thread server =
        Thread.ofVirtual()
            .start(() -> happened.add("exit " + run(arguments.toArray(String[]::new))));
    ready.await();
    while (!err().contains("ready on")) {
      Thread.onSpinWait();
    }
    return server;
  }

  private Exit run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.contains("--data")) {
      all.addAll(List.of("--data", data().toString()));
    }
    var launcher = new FakeLauncher();
    List<Command> commands = new ArrayList<>(OperatorWords.by(launcher));
    commands.add(new Serve(launcher, () -> lifetime, Instant::now, ENTROPY));
    var terminal =
        new Terminal(
            new PrintStream(out, true), new PrintStream(err, true, StandardCharsets.UTF_8));
    return new CommandLine(commands, Map.of(), terminal, "1").run(all);
  }

  private Path data() {
    return folder.resolve("data");
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String operatorPort() {
    var port = Pattern.compile("health and metrics on http://127.0.0.1:(\\d+)").matcher(err());
    assertThat(port.find()).isTrue();
    return port.group(1);
  }

  private int get(String path) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + operatorPort() + path);
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }

  private final class FakeLauncher implements Product.Launcher {
    @Override
    public Operations open(Settings settings, Deployment deployment) {
      happened.add("open");
      return new FakeOperations();
    }

    @Override
    public Product start(
        Settings settings,
        Deployment deployment,
        Supplier<Optional<SSLContext>> tls,
        ServerMeters meters) {
      hindrance.ifPresent(e -> {
        throw e;
      });
      happened.add(tls.get().isPresent() ? "start with TLS" : "start");
      ready.countDown();
      return new FakeProduct();
    }
  }

  private final class FakeProduct implements Product {
    @Override
    public List<Health.Check> checks() {
      return List.of(new Health.Check("database", () -> true));
    }

    @Override
    public Collection<String> hosts() {
      return List.of("acme.sso.test");
    }

    @Override
    public void drain() {
      try {
        happened.add("drain while /health/ready answers " + get("/health/ready"));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public List<String> addresses() {
      return List.of("http://localhost:1");
    }

    @Override
    public Operations operations() {
      return new FakeOperations();
    }

    @Override
    public void close() {
      happened.add("close");
    }
  }

  private final class FakeOperations implements Operations {
    @Override
    public boolean importTokens(
        String tenant, String format, Secret content, Secret key, Secret password, Answer answer) {
      answer.say(
          tenant + " " + format + " " + content.reveal() + " " + key.reveal() + password.reveal());
      return true;
    }

    @Override
    public boolean refusals(String tenant, int hours, Answer answer) {
      answer.say(tenant + " " + hours);
      return true;
    }

    @Override
    public boolean listTenants(Answer answer) {
      answer.say("acme");
      return true;
    }

    @Override
    public boolean listClients(String tenant, Answer answer) {
      answer.say(tenant);
      return true;
    }

    @Override
    public boolean deleteTenant(String tenant, String confirmed, Answer answer) {
      answer.say(tenant + " " + confirmed);
      return true;
    }

    @Override
    public boolean deleteClient(String tenant, String clientId, Answer answer) {
      answer.say(tenant + " " + clientId);
      return true;
    }

    @Override
    public boolean createUser(
        String tenant, String email, String username, Secret password, Answer answer) {
      answer.say(String.join(" ", tenant, email, username, password.reveal()));
      return true;
    }

    @Override
    public boolean deleteUser(String tenant, String name, Answer answer) {
      answer.say(tenant + " " + name);
      return true;
    }

    @Override
    public boolean issueAccessCode(
        String tenant, String name, String number, long seconds, Answer answer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean listUsers(String tenant, int most, Answer answer) {
      answer.say(tenant + " " + most);
      return true;
    }

    @Override
    public boolean exportPolicy(String tenant, Answer answer) {
      throw new AssertionError();
    }

    @Override
    public boolean policySchema(Answer answer) {
      throw new AssertionError();
    }

    @Override
    public boolean importPolicy(String tenant, Secret policy, Answer answer) {
      throw new AssertionError();
    }

    @Override
    public boolean testPolicy(String tenant, Secret draft, Secret cases, Answer answer) {
      throw new AssertionError();
    }

    @Override
    public boolean replayPolicy(String tenant, Secret draft, int days, Answer answer) {
      throw new AssertionError();
    }

    @Override
    public boolean explain(String tenant, String signIn, Answer answer) {
      throw new AssertionError();
    }

    @Override
    public boolean importUsers(String tenant, boolean upsert, Secret people, Answer answer) {
      answer.say("{\"inserted\":" + people.reveal().split("email", -1).length + "}");
      return true;
    }

    @Override
    public boolean createTenant(String tenant, String displayName, boolean sandbox, Answer answer) {
      answer.say(tenant + " is " + displayName);
      return true;
    }

    @Override
    public boolean allowLogoutUrls(String tenant, List<String> urls, Answer answer) {
      answer.say(tenant + " " + urls);
      return true;
    }

    @Override
    public boolean createClient(
        String tenant,
        String name,
        String type,
        List<String> callbacks,
        List<String> logoutUrls,
        Optional<String> startUrl,
        Answer answer) {
      answer.say(String.join(" ", tenant, name, type, callbacks.toString(), logoutUrls.toString()));
      return true;
    }

    @Override
    public boolean audit(String tenant, Optional<String> user, int most, Answer answer) {
      happened.add("audit " + tenant + " " + user + " " + most);
      answer.say("{\"event\":1}");
      return true;
    }

    @Override
    public boolean rotateSigningKeys(String tenant, Answer answer) {
      happened.add("rotate " + tenant);
      answer.tell("countersign: there is no tenant " + tenant);
      return false;
    }

    @Override
    public void close() {
      happened.add("close operations");
    }
  }
}
