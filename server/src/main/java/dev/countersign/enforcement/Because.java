package dev.countersign.enforcement;

import dev.countersign.kernel.Moment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why it was decided so.
 *
 * @param reason the most telling reason
 * @param rules the policy's rules that took part, step-up rules among them, by id
 * @param leave how long it can be put off, where something is required that can, or could until now
 * @param signals what was noteworthy about the sign-in where that took part, by word, the weightiest first
 */
public record Because(
    Reason reason, List<String> rules, List<String> signals, @Nullable Leave leave) {
  /**
   * How long what is required can still be put off.
   *
   * @param times how often; null where that has no limit
   * @param until null where there is no such time
   */
  public record Leave(@Nullable Integer times, @Nullable Moment until) {
    /** It was put off, and cannot be any longer. */
    public static final Leave NONE = new Leave(0, null);

    public boolean isOver() {
      return equals(NONE);
    }
  }

  public Because {
    rules = List.copyOf(rules);
    signals = signals == null ? List.of() : List.copyOf(signals); // Older records have none.
  }

  /** Where nothing noteworthy took part. */
  public Because(Reason reason, List<String> rules) {
    this(reason, rules, List.of(), null);
  }

  /** The stable words of decision records. */
  public enum Reason {
    NOTHING_DEMANDED("nothing_demanded"),
    PROVEN("proven"),
    /** Something was noteworthy, and what the policy asks for then has been shown. */
    RISK_ANSWERED("risk_answered"),
    DECLINED("declined"),
    TRUSTED_BROWSER("trusted_browser"),
    NO_FIRST_PROOF("no_first_proof"),
    FIRST_PROOF_TOO_OLD("first_proof_too_old"),
    ENROLLED("enrolled"),
    POLICY_REQUIRES("policy_requires"),
    APPLICATION_ASKS("application_asks"),
    PROOF_TOO_OLD("proof_too_old"),
    INVITED("invited"),
    TICKET("ticket"),
    RECOVERING("recovering"),
    BACKUP_CODES_UNSEEN("backup_codes_unseen"),
    BACKUP_CODES_SPENT("backup_codes_spent"),
    BLOCKED("blocked"),
    FACTORS_DISABLED("factors_disabled"),
    NO_FACTOR_POSSIBLE("no_factor_possible"),
    LEVEL_OUT_OF_REACH("level_out_of_reach"),
    /** Something about the sign-in is noteworthy enough to ask for more. */
    RISK("risk"),
    /** The same of somebody who has nothing to prove more with: their address has to answer first. */
    VERIFY_EMAIL_FIRST("verify_email_first"),
    SUSPICIOUS_WITHOUT_FACTOR("suspicious_without_factor"),
    RISK_TOO_HIGH("risk_too_high"),
    /** What they are about to do is sensitive. */
    STEP_UP("step_up"),
    STEP_UP_NEEDS_FACTOR("step_up_needs_factor"),
    /** Required, and can still be put off. */
    GRACE("grace"),
    PUT_OFF("put_off"),
    EXEMPT("exempt");

    private final String word;

    Reason(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }

    /**
     * Whether the word is of a reason that the application has to know: what it asked for cannot be reached (RFC 9470 section
     * 5).
     */
    public static boolean isUnmet(String word) {
      return word.equals(LEVEL_OUT_OF_REACH.word) || word.equals(STEP_UP_NEEDS_FACTOR.word);
    }
  }
}
