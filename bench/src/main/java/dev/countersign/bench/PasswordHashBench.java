package dev.countersign.bench;

import dev.countersign.kernel.Argon2id;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One password hash, the dearest computation of a sign-in, at the costs worth choosing between. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 2)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class PasswordHashBench {

  private static final byte[] INPUT =
      "correct horse battery staple".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SALT = "sixteen bytes ok".getBytes(StandardCharsets.UTF_8);

  /** Memory in MiB and passes. */
  @Param({"7x5", "19x2", "46x1"})
  public String cost = "7x5";

  @Benchmark
  public byte[] argon2id() {
    var separator = cost.indexOf('x');
    var memoryKiB = Integer.parseInt(cost.substring(0, separator)) * 1024;
    var passes = Integer.parseInt(cost.substring(separator + 1));
    return Argon2id.best().hash(INPUT, SALT, new Argon2id.Cost(memoryKiB, passes), 32);
  }
}
