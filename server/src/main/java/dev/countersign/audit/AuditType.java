package dev.countersign.audit;

/**
 * Every kind of event there is. The set is closed and only grows; names are never reused.
 *
 * <p>Each has the type code by which Auth0's clients know it ({@code s}, {@code gd_auth_failed}, ...).
 */
public enum AuditType {
  SIGNED_IN("user.signed_in", "s", "Signed in"),
  SIGN_IN_FAILED("user.sign_in_failed", "fp", "Sign-in failed"),
  SIGNED_OUT("user.signed_out", "slo", "Signed out"),
  SESSION_ENDED("user.session_ended", "slo", "Session ended"),
  USER_LOCKED("user.locked", "limit_wc", "Too many failed attempts"),
  USER_CREATED("user.created", "ss", "User created"),
  USER_DELETED("user.deleted", "sdu", "User deleted"),
  USER_CHANGED("user.changed", "sapi", "User changed"),
  PASSWORD_CHANGED("user.password_changed", "scp", "Password changed"),
  PASSWORD_RESET_REQUESTED("user.password_reset_requested", "scpr", "Password reset asked for"),
  MFA_REQUIRED("user.mfa_required", "mfar", "Second proof demanded"),
  MFA_SUCCEEDED("user.mfa_succeeded", "gd_auth_succeed", "Second proof accepted"),
  MFA_FAILED("user.mfa_failed", "gd_auth_failed", "Second proof refused"),
  MFA_DECLINED(
      "user.mfa_declined", "gd_start_enroll_failed", "Invitation to set up a factor declined"),
  MFA_CHALLENGE_SENT("mfa.challenge_sent", "gd_start_auth", "Challenge begun"),
  FACTOR_ENROLMENT_BEGUN("mfa.factor_enrolment_begun", "gd_start_enroll", "Factor set-up begun"),
  FACTOR_ENROLMENT_FAILED(
      "mfa.factor_enrolment_failed", "gd_start_enroll_failed", "Factor set-up failed"),
  FACTOR_ENROLLED("mfa.factor_enrolled", "gd_enrollment_complete", "Factor enrolled"),
  FACTOR_REMOVED("mfa.factor_removed", "gd_unenroll", "Factor removed"),
  FACTOR_DISABLED(
      "mfa.factor_disabled", "gd_unenroll", "Factor disabled after too many wrong answers"),
  FACTOR_ADMIN_RESET("mfa.factor_admin_reset", "gd_unenroll", "Factors reset by an admin"),
  BACKUP_CODES_REGENERATED("mfa.backup_codes_regenerated", "sapi", "New backup codes made"),
  BACKUP_CODE_USED("mfa.backup_code_used", "gd_recovery_succeed", "Backup code used"),
  PUSH_BLOCKED("push.blocked", "gd_send_pn_failure", "Approval request held back"),
  CHALLENGE_DISOWNED(
      "mfa.challenge_disowned", "gd_auth_rejected", "The person said that this was not them"),
  CHALLENGES_RESUMED(
      "mfa.challenges_resumed", "gd_update_device_account", "A device takes requests again"),
  POLICY_CHANGED("mfa.policy_changed", "gd_tenant_update", "Enforcement changed"),
  SETTINGS_CHANGED("mfa.settings_changed", "gd_tenant_update", "Factor settings changed"),
  STEP_UP_REQUESTED("step_up.requested", "mfar", "Recent proof demanded for a sensitive action"),
  STEP_UP_APPROVED("step_up.approved", "gd_auth_succeed", "Sensitive action approved"),
  STEP_UP_DENIED("step_up.denied", "gd_auth_rejected", "Sensitive action denied"),
  TOKEN_ISSUED("token.issued", "seacft", "Tokens issued"),
  TOKEN_REFRESHED("token.refreshed", "sertft", "Tokens refreshed"),
  TOKEN_REFUSED("token.refused", "feacft", "Token refused"),
  CLIENT_TOKEN_ISSUED("token.client_issued", "seccft", "Client token issued"),
  CLIENT_TOKEN_REFUSED("token.client_refused", "feccft", "Client token refused"),
  REUSE_DETECTED(
      "token.reuse_detected", "ferrt", "A spent code or token came back: the family was revoked"),
  API_DENIED("api.denied", "fapi", "Management call denied"),
  API_CHANGED("api.changed", "sapi", "Changed by the management API"),
  KEYS_ROTATED("tenant.keys_rotated", "sapi", "Signing keys rotated"),
  TENANT_UNDER_ATTACK("tenant.under_attack", "limit_mu", "Unusually many wrong passwords"),
  TENANT_CREATED("tenant.created", "sapi", "Tenant created"),
  TENANT_CHANGED("tenant.changed", "sapi", "Tenant changed"),
  APPLICATION_CREATED("application.created", "sapi", "Application created"),
  TOKENS_IMPORTED("mfa.tokens_imported", "sapi", "Hardware tokens imported"),
  TOKEN_FORGOTTEN("mfa.token_forgotten", "sapi", "Hardware token taken off the list"),
  TOKEN_RESYNCHRONISED("mfa.token_resynchronised", "sapi", "Hardware token brought back in step"),
  SMS_BLOCKED("sms.blocked", "limit_phone", "Text not sent: too many, or not to this number"),
  SMS_FAILED("sms.provider_failed", "gd_send_sms_failure", "A provider did not take a text"),
  BROWSER_TRUSTED(
      "mfa.browser_trusted", "sapi", "A browser may spare its person the challenge for a while"),
  BROWSER_FORGOTTEN(
      "mfa.browser_forgotten", "sapi", "A browser spares its person the challenge no more"),
  FIRST_FACTOR_CHOSEN("mfa.first_factor_chosen", "sapi", "The factor to be asked for first chosen"),
  FACTOR_USED_ELSEWHERE(
      "mfa.factor_used_elsewhere", "gd_auth_succeed", "A factor used at a place new to it"),
  FAREWELL_SENT(
      "mfa.farewell_sent", "gd_send_sms", "Told where codes came that none will come any more"),
  REPORTED_NOT_ME(
      "user.reported_not_me", "gd_auth_rejected", "The person said by mail that it was not them"),
  PASSKEY_ACCEPTED(
      "user.passkey_accepted", "gd_auth_succeed", "A passkey was accepted as the first proof"),
  PUSH_FAILED("push.provider_failed", "gd_send_pn_failure", "A push service did not wake a phone"),
  LOG_STREAM_GAVE_UP(
      "log_stream.gave_up", "fn", "A log stream did not take events for a day: they are kept"),
  SMS_LOST("sms.failed", "gd_send_sms_failure", "A text did not arrive, as its provider says"),
  DIRECT_TOKEN_ISSUED(
      "token.issued_directly", "sepft", "Tokens issued to an application that asked by itself"),
  DIRECT_TOKEN_REFUSED(
      "token.refused_directly", "fepft", "Token refused to an application that asked by itself"),
  BACKUP_CODE_REPLACED("mfa.backup_code_replaced", "sapi", "A used backup code was replaced"),
  ENROLMENT_TICKET_ISSUED(
      "mfa.enrolment_ticket_issued", "sapi", "Asked by an admin to set a factor up"),
  RISK_ASSESSED("risk.assessed", "mfar", "Something noteworthy about a sign-in"),
  EXEMPTION_USED("mfa.exemption_used", "s", "Signed in by an exemption from the policy"),
  RISK_FEED_FAILED(
      "risk.feed_failed", "fn", "A list of addresses could not be fetched three times in a row"),
  ACCESS_CODE_ISSUED("mfa.access_code_issued", "sapi", "Temporary access code issued"),
  ACCESS_CODE_REVOKED("mfa.access_code_revoked", "sapi", "Temporary access code revoked"),
  ACCESS_CODE_USED("mfa.access_code_used", "gd_recovery_succeed", "Temporary access code used"),
  ACCESS_CODE_REFUSED(
      "mfa.access_code_refused",
      "gd_recovery_failed",
      "Temporary access code, or number for one, refused"),
  RECOVERY_STARTED("recovery.started", "gd_recovery_succeed", "Recovery by waiting started"),
  RECOVERY_REFUSED("recovery.refused", "gd_recovery_failed", "Recovery by waiting refused"),
  RECOVERY_TOLD("recovery.told", "sapi", "Told a person again of a recovery by waiting"),
  RECOVERY_CANCELLED("recovery.cancelled", "gd_recovery_failed", "Recovery by waiting cancelled"),
  RECOVERY_OPENED(
      "recovery.opened",
      "gd_recovery_succeed",
      "Recovery by waiting over: a new factor may be set up"),
  RECOVERY_COMPLETED(
      "recovery.completed",
      "gd_recovery_succeed",
      "Recovery by waiting done: the old factors are gone");

  private final String code;
  private final String auth0;
  private final String description;

  AuditType(String code, String auth0, String description) {
    this.code = code;
    this.auth0 = auth0;
    this.description = description;
  }

  public String code() {
    return code;
  }

  public String auth0() {
    return auth0;
  }

  /** In English, for logs; pages have their own words. */
  public String description() {
    return description;
  }

  public static AuditType ofCode(String code) {
    for (var type : values()) {
      if (type.code.equals(code)) {
        return type;
      }
    }
    throw new IllegalArgumentException("no such event: " + code);
  }
}
