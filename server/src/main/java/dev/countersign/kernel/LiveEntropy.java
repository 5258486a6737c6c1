package dev.countersign.kernel;

import java.security.SecureRandom;

/** The machine's cryptographic random source. */
public final class LiveEntropy implements Entropy {
  private final SecureRandom random = new SecureRandom();

  @Override
  public byte[] bytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
