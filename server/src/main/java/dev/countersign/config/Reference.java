package dev.countersign.config;

import java.util.List;
import java.util.stream.Collectors;

/** Tells people about keys: as help on a terminal and as {@code docs/configuration.md}. */
public final class Reference {
  private Reference() {}

  /** One entry for each key: flag, form and default on the first line, the help below it. */
  public static String help(List<Key<?>> keys) {
    return keys.stream()
        .map(key ->
            "  %s <%s>%s%n      %s%n"
                .formatted(flag(key), key.kind().form(), byDefault(key), key.help()))
        .collect(Collectors.joining());
  }

  /** The page for {@code docs/configuration.md}. */
  public static String page(List<Key<?>> keys) {
    String rows =
        keys.stream()
            .map(key ->
                "| `%s` | `%s` | %s | %s | %s |\n"
                    .formatted(
                        key.name(),
                        key.variable(),
                        key.kind().form(),
                        key.byDefault().isEmpty() ? "" : "`" + key.byDefault() + "`",
                        key.help().replace("<", "&lt;")))
            .collect(Collectors.joining());
    return """
    # Configuration

    This page is made from the declarations in `server/src/main/java/dev/countersign/config/Keys.java`.

    A setting is read from a flag, else from an environment variable, else from the file, else it has its default.
    The file is named by `--config FILE` or `COUNTERSIGN_CONFIG`; it holds lines of `key = value`, and `#` starts a
    comment line. The flag of `http.port` is `--http-port`. Unknown keys are mistakes, and all mistakes are reported
    at once.

    Secrets are never taken from flags. Beside each secret stands a key ending in `-file` (`database.password-file`,
    `COUNTERSIGN_DATABASE_PASSWORD_FILE`, `--database-password-file`) that names a file holding the value.

    | Key | Variable | Value | Default | Meaning |
    |---|---|---|---|---|
    """
        + rows;
  }

  /** Secrets come from files only, never from the command line. */
  private static String flag(Key<?> key) {
    return key.kind().secret() ? key.flag() + Key.FILE : key.flag();
  }

  private static String byDefault(Key<?> key) {
    return key.byDefault().isEmpty() ? "" : ", default " + key.byDefault();
  }
}
