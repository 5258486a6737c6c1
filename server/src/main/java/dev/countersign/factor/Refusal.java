package dev.countersign.factor;

import java.util.Map;

/**
 * Why an answer was refused.
 *
 * @param hints values for the sentence that helps, such as {@code seconds}; recorded, and shown only while enrolling,
 *     since at a challenge every refusal must look the same
 */
public record Refusal(Reason reason, Map<String, String> hints) {

  /** The stable words of the audit log. */
  public enum Reason {
    CODE_MALFORMED("code_malformed"),
    CODE_INVALID("code_invalid"),
    CODE_REUSED("code_reused"),
    CODE_EXPIRED("code_expired"),
    CLOCK_DRIFT("clock_drift"),
    RESPONSE_MALFORMED("response_malformed"),
    TYPE_MISMATCH("type_mismatch"),
    CHALLENGE_MISMATCH("challenge_mismatch"),
    ORIGIN_MISMATCH("origin_mismatch"),
    CROSS_ORIGIN("cross_origin"),
    TOP_ORIGIN_MISMATCH("top_origin_mismatch"),
    RP_ID_MISMATCH("rp_id_mismatch"),
    USER_NOT_PRESENT("user_not_present"),
    USER_NOT_VERIFIED("user_not_verified"),
    BACKUP_STATE_INCONSISTENT("backup_state_inconsistent"),
    BACKUP_ELIGIBILITY_CHANGED("backup_eligibility_changed"),
    ALGORITHM_NOT_OFFERED("algorithm_not_offered"),
    ATTESTATION_INVALID("attestation_invalid"),
    ATTESTATION_UNTRUSTED("attestation_untrusted"),
    MODEL_NOT_ALLOWED("model_not_allowed"),
    CREDENTIAL_ID_TOO_LONG("credential_id_too_long"),
    CREDENTIAL_ID_MISMATCH("credential_id_mismatch"),
    CREDENTIAL_ALREADY_REGISTERED("credential_already_registered"),
    CREDENTIAL_UNKNOWN("credential_unknown"),
    USER_HANDLE_MISMATCH("user_handle_mismatch"),
    SIGNATURE_INVALID("signature_invalid"),
    COUNTER_REGRESSED("counter_regressed"),
    NUMBER_MISSING("number_missing"),
    NUMBER_INVALID("number_invalid"),
    NUMBER_UNREACHABLE("number_unreachable"),
    /** Whoever was asked said no. */
    DECLINED("declined", false),
    /** Whoever was asked gave up. */
    CANCELLED("cancelled", false),
    /** Who was to judge the answer could not be asked, or said nothing that means anything. */
    SERVICE_FAILED("service_failed", false);

    private final String word;
    private final boolean guess;

    Reason(String word) {
      this(word, true);
    }

    Reason(String word, boolean guess) {
      this.word = word;
      this.guess = guess;
    }

    /** Whether it counts as a wrong answer. What does not ends the question, so that the first word stands. */
    public boolean isGuess() {
      return guess;
    }

    public String word() {
      return word;
    }
  }

  public static Refusal of(Reason reason) {
    return new Refusal(reason, Map.of());
  }
}
