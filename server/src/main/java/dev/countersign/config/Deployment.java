package dev.countersign.config;

import dev.countersign.kernel.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What follows from several settings together.
 *
 * @param publicUrl where browsers find the default tenant
 * @param tls where the certificate for HTTPS comes from
 * @param databaseUrl JDBC URL, embedded or not
 * @param databaseUser user of the database; the embedded one is protected by its file's permissions alone
 * @param databasePassword empty where there is none
 * @param embedded whether the database lies in the data folder
 * @param data the data folder, absolute
 * @param keysFile the root key ring
 */
public record Deployment(
    URI publicUrl,
    Tls tls,
    String databaseUrl,
    String databaseUser,
    Secret databasePassword,
    boolean embedded,
    Path data,
    Path keysFile) {

  /** Where the certificate for HTTPS comes from. */
  public sealed interface Tls {
    /** There is no HTTPS. */
    record Off() implements Tls {}

    /** An authority of this server's own, in {@code folder}, that nobody trusts until told to. */
    record Development(Path folder) implements Tls {}

    /** PEM files from the operator. */
    record Files(Path certificate, Path key) implements Tls {}
  }

  /** What came of looking at the settings together. */
  public sealed interface Outcome {}

  /** They go together. */
  public record Sound(Deployment deployment) implements Outcome {}

  /** They contradict one another; the server must not start. */
  public record Contradictory(List<Mistake> mistakes) implements Outcome {}

  public static Outcome of(Settings settings) {
    List<Mistake> mistakes = new ArrayList<>();
    Optional<Path> certificate = settings.get(Keys.TLS_CERTIFICATE);
    Optional<Path> key = settings.get(Keys.TLS_KEY);
    if (certificate.isPresent() != key.isPresent()) {
      mistakes.add(new Mistake("tls.certificate", "and tls.key have to be set together"));
    }
    if (certificate.isPresent() && settings.get(Keys.HTTPS_PORT).isEmpty()) {
      mistakes.add(new Mistake("tls.certificate", "is set but https.port is not"));
    }
    Optional<String> url = settings.get(Keys.DATABASE_URL);
    if (url.isPresent() && !url.get().startsWith("jdbc:postgresql:")) {
      mistakes.add(new Mistake("database.url", "must start with jdbc:postgresql:, or be empty"));
    }
    if (url.isPresent() && url.get().matches("(?i).*[?&](password|sslpassword)=.*")) {
      mistakes.add(
          new Mistake("database.url", "must not hold a password, use database.password-file"));
    }
    if (url.isEmpty() && settings.get(Keys.DATABASE_USER).isPresent()) {
      mistakes.add(new Mistake("database.user", "is set but database.url is not"));
    }
    if (url.isEmpty() && settings.get(Keys.DATABASE_PASSWORD).isPresent()) {
      mistakes.add(new Mistake("database.password", "is set but database.url is not"));
    }
    if (!mistakes.isEmpty()) {
      return new Contradictory(List.copyOf(mistakes));
    }
    Path data = settings.get(Keys.DATA).toAbsolutePath().normalize();
    return new Sound(
        new Deployment(
            settings
                .get(Keys.PUBLIC_URL)
                .orElseGet(() -> URI.create("http://localhost:" + settings.get(Keys.HTTP_PORT))),
            tls(settings, data),
            url.orElseGet(() -> embedded(data)),
            settings.get(Keys.DATABASE_USER).orElse(url.isEmpty() ? "countersign" : ""),
            settings.get(Keys.DATABASE_PASSWORD).orElse(Secret.of("")),
            url.isEmpty(),
            data,
            settings.get(Keys.KEYS_FILE).orElse(data.resolve("root.keys"))));
  }

  private static Tls tls(Settings settings, Path data) {
    if (settings.get(Keys.HTTPS_PORT).isEmpty()) {
      return new Tls.Off();
    }
    Optional<Path> certificate = settings.get(Keys.TLS_CERTIFICATE);
    Optional<Path> key = settings.get(Keys.TLS_KEY);
    return certificate.isPresent() && key.isPresent()
        ? new Tls.Files(certificate.get(), key.get())
        : new Tls.Development(data);
  }

  private static String embedded(Path data) {
    return "jdbc:sqlite:" + data.resolve("countersign.db");
  }
}
