package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.kernel.Secret;
import dev.countersign.operator.Product;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Brings the hardware tokens of a file to a tenant. */
public final class ImportTokens implements Command.Configured {
  static final String NAME = "token import";
  static final String CONTENT = "content=";
  static final String KEY = "key=";
  static final String PASSWORD = "password=";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");
  private static final Key<Optional<Path>> KEY_FILE =
      new Key<>(
          "key-file",
          Kind.path().optional(),
          "",
          "File with the key that encrypts a PSKC file, in hexadecimal digits.");
  private static final Key<Optional<Path>> PASSWORD_FILE =
      new Key<>(
          "password-file",
          Kind.path().optional(),
          "",
          "File with the password that encrypts a PSKC file.");

  private final Product.Launcher launcher;

  public ImportTokens(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Imports hardware tokens from a PSKC (RFC 6030) or CSV file.";
  }

  @Override
  public List<String> operands() {
    return List.of("FILE");
  }

  @Override
  public String notes() {
    return "A file that ends in .csv is a table with the columns serial, type, seed_hex or seed_base32 and perhaps digits, period, algorithm, counter; any other is PSKC. Delete it afterwards: it holds the seeds.";
  }

  @Override
  public List<Key<?>> options() {
    return List.of(TENANT, KEY_FILE, PASSWORD_FILE);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    String file = call.operands().getFirst();
    try {
      var arguments = new ArrayList<String>();
      arguments.add(NAME);
      arguments.add(call.settings().get(TENANT));
      arguments.add(file.toLowerCase(Locale.ROOT).endsWith(".csv") ? "CSV" : "PSKC");
      arguments.add(CONTENT + encoded(Files.readString(Path.of(file))));
      for (var each : List.of(Map.entry(KEY, KEY_FILE), Map.entry(PASSWORD, PASSWORD_FILE))) {
        var other = call.settings().get(each.getValue());
        if (other.isPresent()) {
          arguments.add(
              each.getKey() + encoded(Files.readString(other.get()).replaceAll("[\\r\\n]+$", "")));
        }
      }
      return Asking.either(launcher, call, deployment, List.copyOf(arguments));
    } catch (CharacterCodingException e) {
      call.terminal().tell("countersign: a file is not UTF-8");
    } catch (IOException | InvalidPathException e) {
      call.terminal().tell("countersign: a file cannot be read: " + e.getMessage());
    }
    return Exit.FAILED;
  }

  /** Arguments are lines, so what may hold several of them is encoded. */
  static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The argument of that name; an empty one when it was not given. */
  static Secret argument(String name, List<String> arguments) {
    return arguments.stream()
        .filter(argument -> argument.startsWith(name))
        .map(argument -> argument.substring(name.length()))
        .map(
            text -> Secret.of(new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8)))
        .findFirst()
        .orElse(Secret.of(""));
  }
}
