package dev.countersign.kernel;

/** Holds the chosen implementation; loaded, and so chosen, when something is first hashed. */
final class BestArgon2id {
  static final Argon2id INSTANCE = new BoundedArgon2id(() -> Chosen.BEST, atOnce());

  private BestArgon2id() {}

  /**
   * One core is left to everything else. A hash takes a core's whole attention for its time and its caches for longer;
   * pages that hash nothing are then as quick as ever, however many people type passwords.
   */
  private static int atOnce() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
  }

  private static final class Chosen {
    static final Argon2id BEST = choose();

    private static Argon2id choose() {
      var best = Argon2id.all().getFirst();
      System.getLogger(Argon2id.class.getName())
          .log(
              System.Logger.Level.INFO,
              "Password hashing: {0}, {1} at a time",
              best.describe(),
              atOnce());
      return best;
    }
  }
}
