package dev.countersign.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.config.Configuration.Sources;
import dev.countersign.kernel.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  @TempDir Path folder;

  @Test
  void nothing_set_means_the_defaults() {
    Settings settings = settings(Map.of(), Map.of(), "");

    assertThat(settings.get(Keys.HTTP_PORT)).isEqualTo(8080);
    assertThat(settings.get(Keys.HTTP_BIND)).isEqualTo("127.0.0.1");
    assertThat(settings.get(Keys.HTTPS_PORT)).isEmpty();
    assertThat(settings.get(Keys.TRUSTED_PROXIES)).isEmpty();
    assertThat(settings.get(Keys.IDLE_TIMEOUT)).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.get(Keys.REQUEST_BODY)).isEqualTo(1L << 20);
    assertThat(settings.get(Keys.DATABASE_PASSWORD)).isEmpty();
  }

  @Test
  void a_flag_wins_over_a_variable_and_a_variable_over_the_file() {
    String file =
        """
        # the file
        http.port = 1
        http.bind = 10.0.0.1
        mail.from = file@example.org
        """;
    var environment =
        Map.of("COUNTERSIGN_HTTP_PORT", "2", "COUNTERSIGN_HTTP_BIND", "10.0.0.2", "PATH", "/bin");
    Settings settings = settings(Map.of("http.port", "3"), environment, file);

    assertThat(settings.get(Keys.HTTP_PORT)).isEqualTo(3);
    assertThat(settings.get(Keys.HTTP_BIND)).isEqualTo("10.0.0.2");
    assertThat(settings.get(Keys.MAIL_FROM)).isEqualTo("file@example.org");
  }

  @Test
  void all_mistakes_are_reported_at_once_and_name_the_nearest_key() {
    String file =
        """
        htpp.port = 8080
        limits.idle-timeout = 15
        no equals sign
        log.level = info
        log.level = debug
        trusted-proxies = 10.0.0.0/8, 10.0.0.1/8
        """;
    var environment = Map.of("COUNTERSIGN_PUBLIK_URL", "x", "COUNTERSIGN_HTTP_PORT", "70000");

    assertThat(mistakes(Map.of("public-url", "ftp://x"), environment, file))
        .extracting(mistake -> mistake.toString().replace(folder + "/", ""))
        .containsExactlyInAnyOrder(
            "countersign.conf:1: htpp.port is no setting, did you mean http.port?",
            "countersign.conf:2: limits.idle-timeout must be a time from 1s to 10m, with its unit, such as 30s",
            "countersign.conf:3 is not of the form key = value",
            "countersign.conf:5: log.level is set a second time",
            "countersign.conf:6: trusted-proxies entry 2 must be a network such as 10.0.0.0/8 or 2001:db8::/32, without"
                + " host bits",
            "COUNTERSIGN_PUBLIK_URL is no setting, did you mean COUNTERSIGN_PUBLIC_URL?",
            "COUNTERSIGN_HTTP_PORT must be a number from 0 to 65535",
            "--public-url must be http:// or https:// and a host, without a path, in lower case");
  }

  @Test
  void a_mistake_never_repeats_a_value() {
    var environment =
        Map.of("COUNTERSIGN_HTTP_PORT", "hunter2", "COUNTERSIGN_DATABASE_PASWORD", "hunter2");

    assertThat(
            mistakes(Map.of("log.level", "hunter2"), environment, "mail.smtp.tls = hunter2")
                .toString())
        .doesNotContain("hunter2");
  }

  @Test
  void a_secret_is_read_from_the_file_that_is_named_and_loses_its_line_end() throws IOException {
    Path file = Files.writeString(folder.resolve("password"), "sesame \n\n");
    Settings settings =
        settings(Map.of(), Map.of("COUNTERSIGN_DATABASE_PASSWORD_FILE", file.toString()), "");

    assertThat(settings.get(Keys.DATABASE_PASSWORD)).contains(Secret.of("sesame"));
    assertThat(settings.get(Keys.DATABASE_PASSWORD).toString()).doesNotContain("sesame");
  }

  @Test
  void a_secret_file_in_a_stronger_source_replaces_the_secret_in_a_weaker_one() throws IOException {
    Path file = Files.writeString(folder.resolve("password"), "strong");
    Settings settings =
        settings(
            Map.of("database.password-file", file.toString()),
            Map.of(),
            "database.password = weak");

    assertThat(settings.get(Keys.DATABASE_PASSWORD)).contains(Secret.of("strong"));
  }

  @Test
  void a_secret_and_its_file_in_the_same_source_contradict_one_another() {
    assertThat(mistakes(Map.of(), Map.of(), "database.password = a\ndatabase.password-file = b"))
        .extracting(Mistake::what)
        .contains("and database.password are both set");
  }

  @Test
  void a_file_that_is_missing_or_no_text_is_a_mistake() throws IOException {
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    var missing = new Sources(Map.of(), Map.of(), Optional.of(folder.resolve("missing")));
    var unreadable =
        new Sources(
            Map.of("database.password-file", "/does/not/exist"), Map.of(), Optional.of(binary));

    assertThat(read(missing)).hasSize(1);
    assertThat(read(unreadable))
        .extracting(Mistake::what)
        .containsExactly("is not UTF-8 text", "names a file that cannot be read");
  }

  @Test
  void the_script_s_own_variables_are_passed_over() {
    assertThat(mistakes(Map.of(), Map.of("COUNTERSIGN_HEAP", "1g", "COUNTERSIGN_CONFIG", "x"), ""))
        .isEmpty();
  }

  @Test
  void a_key_that_was_not_read_is_a_fault_of_ours() {
    Settings settings = Settings.with(Map.of());
    assertThatThrownBy(() -> settings.get(new Key<>("other", Kind.port(), "1", "x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_follows_from_several_settings_is_derived_once() {
    Deployment plain = sound(Map.of("data", "/srv/data", "http.port", "9000"));
    assertThat(plain.publicUrl()).isEqualTo(URI.create("http://localhost:9000"));
    assertThat(plain.tls()).isEqualTo(new Deployment.Tls.Off());
    assertThat(plain.databaseUrl()).isEqualTo("jdbc:sqlite:/srv/data/countersign.db");
    assertThat(plain.keysFile()).isEqualTo(Path.of("/srv/data/root.keys"));

    Deployment real =
        sound(
            Map.of(
                "https.port", "443",
                "tls.certificate", "c.pem",
                "tls.key", "k.pem",
                "public-url", "https://id.example.org/",
                "database.url", "jdbc:postgresql://db/countersign"));
    assertThat(real.publicUrl()).isEqualTo(URI.create("https://id.example.org"));
    assertThat(real.tls()).isEqualTo(new Deployment.Tls.Files(Path.of("c.pem"), Path.of("k.pem")));
    assertThat(real.embedded()).isFalse();
    assertThat(sound(Map.of("https.port", "0")).tls())
        .isInstanceOf(Deployment.Tls.Development.class);
  }

  @Test
  void settings_that_contradict_one_another_are_refused_together() {
    Settings settings =
        Settings.with(
            Map.of("tls.certificate", "c.pem", "database.url", "jdbc:mysql://x/y?password=z"));

    assertThat(Deployment.of(settings))
        .isInstanceOfSatisfying(
            Deployment.Contradictory.class, refused -> assertThat(refused.mistakes()).hasSize(4));
  }

  @Test
  void a_network_contains_its_addresses_and_no_others() {
    Cidr ten = Cidr.parse("10.0.0.0/8").orElseThrow();
    assertThat(ten.contains(InetAddress.ofLiteral("10.255.0.1"))).isTrue();
    assertThat(ten.contains(InetAddress.ofLiteral("11.0.0.1"))).isFalse();
    assertThat(ten.contains(InetAddress.ofLiteral("::1"))).isFalse();
    assertThat(
            Cidr.parse("2001:db8::/33")
                .orElseThrow()
                .contains(InetAddress.ofLiteral("2001:db8:7fff::1")))
        .isTrue();
    assertThat(Cidr.parse("::1").orElseThrow().contains(InetAddress.ofLiteral("::1"))).isTrue();
    assertThat(
            List.of("10.0.0.0/33", "10.0.0/8", "example.org", "10.0.0.0/", "10.0.0.1/8", "", "/8"))
        .allSatisfy(text -> assertThat(Cidr.parse(text)).isEmpty());
  }

  @Test
  void the_nearest_word_is_found_only_for_likely_slips() {
    var known = List.of("serve", "backup", "restore");
    assertThat(Nearest.to("sevre", known)).contains("serve");
    assertThat(Nearest.to("bakup", known)).contains("backup");
    assertThat(Nearest.to("frobnicate", known)).isEmpty();
  }

  private Settings settings(
      Map<String, String> flags, Map<String, String> environment, String file) {
    return switch (new Configuration(Keys.ALL).read(sources(flags, environment, file))) {
      case Configuration.Ready(Settings settings) -> settings;
      case Configuration.Refused(var mistakes) -> throw new AssertionError(mistakes.toString());
    };
  }

  private List<Mistake> mistakes(
      Map<String, String> flags, Map<String, String> environment, String file) {
    return read(sources(flags, environment, file));
  }

  private static List<Mistake> read(Sources sources) {
    return switch (new Configuration(Keys.ALL).read(sources)) {
      case Configuration.Ready _ -> List.of();
      case Configuration.Refused(var mistakes) -> mistakes;
    };
  }

  private Sources sources(Map<String, String> flags, Map<String, String> environment, String file) {
    try {
      return new Sources(
          flags,
          environment,
          Optional.of(Files.writeString(folder.resolve("countersign.conf"), file)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Deployment sound(Map<String, String> values) {
    return switch (Deployment.of(Settings.with(values))) {
      case Deployment.Sound(Deployment deployment) -> deployment;
      case Deployment.Contradictory(var mistakes) -> throw new AssertionError(mistakes.toString());
    };
  }
}
