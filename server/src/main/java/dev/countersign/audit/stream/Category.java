package dev.countersign.audit.stream;

import dev.countersign.audit.AuditEvent;
import java.util.Optional;
import java.util.stream.Stream;

/** What sort of thing happened, by the names that Auth0 has for filters of streams. */
public enum Category {
  AUTH_LOGIN_SUCCESS("auth.login.success"),
  AUTH_LOGIN_FAIL("auth.login.fail"),
  AUTH_LOGIN_NOTIFICATION("auth.login.notification"),
  AUTH_LOGOUT_SUCCESS("auth.logout.success"),
  AUTH_TOKEN_EXCHANGE_SUCCESS("auth.token_exchange.success"),
  AUTH_TOKEN_EXCHANGE_FAIL("auth.token_exchange.fail"),
  MANAGEMENT_SUCCESS("management.success"),
  MANAGEMENT_FAIL("management.fail"),
  USER_SUCCESS("user.success"),
  USER_FAIL("user.fail"),
  USER_NOTIFICATION("user.notification"),
  OTHER("other");

  private final String word;

  Category(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public static Optional<Category> of(String word) {
    return Stream.of(values()).filter(it -> it.word.equals(word)).findFirst();
  }

  /** The one that an event belongs to. */
  public static Category of(AuditEvent event) {
    boolean well = event.outcome() == AuditEvent.Outcome.SUCCESS;
    var code = event.auth0();
    return switch (code) {
      case "s" -> AUTH_LOGIN_SUCCESS;
      case "f", "fp", "fu" -> AUTH_LOGIN_FAIL;
      case "slo" -> AUTH_LOGOUT_SUCCESS;
      case "sapi", "gd_tenant_update" -> MANAGEMENT_SUCCESS;
      case "fapi" -> MANAGEMENT_FAIL;
      case "mfar", "gd_start_auth", "gd_start_enroll" -> USER_NOTIFICATION;
      default -> {
        if (code.startsWith("limit_")) {
          yield AUTH_LOGIN_NOTIFICATION;
        }
        if (code.matches("[sf]e[a-z]+ft|ferrt")) {
          yield code.startsWith("s") ? AUTH_TOKEN_EXCHANGE_SUCCESS : AUTH_TOKEN_EXCHANGE_FAIL;
        }
        if (code.startsWith("gd_") || event.user() != null) {
          yield well ? USER_SUCCESS : USER_FAIL;
        }
        yield OTHER;
      }
    };
  }
}
