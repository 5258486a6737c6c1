package dev.countersign.kernel;

/** Holds the chosen implementation; loaded, and so chosen, when it is first asked for. */
final class BestArgon2id {
  static final Argon2id INSTANCE = choose();

  private BestArgon2id() {}

  private static Argon2id choose() {
    var best =
        new BoundedArgon2id(Argon2id.all().getFirst(), Runtime.getRuntime().availableProcessors());
    System.getLogger(Argon2id.class.getName())
        .log(System.Logger.Level.INFO, "Password hashing: {0}", best.describe());
    return best;
  }
}
