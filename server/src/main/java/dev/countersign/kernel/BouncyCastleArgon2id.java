package dev.countersign.kernel;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id in Java: runs everywhere and takes every parameter. */
final class BouncyCastleArgon2id implements Argon2id {

  @Override
  public byte[] hash(byte[] input, byte[] salt, Cost cost, int length) {
    if (salt.length < MIN_SALT || length < MIN_LENGTH || length > 1024) {
      throw new IllegalArgumentException(
          "Argon2id: salt of " + salt.length + " bytes, result of " + length);
    }
    var parameters =
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memoryKiB())
            .withIterations(cost.passes())
            .withParallelism(cost.lanes())
            .withSalt(salt)
            .build();
    var generator = new Argon2BytesGenerator();
    generator.init(parameters);
    var hash = new byte[length];
    generator.generateBytes(input, hash);
    return hash;
  }

  @Override
  public String describe() {
    return "Argon2id in Java (Bouncy Castle)";
  }
}
