package dev.countersign.cli;

import static dev.countersign.cli.OperatorCommand.TENANT;

import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A tenant's applications. */
final class ClientCommands {
  /** The sorts of programs. */
  enum Type {
    REGULAR_WEB,
    SPA,
    NATIVE,
    MANAGEMENT
  }

  private static final Key<Type> TYPE =
      new Key<>(
          "type",
          Kind.oneOf(Type.class),
          "regular-web",
          "What sort of program it is; management calls the management API with all scopes.");
  private static final Key<List<String>> CALLBACKS =
      new Key<>(
          "callbacks",
          Kind.text().list(),
          "",
          "Where people may be sent after signing in, exactly.");
  private static final Key<List<String>> LOGOUT_URLS =
      new Key<>(
          "logout-urls",
          Kind.text().list(),
          "",
          "Where people may be sent after signing out, exactly.");
  private static final Key<Optional<String>> START_URL =
      new Key<>(
          "start-url",
          Kind.text().optional(),
          "",
          "Where people who are signed in already go on: its page that begins a sign-in, or its home.");

  private static final String CALLBACK = "callback=";
  private static final String LOGOUT = "logout=";
  private static final String START = "start=";

  static final OperatorCommand CREATE =
      OperatorCommand.saying(
              "Adds an application to a tenant and prints its client id and secret, once.",
              (there, sent, answer) ->
                  there.createClient(
                      sent.at(0),
                      sent.at(1),
                      sent.at(2),
                      sent.all(CALLBACK),
                      sent.all(LOGOUT),
                      sent.all(START).stream().findFirst(),
                      answer))
          .of("NAME")
          .options(TENANT, TYPE, CALLBACKS, LOGOUT_URLS, START_URL)
          .sending(3, Sent.ANY_NUMBER, ClientCommands::created);

  static final OperatorCommand LIST =
      OperatorCommand.saying(
              "Prints the applications of a tenant, one JSON object a line.",
              (there, sent, answer) -> there.listClients(sent.at(0), answer))
          .options(TENANT)
          .sending(1, call -> List.of(call.get(TENANT)));

  static final OperatorCommand DELETE =
      OperatorCommand.saying(
              "Takes an application off a tenant; its tokens are refreshed no more.",
              (there, sent, answer) -> there.deleteClient(sent.at(0), sent.at(1), answer))
          .of("CLIENT_ID")
          .options(TENANT)
          .sending(2, call -> List.of(call.get(TENANT), call.operand()));

  private ClientCommands() {}

  private static List<String> created(Command.Call call) {
    var arguments =
        new ArrayList<>(List.of(call.get(TENANT), call.operand(), call.get(TYPE).name()));
    call.get(CALLBACKS).forEach(url -> arguments.add(CALLBACK + url));
    call.get(LOGOUT_URLS).forEach(url -> arguments.add(LOGOUT + url));
    call.get(START_URL).ifPresent(url -> arguments.add(START + url));
    return arguments;
  }
}
