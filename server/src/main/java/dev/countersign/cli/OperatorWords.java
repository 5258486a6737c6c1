package dev.countersign.cli;

import dev.countersign.operator.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that an operator can ask of a product, whether it runs or not, by the words that call it. What stands behind
 * them is put together only when it is asked for: a server that starts needs none of it.
 */
public enum OperatorWords {
  TENANT_CREATE("tenant create"),
  TENANT_CHANGE("tenant change"),
  TENANT_LIST("tenant list"),
  TENANT_DELETE("tenant delete"),
  CLIENT_CREATE("client create"),
  CLIENT_LIST("client list"),
  CLIENT_DELETE("client delete"),
  USER_CREATE("user create"),
  USER_LIST("user list"),
  USER_DELETE("user delete"),
  USER_ACCESS_CODE("user access-code"),
  USER_IMPORT("user import"),
  USER_EXPORT("user export"),
  POLICY_EXPORT("policy export"),
  POLICY_IMPORT("policy import"),
  POLICY_SCHEMA("policy schema"),
  POLICY_TEST("policy test"),
  POLICY_REPLAY("policy replay"),
  EXPLAIN("explain"),
  TOKEN_IMPORT("token import"),
  AUDIT("audit"),
  AUDIT_REFUSALS("audit refusals"),
  KEYS_ROTATE("keys rotate");

  private final String words;

  OperatorWords(String words) {
    this.words = words;
  }

  /** As the command line knows them. */
  public static List<Command> by(Product.Launcher launcher) {
    var all = new ArrayList<Command>();
    for (var each : values()) {
      all.add(new OperatorCommand.Given(each, launcher));
    }
    return all;
  }

  static Optional<OperatorWords> of(String words) {
    for (var each : values()) {
      if (each.words.equals(words)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  String words() {
    return words;
  }

  OperatorCommand command() {
    return switch (this) {
      case TENANT_CREATE -> TenantCommands.CREATE;
      case TENANT_CHANGE -> TenantCommands.CHANGE;
      case TENANT_LIST -> TenantCommands.LIST;
      case TENANT_DELETE -> TenantCommands.DELETE;
      case CLIENT_CREATE -> ClientCommands.CREATE;
      case CLIENT_LIST -> ClientCommands.LIST;
      case CLIENT_DELETE -> ClientCommands.DELETE;
      case USER_CREATE -> UserCommands.CREATE;
      case USER_LIST -> UserCommands.LIST;
      case USER_DELETE -> UserCommands.DELETE;
      case USER_ACCESS_CODE -> UserCommands.ACCESS_CODE;
      case USER_IMPORT -> UserImport.COMMAND;
      case USER_EXPORT -> UserCommands.EXPORT;
      case POLICY_EXPORT -> PolicyCommands.EXPORT;
      case POLICY_IMPORT -> PolicyCommands.IMPORT;
      case POLICY_SCHEMA -> PolicyCommands.SCHEMA;
      case POLICY_TEST -> PolicyCommands.TEST;
      case POLICY_REPLAY -> PolicyCommands.REPLAY;
      case EXPLAIN -> PolicyCommands.EXPLAIN;
      case TOKEN_IMPORT -> TokenImport.COMMAND;
      case AUDIT -> AuditCommands.LAST;
      case AUDIT_REFUSALS -> AuditCommands.REFUSALS;
      case KEYS_ROTATE -> TenantCommands.ROTATE_KEYS;
    };
  }
}
