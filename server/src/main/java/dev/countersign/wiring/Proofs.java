package dev.countersign.wiring;

import dev.countersign.kernel.Argon2id;
import dev.countersign.proof.Allowances;
import dev.countersign.proof.Challenges;
import dev.countersign.proof.Guesses;
import dev.countersign.proof.ProofLedger;
import dev.countersign.proof.Spendables;
import dev.countersign.signin.KnownBrowsers;
import dev.countersign.signin.password.PasswordHasher;
import dev.countersign.signin.password.Passwords;

/** What is proven once and counts, how often somebody may try, and the first proof. */
public final class Proofs {
  public final Spendables spendables;
  public final ProofLedger ledger;
  public final Challenges challenges;
  public final Guesses guesses;
  public final Allowances allowances;

  public final PasswordHasher hasher;
  public final Passwords passwords;
  public final KnownBrowsers knownBrowsers;

  public Proofs(Ground ground, Argon2id.Cost passwordCost) {
    spendables = new Spendables(ground.digester);
    ledger = new ProofLedger(spendables);
    challenges = new Challenges(ground.sealer, ground.entropy);
    guesses = new Guesses();
    allowances = new Allowances();

    hasher = new PasswordHasher(Argon2id.best(), ground.entropy, passwordCost);
    passwords = new Passwords(ground.sealer, hasher);
    knownBrowsers = new KnownBrowsers(ground.entropy, ground.digester);
  }
}
