package dev.countersign.signin.password;

import dev.countersign.kernel.Argon2id;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Secret;

/**
 * Hashes passwords with Argon2id and checks them against stored hashes, those of other systems included: bcrypt and
 * PBKDF2. Passwords are brought to NFKC first and always taken whole. A call takes the time of one hash and may
 * wait for a free core. Thread-safe.
 */
public final class PasswordHasher {

  /** One of the equivalent smallest costs named by OWASP; of these the quickest to check and the smallest in memory. */
  public static final Argon2id.Cost COST = new Argon2id.Cost(7 * 1024, 5);

  private static final int SALT = 16;
  private static final int HASH = 32;

  private final Argon2id argon2id;
  private final Entropy entropy;
  private final Argon2id.Cost cost;
  private final String decoy;

  public PasswordHasher(Argon2id argon2id, Entropy entropy, Argon2id.Cost cost) {
    this.argon2id = argon2id;
    this.entropy = entropy;
    this.cost = cost;
    this.decoy =
        new Phc.Argon2(cost, new Phc.Bytes(entropy.bytes(SALT)), new Phc.Bytes(entropy.bytes(HASH)))
            .encoded();
  }

  /**
   * The hash to store, as a PHC string.
   *
   * @throws IllegalArgumentException for a password that {@link PasswordRules} refuses for its characters or length
   */
  public String hash(Secret password) {
    var normal =
        PasswordText.normal(password)
            .orElseThrow(() -> new IllegalArgumentException("no password can be like this"));
    return Phc.Argon2.of(normal, entropy.bytes(SALT), cost, HASH, argon2id).encoded();
  }

  /**
   * Checks a password against a stored hash.
   *
   * @throws IllegalArgumentException when the stored hash is none that {@link #understands}
   */
  public PasswordCheck verify(Secret password, String stored) {
    var phc =
        Phc.parse(stored)
            .orElseThrow(() -> new IllegalArgumentException("not a password hash we know"));
    var normal = PasswordText.normal(password);
    if (normal.isEmpty()) {
      return new PasswordCheck.Wrong();
    }
    if (phc.matches(normal.get(), argon2id)) {
      return new PasswordCheck.Verified(isWeaker(phc));
    }
    // Other systems hashed what was typed, without NFKC. Tried for every stored hash, so that time
    // tells no kind.
    if (!normal.get().equals(password) && phc.matches(password, argon2id)) {
      return new PasswordCheck.Verified(true);
    }
    return new PasswordCheck.Wrong();
  }

  /** Spends the time of a check where there is nothing to check, so that time does not tell who has an account. */
  public PasswordCheck.Wrong refuseUnknown(Secret password) {
    return switch (verify(password, decoy)) {
      case PasswordCheck.Wrong wrong -> wrong;
      case PasswordCheck.Verified _ -> new PasswordCheck.Wrong(); // as likely as guessing 256 bits
    };
  }

  /** Whether a hash brought from elsewhere can be checked; to be asked at import. */
  public boolean understands(String stored) {
    return Phc.parse(stored).isPresent();
  }

  private boolean isWeaker(Phc phc) {
    return switch (phc) {
      case Phc.Argon2(var used, var salt, var hash) ->
          used.work() < cost.work()
              || used.memoryKiB() < cost.memoryKiB()
              || salt.length() < SALT
              || hash.length() < HASH;
      case Phc.Bcrypt _, Phc.Pbkdf2 _ -> true;
    };
  }
}
