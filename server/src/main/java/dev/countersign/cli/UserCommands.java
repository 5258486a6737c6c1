package dev.countersign.cli;

import static dev.countersign.cli.OperatorCommand.TENANT;

import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The people of a tenant. */
final class UserCommands {
  private static final Key<Optional<String>> EMAIL =
      new Key<>("email", Kind.text().optional(), "", "Their email address.");
  private static final Key<Optional<String>> USERNAME =
      new Key<>("username", Kind.text().optional(), "", "A name to sign in by.");
  private static final Key<Optional<Path>> PASSWORD_FILE =
      new Key<>(
          "password-file",
          Kind.path().optional(),
          "",
          "File with their password; without one they choose it by 'Forgot password'.");
  private static final Key<Integer> MOST =
      new Key<>("most", Kind.number(1, Integer.MAX_VALUE), "100", "How many people at most.");
  private static final Key<Optional<String>> NUMBER =
      new Key<>(
          "number",
          Kind.text().optional(),
          "",
          "The six digits that they read out from their page.");
  private static final Key<Duration> LASTS =
      new Key<>(
          "lasts",
          Kind.duration(Duration.ofMinutes(1), Duration.ofDays(1)),
          "1h",
          "How long the code can be used.");

  private static final String BY_EMAIL = "email=";
  private static final String BY_USERNAME = "username=";

  static final OperatorCommand CREATE =
      OperatorCommand.saying(
              "Adds a person to a tenant and prints their id.",
              (there, sent, answer) ->
                  there.createUser(
                      sent.at(0),
                      sent.all(BY_EMAIL).getFirst(),
                      sent.all(BY_USERNAME).getFirst(),
                      sent.secret(Sent.PASSWORD),
                      answer))
          .options(TENANT, EMAIL, USERNAME, PASSWORD_FILE)
          .sending(3, Sent.ANY_NUMBER, UserCommands::created);

  static final OperatorCommand LIST =
      OperatorCommand.saying(
              "Prints the people of a tenant, oldest first, one JSON object a line.",
              (there, sent, answer) -> there.listUsers(sent.at(0), sent.number(1), answer))
          .options(TENANT, MOST)
          .sending(2, call -> List.of(call.get(TENANT), call.get(MOST).toString()));

  static final OperatorCommand DELETE =
      OperatorCommand.saying(
              "Takes a person off a tenant, with all that is theirs.",
              (there, sent, answer) -> there.deleteUser(sent.at(0), sent.at(1), answer))
          .of("USER")
          .notes("USER is an id such as auth0|..., an email address or a user name.")
          .options(TENANT)
          .sending(2, call -> List.of(call.get(TENANT), call.operand()));

  static final OperatorCommand ACCESS_CODE =
      OperatorCommand.saying(
              "Issues a code by which somebody who lost every factor sets up a new one.",
              (there, sent, answer) ->
                  there.issueAccessCode(sent.at(0), sent.at(1), sent.at(2), sent.number(3), answer))
          .of("USER")
          .notes(
              "USER is an id such as auth0|..., an email address or a user name. They sign in with their password, choose"
                  + " 'Lost your methods?' and 'Ask for help', and read out the number there. Say the words that this prints before"
                  + " the code: they compare them with their page.")
          .options(TENANT, NUMBER, LASTS)
          .sending(
              4,
              call ->
                  List.of(
                      call.get(TENANT),
                      call.operand(),
                      call.get(NUMBER).orElse(""),
                      String.valueOf(call.get(LASTS).toSeconds())));

  static final OperatorCommand EXPORT =
      OperatorCommand.saying(
              "Prints everybody of a tenant, one JSON object a line, without hashes, seeds and whole numbers.",
              (there, sent, answer) -> there.listUsers(sent.at(0), Integer.MAX_VALUE, answer))
          .options(TENANT)
          .sending(1, call -> List.of(call.get(TENANT)));

  private UserCommands() {}

  private static List<String> created(Command.Call call) throws IOException {
    var arguments =
        new ArrayList<>(
            List.of(
                call.get(TENANT),
                BY_EMAIL + call.get(EMAIL).orElse(""),
                BY_USERNAME + call.get(USERNAME).orElse("")));
    var password = call.get(PASSWORD_FILE);
    if (password.isPresent()) {
      arguments.add(Sent.encodedLine(Sent.PASSWORD, password.get()));
    }
    return arguments;
  }
}
