package dev.countersign.loginsession;

import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.UserId;
import dev.countersign.risk.Finding;
import dev.countersign.storage.Tx;
import java.util.List;

/** What notices things about a sign-in. Never fails: what it cannot find out is a finding. */
public interface Senses {
  /** Notices nothing. */
  Senses NONE =
      new Senses() {
        @Override
        public SignIn.Assessed assess(
            Tx tx, SignIn signIn, UserId who, List<Finding> noticed, Occasion occasion) {
          return new SignIn.Assessed(noticed, null, null);
        }

        @Override
        public void learn(Tx tx, SignIn signIn, UserId who, Occasion occasion) {}
      };

  /**
   * What is noteworthy about a person who has just given the first proof.
   *
   * @param noticed what was noteworthy about that proof itself
   */
  SignIn.Assessed assess(
      Tx tx, SignIn signIn, UserId who, List<Finding> noticed, Occasion occasion);

  /** That it was them: what was new about it is not any more. */
  void learn(Tx tx, SignIn signIn, UserId who, Occasion occasion);
}
