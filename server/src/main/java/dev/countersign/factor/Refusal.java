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
    NUMBER_MISSING("number_missing"),
    NUMBER_INVALID("number_invalid"),
    NUMBER_UNREACHABLE("number_unreachable");

    private final String word;

    Reason(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  public static Refusal of(Reason reason) {
    return new Refusal(reason, Map.of());
  }
}
