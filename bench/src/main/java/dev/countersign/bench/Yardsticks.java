package dev.countersign.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.countersign.kernel.Argon2id;
import dev.countersign.signin.password.PasswordHasher;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * Two computations that every machine has its own price for, to measure everything else by. Both are taken on as many
 * threads as a loaded server has, since busy cores slow each other down.
 *
 * @param passwordHash CPU milliseconds of one hash at the product's cost
 * @param rs256 CPU milliseconds of one RS256 signature by the JDK alone
 */
record Yardsticks(double passwordHash, double rs256) {
  private static final int HASHES = 60;
  private static final int SIGNATURES = 600;

  static Yardsticks measure() throws InterruptedException, GeneralSecurityException {
    var argon2id = Argon2id.best();
    var password = "correct horse battery staple".getBytes(StandardCharsets.UTF_8);
    var salt = "sixteen bytes ok".getBytes(StandardCharsets.US_ASCII);
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var key = generator.generateKeyPair().getPrivate();
    return new Yardsticks(
        cpuMillis(HASHES, () -> argon2id.hash(password, salt, PasswordHasher.COST, 32)),
        cpuMillis(
            SIGNATURES,
            () -> {
              var signature = Signature.getInstance("SHA256withRSA", "SunRsaSign");
              signature.initSign(key);
              signature.update(password);
              return signature.sign();
            }));
  }

  Yardsticks mean(Yardsticks other) {
    return new Yardsticks((passwordHash + other.passwordHash) / 2, (rs256 + other.rs256) / 2);
  }

  /**
   * The mean cost of one call after as many unmeasured ones, by the time of the whole process: the product hashes on threads
   * of its own, which the caller's time would not show.
   */
  private static double cpuMillis(int times, Callable<byte[]> work) throws InterruptedException {
    inParallel(times, work);
    long started = processNanos();
    inParallel(times, work);
    return (processNanos() - started) / 1e6 / times / Runtime.getRuntime().availableProcessors();
  }

  private static long processNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static void inParallel(int times, Callable<byte[]> work) throws InterruptedException {
    int threads = Runtime.getRuntime().availableProcessors();
    try (var pool = Executors.newFixedThreadPool(threads)) {
      var all = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < threads; i++) {
        all.add(() -> {
          repeat(times, work);
          return true;
        });
      }
      for (var each : pool.invokeAll(all)) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a yardstick broke", e);
    }
  }

  private static void repeat(int times, Callable<byte[]> work) throws Exception {
    for (int i = 0; i < times; i++) {
      if (work.call().length == 0) {
        throw new IllegalStateException("nothing came of it");
      }
    }
  }
}
