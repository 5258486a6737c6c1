package dev.countersign.cli;

import static dev.countersign.cli.OperatorCommand.TENANT;

import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Brings the hardware tokens of a file to a tenant. */
final class TokenImport {
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

  private static final String KEY = "key=";

  static final OperatorCommand COMMAND =
      OperatorCommand.saying(
              "Imports hardware tokens from a PSKC (RFC 6030) or CSV file.",
              (there, sent, answer) ->
                  there.importTokens(
                      sent.at(0),
                      sent.at(1),
                      sent.secret(Sent.CONTENT),
                      sent.secret(KEY),
                      sent.secret(Sent.PASSWORD),
                      answer))
          .of("FILE")
          .notes(
              "A file that ends in .csv is a table with the columns serial, type, seed_hex or seed_base32 and perhaps digits, period, algorithm, counter; any other is PSKC. Delete it afterwards: it holds the seeds.")
          .options(TENANT, KEY_FILE, PASSWORD_FILE)
          .sending(3, Sent.ANY_NUMBER, TokenImport::sent);

  private TokenImport() {}

  private static List<String> sent(Command.Call call) throws IOException {
    var file = call.operand();
    var arguments = new ArrayList<String>();
    arguments.add(call.get(TENANT));
    arguments.add(file.toLowerCase(Locale.ROOT).endsWith(".csv") ? "CSV" : "PSKC");
    arguments.add(Sent.encoded(Sent.CONTENT, Files.readString(Path.of(file))));
    var key = call.get(KEY_FILE);
    if (key.isPresent()) {
      arguments.add(Sent.encodedLine(KEY, key.get()));
    }
    var password = call.get(PASSWORD_FILE);
    if (password.isPresent()) {
      arguments.add(Sent.encodedLine(Sent.PASSWORD, password.get()));
    }
    return arguments;
  }
}
