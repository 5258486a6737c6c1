package dev.countersign.oidc;

import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.Progress;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.storage.Database;
import dev.countersign.web.Site;
import java.util.Optional;

/** Finds the sign-in that an {@code mfa_token} is the handle of, and that waits for something. Thread-safe. */
final class MfaTokens {
  private final Database database;
  private final SignIns signIns;

  private final Progress progress;

  MfaTokens(Database database, SignIns signIns, Progress progress) {
    this.database = database;
    this.signIns = signIns;
    this.progress = progress;
  }

  /** What came of looking. */
  sealed interface Finding {
    record Found(SignIn signIn, MfaToken token) implements Finding {
      /** What stands for the browser's cookie. */
      Optional<Secret> handle() {
        return token.handle();
      }
    }

    record Gone(OAuthError error) implements Finding {}
  }

  Finding find(Site site, String text, Moment now) {
    return MfaToken.read(text)
        .map(token -> find(site, token, now))
        .orElseGet(() -> new Finding.Gone(OAuthError.MALFORMED_MFA_TOKEN));
  }

  private Finding find(Site site, MfaToken token, Moment now) {
    var found =
        database.read(
            tx -> signIns.find(tx, site.tenant(), token.signIn(), token.handle(), false, now));
    if (!(found instanceof SignIns.Finding.Found(var signIn))) {
      return new Finding.Gone(gone(found));
    }
    return signIn.state() instanceof LoginSession.AwaitingMfa
            && signIn.destination().isDirect()
            && DirectRequest.of(signIn.destination()).issuer().equals(site.issuer())
        ? new Finding.Found(signIn, token)
        : new Finding.Gone(OAuthError.MALFORMED_MFA_TOKEN);
  }

  /** Notes which factor was asked for, so that the code that comes is judged by that one. */
  void note(Finding.Found held, FactorId factor, Moment now) {
    database.run(tx -> {
      if (signIns.find(tx, held.signIn().tenant(), held.signIn().id(), held.handle(), true, now)
          instanceof SignIns.Finding.Found(var signIn)) {
        progress.note(tx, signIn.withNotes(signIn.notes().asking(factor)));
      }
    });
  }

  /** Why a sign-in cannot be gone on with, as its application is told. */
  static OAuthError gone(SignIns.Finding why) {
    return switch (why) {
      case SignIns.Finding.Expired _ -> OAuthError.EXPIRED_MFA_TOKEN;
      case SignIns.Finding.Over(var _, var _, var disowned) ->
          disowned ? OAuthError.MFA_REJECTED : OAuthError.MALFORMED_MFA_TOKEN;
      case SignIns.Finding.Unknown _, SignIns.Finding.OtherBrowser _, SignIns.Finding.Found _ ->
          OAuthError.MALFORMED_MFA_TOKEN;
    };
  }
}
