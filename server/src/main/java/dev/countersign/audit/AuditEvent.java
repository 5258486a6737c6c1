package dev.countersign.audit;

import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.UserId;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened. Built by {@link #of} and the {@code with...} methods, then given to {@link Audit#record}.
 *
 * @param actor who did it: a user id, {@code <client>@clients}, {@code operator}, or {@code server}
 * @param user whom it concerns
 * @param details such as factor and reason; never anything secret
 */
public record AuditEvent(
    String id,
    AuditType type,
    Outcome outcome,
    Moment occurredAt,
    String actor,
    @Nullable UserId user,
    @Nullable SignInId signIn,
    @Nullable ClientId client,
    Map<String, String> details,
    String address,
    String userAgent,
    String requestId) {

  /** How it ended. */
  public enum Outcome {
    SUCCESS,
    FAILURE,
    DENIED,
    PARTIAL
  }

  public static AuditEvent of(AuditType type, Outcome outcome, Occasion occasion) {
    return new AuditEvent(
        "",
        type,
        outcome,
        occasion.at(),
        "server",
        null,
        null,
        null,
        Map.of(),
        occasion.address(),
        occasion.userAgent(),
        occasion.requestId());
  }

  public static AuditEvent success(AuditType type, Occasion occasion) {
    return of(type, Outcome.SUCCESS, occasion);
  }

  public static AuditEvent failure(AuditType type, Occasion occasion, String reason) {
    return of(type, Outcome.FAILURE, occasion).with("reason", reason);
  }

  /** Done by the person whom it concerns. */
  public AuditEvent by(UserId person) {
    return new AuditEvent(
        id,
        type,
        outcome,
        occurredAt,
        person.value(),
        person,
        signIn,
        client,
        details,
        address,
        userAgent,
        requestId);
  }

  /** Done by somebody else to this person. */
  public AuditEvent by(String who, @Nullable UserId toWhom) {
    return new AuditEvent(
        id,
        type,
        outcome,
        occurredAt,
        who,
        toWhom,
        signIn,
        client,
        details,
        address,
        userAgent,
        requestId);
  }

  public AuditEvent in(@Nullable SignInId journey, @Nullable ClientId application) {
    return new AuditEvent(
        id,
        type,
        outcome,
        occurredAt,
        actor,
        user,
        journey,
        application,
        details,
        address,
        userAgent,
        requestId);
  }

  public AuditEvent with(String name, String value) {
    var more = new TreeMap<>(details);
    more.put(name, value);
    return new AuditEvent(
        id,
        type,
        outcome,
        occurredAt,
        actor,
        user,
        signIn,
        client,
        more,
        address,
        userAgent,
        requestId);
  }

  /**
   * The code by which Auth0's clients know it: the type's own, unless what happened in particular has a code there. An
   * answer by way of recovery says so by the detail {@code recovery}, what an application was given tokens for by {@code by}.
   */
  public String auth0() {
    boolean throttled = "throttled".equals(details.get("reason"));
    if (type == AuditType.MFA_FAILED) {
      return throttled
          ? "gd_otp_rate_limit_exceed"
          : details.containsKey("recovery") ? "gd_recovery_failed" : type.auth0();
    }
    if (type == AuditType.SIGN_IN_FAILED) {
      boolean wrongPassword = "password_invalid".equals(details.get("reason"));
      return wrongPassword ? user == null ? "fu" : "fp" : "f";
    }
    if (type == AuditType.DIRECT_TOKEN_ISSUED || type == AuditType.DIRECT_TOKEN_REFUSED) {
      var exchange =
          switch (details.getOrDefault("by", "")) {
            case "password_and_otp" -> "eotpft";
            case "password_and_oob" -> "eoobft";
            case "password_and_recovery_code" -> "ercft";
            default -> "epft";
          };
      return (type == AuditType.DIRECT_TOKEN_ISSUED ? "s" : "f") + exchange;
    }
    return type.auth0();
  }

  AuditEvent withId(String newId) {
    return new AuditEvent(
        newId,
        type,
        outcome,
        occurredAt,
        actor,
        user,
        signIn,
        client,
        details,
        address,
        userAgent,
        requestId);
  }
}
