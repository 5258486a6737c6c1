package dev.countersign.recovery;

import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Digest;
import dev.countersign.storage.Digester;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * By what a person and a help desk on the telephone know that they speak of the same sign-in: the person's page shows a number,
 * which they read out and which the help desk types; only then the help desk is told the words that stand beside it on the
 * page, and says them. Whoever only pretends to be one of the two lacks what the other waits for. Both follow from the
 * sign-in's id under a key that is not in the database, so nothing is kept. Immutable.
 *
 * @param number six digits, good together with the person
 * @param words made up of syllables that can be said in any language
 */
public record HelpCall(String number, String words) {
  private static final String FIRST = "bdfgklmnprstvz";
  private static final String SECOND = "aeiou";
  private static final int MILLION = 1_000_000;

  static HelpCall of(Digester digester, TenantId tenant, SignInId signIn) {
    return of(digester.digest("help-call", Secret.of(tenant.value() + " " + signIn.value())));
  }

  private static HelpCall of(Digest digest) {
    var bytes = Base64.getUrlDecoder().decode(digest.text().getBytes(StandardCharsets.US_ASCII));
    long drawn = 0;
    for (int i = 0; i < 7; i++) {
      drawn = (drawn << 8) | (bytes[i] & 0xff);
    }
    var words = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      int each = bytes[7 + 2 * i] & 0xff;
      int other = bytes[8 + 2 * i] & 0xff;
      words
          .append(i == 3 ? " " : "")
          .append(FIRST.charAt(each % FIRST.length()))
          .append(SECOND.charAt(other % SECOND.length()));
    }
    return new HelpCall("%06d".formatted(drawn % MILLION), words.toString());
  }

  /** Whether somebody typed the number, with whatever between the digits. */
  boolean isNamedBy(String typed) {
    return typed.replaceAll("[\\s-]", "").equals(number);
  }

  /** As it is read out: in two groups. */
  public String spoken() {
    return number.substring(0, 3) + " " + number.substring(3);
  }
}
