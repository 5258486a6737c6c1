package dev.countersign.signin.password;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.kernel.Secret;
import java.text.Normalizer;
import java.util.Optional;

/** A password as it is hashed: NFKC, so that it does not matter which keyboard composed it (SP 800-63B-4, 3.1.1.2). */
final class PasswordText {

  /** More than any password the rules allow; keeps what arrives from outside from costing time. */
  static final int MAX_BYTES = 1024;

  private PasswordText() {}

  /** The normal form, or empty for what no password can be: NUL, half a surrogate pair, more than 1024 bytes. */
  static Optional<Secret> normal(Secret typed) {
    return plausible(typed)
        .map(text -> Normalizer.normalize(text, Normalizer.Form.NFKC))
        .flatMap(PasswordText::bounded);
  }

  private static Optional<String> plausible(Secret typed) {
    var text = typed.reveal();
    // UTF-8 would turn every lone surrogate into the same "?", and some hash functions stop at NUL
    var impossible =
        text.length() > MAX_BYTES || text.codePoints().anyMatch(c -> c == 0 || isLoneSurrogate(c));
    return impossible ? Optional.empty() : Optional.of(text);
  }

  private static boolean isLoneSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static Optional<Secret> bounded(String normal) {
    return normal.getBytes(UTF_8).length > MAX_BYTES
        ? Optional.empty()
        : Optional.of(Secret.of(normal));
  }
}
