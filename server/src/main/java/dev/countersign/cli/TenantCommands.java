package dev.countersign.cli;

import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tenants and their keys. */
final class TenantCommands {
  private static final Key<Optional<String>> DISPLAY_NAME =
      new Key<>(
          "display-name",
          Kind.text().optional(),
          "",
          "What people see; the tenant's name when empty.");
  private static final Key<Boolean> SANDBOX =
      new Key<>(
          "sandbox",
          Kind.toggle(),
          "false",
          "For trying things out: its clock can be moved and its messages are kept instead of being sent. Nothing changes that later.");
  private static final Key<List<String>> LOGOUT_URLS =
      new Key<>(
          "logout-urls",
          Kind.text().list(),
          "",
          "Where people may be sent after signing out when no application is named, exactly; these and no others.");
  private static final Key<List<String>> CONFIRM =
      new Key<>(
          "confirm",
          Kind.text().list(),
          "",
          "The tenant's name once more: nothing brings back what is deleted.");

  /** By which the word goes to whoever does it. */
  private static final String SANDBOX_WORD = "sandbox";

  private static final String LOGOUT = "logout=";
  private static final String CONFIRMED = "confirm=";

  static final OperatorCommand CREATE =
      OperatorCommand.saying(
              "Adds a tenant, which answers at NAME.<tenant-domain-suffix>.",
              (there, sent, answer) ->
                  there.createTenant(sent.at(0), sent.at(1), sent.has(2, SANDBOX_WORD), answer))
          .of("NAME")
          .notes(
              "The first thing a new tenant needs is a client for the management API: see countersign client create --help.")
          .options(DISPLAY_NAME, SANDBOX)
          .sending(2, 3, TenantCommands::created);

  static final OperatorCommand CHANGE =
      OperatorCommand.saying(
              "Sets what a tenant allows beside what its applications do.",
              (there, sent, answer) -> there.allowLogoutUrls(sent.at(0), sent.all(LOGOUT), answer))
          .of("NAME")
          .options(LOGOUT_URLS)
          .sending(1, Sent.ANY_NUMBER, TenantCommands::changed);

  static final OperatorCommand LIST =
      OperatorCommand.saying(
          "Prints the tenants, one a line: name and address.",
          (there, _, answer) -> there.listTenants(answer));

  static final OperatorCommand DELETE =
      OperatorCommand.saying(
              "Deletes a tenant with its people, applications, keys and audit log. For ever.",
              (there, sent, answer) ->
                  there.deleteTenant(sent.at(0), sent.all(CONFIRMED).getFirst(), answer))
          .of("NAME")
          .options(CONFIRM)
          .sending(
              2, call -> List.of(call.operand(), CONFIRMED + String.join(",", call.get(CONFIRM))));

  static final OperatorCommand ROTATE_KEYS =
      OperatorCommand.saying(
              "Makes a new signing key for a tenant's tokens.",
              (there, sent, answer) -> there.rotateSigningKeys(sent.at(0), answer))
          .notes(
              "The old key stays in the tenant's key set until all it signed has expired: no token fails meanwhile.")
          .options(OperatorCommand.TENANT)
          .sending(1, call -> List.of(call.get(OperatorCommand.TENANT)));

  private TenantCommands() {}

  private static List<String> created(Command.Call call) {
    var slug = call.operand();
    var name = call.get(DISPLAY_NAME).orElse(slug);
    return call.get(SANDBOX) ? List.of(slug, name, SANDBOX_WORD) : List.of(slug, name);
  }

  private static List<String> changed(Command.Call call) {
    var arguments = new ArrayList<>(List.of(call.operand()));
    call.get(LOGOUT_URLS).forEach(url -> arguments.add(LOGOUT + url));
    return arguments;
  }
}
