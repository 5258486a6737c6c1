package dev.countersign.enforcement;

import java.util.List;

/**
 * Why it was decided so.
 *
 * @param reason the most telling reason
 * @param rules the policy's rules that took part, by id
 */
public record Because(Reason reason, List<String> rules) {

  /** The stable words of decision records. */
  public enum Reason {
    NOTHING_DEMANDED("nothing_demanded"),
    PROVEN("proven"),
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
    BACKUP_CODES_UNSEEN("backup_codes_unseen"),
    BACKUP_CODES_SPENT("backup_codes_spent"),
    BLOCKED("blocked"),
    FACTORS_DISABLED("factors_disabled"),
    NO_FACTOR_POSSIBLE("no_factor_possible"),
    LEVEL_OUT_OF_REACH("level_out_of_reach");

    private final String word;

    Reason(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
