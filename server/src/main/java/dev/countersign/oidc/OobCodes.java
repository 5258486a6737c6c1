package dev.countersign.oidc;

import dev.countersign.factor.Prompt;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SessionId;
import dev.countersign.loginsession.SignIn;
import dev.countersign.storage.Digest;
import dev.countersign.storage.Digester;
import java.util.regex.Pattern;

/**
 * Auth0's {@code oob_code}: says which question of a sign-in is being answered. It is kept nowhere, since it follows from
 * the question; it proves nothing, and fits no other sign-in. Thread-safe.
 */
final class OobCodes {
  private static final String PURPOSE = "oob code";
  private static final Pattern FORM = Pattern.compile("(?:[0-9]{1,4}\\.)?([A-Za-z0-9_-]{43})");

  private final Digester digester;

  OobCodes(Digester digester) {
    this.digester = digester;
  }

  /** The code of a question; it begins with the number to be typed on the phone, for applications whose library shows them nothing else. */
  Secret of(SignIn signIn, FactorId factor, Prompt prompt) {
    return of(place(signIn), factor, prompt);
  }

  /** The same where a session stands in the place of a sign-in. */
  Secret of(SessionId session, FactorId factor) {
    return Secret.of(digester.digest(PURPOSE, question(session.value(), factor)).text());
  }

  private Secret of(String place, FactorId factor, Prompt prompt) {
    var digest = digester.digest(PURPOSE, question(place, factor)).text();
    return Secret.of(
        prompt instanceof Prompt.Approval(var number, var _, var _)
            ? number + "." + digest
            : digest);
  }

  boolean isOf(String text, SignIn signIn, FactorId factor) {
    return isOf(text, place(signIn), factor);
  }

  boolean isOf(String text, SessionId session, FactorId factor) {
    return isOf(text, session.value(), factor);
  }

  private boolean isOf(String text, String place, FactorId factor) {
    var match = FORM.matcher(text);
    return match.matches()
        && digester.matches(PURPOSE, question(place, factor), new Digest(match.group(1)));
  }

  private static Secret question(String place, FactorId factor) {
    return Secret.of(place + " " + factor);
  }

  private static String place(SignIn signIn) {
    var settingUp = signIn.notes().settingUp();
    return settingUp == null ? signIn.id().value() : signIn.id() + " " + settingUp;
  }
}
