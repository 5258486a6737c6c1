package dev.countersign.hosted.view;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The backup codes, the only time they are shown. Posts {@code saved=true} and {@code set}.
 *
 * @param set names this set
 * @param codes as {@code xxxx-xxxxx-xxxxx}
 * @param account whose codes they are
 * @param made today's date in the reader's form
 */
public record BackupCodesPage(
    Frame frame, Occasion occasion, String set, List<String> codes, String account, String made)
    implements Page {

  /** Why there are new codes. */
  public enum Occasion {
    FIRST,
    REPLACED,
    LAST_USED;

    public @Nullable String key() {
      return this == FIRST ? null : "codes." + name().toLowerCase(Locale.ROOT);
    }
  }

  /** The codes as a text file, one per line. */
  public String lines() {
    return String.join("\n", codes);
  }

  /** Says nothing of the codes. */
  @Override
  public String toString() {
    return "BackupCodesPage[" + occasion + "]";
  }
}
