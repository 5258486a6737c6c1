package dev.countersign.hosted;

import dev.countersign.challenge.Picker;
import dev.countersign.enforcement.Demand;
import dev.countersign.factor.Catalogue;
import dev.countersign.factor.Factors;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.SignInId;
import dev.countersign.loginsession.Completed;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.SignIn;
import java.util.List;

/**
 * Which page belongs to which state of a sign-in. Every page shows what the state allows or sends the browser here, so
 * that no step can be jumped by naming a later page.
 */
final class Whereabouts {
  private final Factors factors;

  Whereabouts(Factors factors) {
    this.factors = factors;
  }

  /** The page of a sign-in, as far as the sign-in alone tells. */
  String whereTo(SignIn signIn) {
    return at(path(signIn), signIn.id());
  }

  /** The same, where it is known which factor the person used last. */
  String whereTo(SignIn signIn, List<Picker.Choice> choices) {
    if (choices.isEmpty()) {
      // A challenge that nothing is left to answer with has to be thought about again.
      return isChallenged(signIn) ? at("/u/continue", signIn.id()) : whereTo(signIn);
    }
    return at(challenge(choices.getFirst().factor()), signIn.id());
  }

  private static boolean isChallenged(SignIn signIn) {
    return signIn.state() instanceof LoginSession.AwaitingMfa(var _, Demand.Challenge _, var _);
  }

  static String at(String path, SignInId signIn) {
    return path + "?state=" + signIn.value();
  }

  static String challenge(FactorId factor) {
    return "/u/mfa/" + factor.value();
  }

  private String path(SignIn signIn) {
    return switch (signIn.state()) {
      case LoginSession.Pending(var claimed) ->
          claimed.isPresent() ? "/u/login/password" : "/u/login/identifier";
      case LoginSession.AwaitingMfa(var _, var demand, var _) ->
          path(factors.of(signIn.tenant()), demand);
      // Enforcement decides at once, so nothing stays here; and what is over is told by
      // /u/continue.
      case LoginSession.Authenticated _, Completed _, LoginSession.Ended _ -> "/u/continue";
    };
  }

  private static String path(Catalogue factors, Demand demand) {
    return switch (demand) {
      case Demand.FirstProof _ -> "/u/login/identifier";
      case Demand.Password _ -> "/u/login/password";
      case Demand.Challenge(var anyOf) -> {
        var main = anyOf.stream().filter(factor -> !factors.profile(factor).recovers()).toList();
        // Of several the one used last comes first, which takes a look at the database.
        yield main.size() == 1 || anyOf.size() == 1
            ? challenge(main.isEmpty() ? anyOf.getFirst() : main.getFirst())
            : "/u/continue";
      }
      case Demand.Enrol _ -> "/u/mfa/set-up";
      case Demand.SeeBackupCodes _ -> "/u/mfa/backup-codes";
    };
  }
}
