package dev.countersign.testkit;

import dev.countersign.kernel.Entropy;
import java.util.Random;

/** Random bytes that come again when the seed does. Not for secrets of real people. Thread-safe. */
public final class SeededEntropy implements Entropy {
  private final Random random;

  public SeededEntropy(long seed) {
    this.random = new Random(seed);
  }

  @Override
  public byte[] bytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
