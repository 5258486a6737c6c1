package dev.countersign.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Argon2idTest {
  private static final Argon2id.Cost SMALL = new Argon2id.Cost(64, 2);

  static List<Argon2id> all() {
    return Argon2id.all();
  }

  @Test
  void the_native_library_loads_on_common_machines() {
    assertThat(Argon2id.all()).hasSize(2).first().isInstanceOf(SodiumArgon2id.class);
    assertThat(Argon2id.best().describe()).contains("libsodium");
  }

  /** RFC 9106 section 5.3 uses a secret and associated data, which we never do: it tests what we stand on. */
  @Test
  void RFC_9106_section_5_3_holds_for_the_java_generator() {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(0x13)
            .withMemoryAsKB(32)
            .withIterations(3)
            .withParallelism(4)
            .withSalt(filled(16, 2))
            .withSecret(filled(8, 3))
            .withAdditional(filled(12, 4))
            .build());
    var tag = new byte[32];
    generator.generateBytes(filled(32, 1), tag);

    assertThat(HexFormat.of().formatHex(tag))
        .isEqualTo("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
  }

  /** Vectors of the reference implementation: version 0x13, one lane and two. */
  @ParameterizedTest
  @MethodSource("all")
  void the_reference_vectors_hold(Argon2id argon2id) {
    assertThat(hex(argon2id, "password", "somesalt", new Argon2id.Cost(65536, 2, 1)))
        .isEqualTo("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
    assertThat(hex(argon2id, "password", "somesalt", new Argon2id.Cost(256, 2, 1)))
        .isEqualTo("9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
    assertThat(hex(argon2id, "password", "somesalt", new Argon2id.Cost(256, 2, 2)))
        .isEqualTo("6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037");
    assertThat(hex(argon2id, "differentpassword", "somesalt", new Argon2id.Cost(65536, 2, 1)))
        .isEqualTo("0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde");
  }

  @Test
  void native_and_java_give_the_same_bytes_for_everything() {
    var random = new Random(9106);
    var sodium = SodiumArgon2id.load().orElseThrow();
    var java = new BouncyCastleArgon2id();
    for (var i = 0; i < 60; i++) {
      var input = bytes(random, random.nextInt(0, 1025));
      var salt = bytes(random, random.nextInt(4) == 0 ? random.nextInt(8, 64) : 16);
      var lanes = random.nextInt(5) == 0 ? 3 : 1;
      var cost = new Argon2id.Cost(random.nextInt(8 * lanes, 600), random.nextInt(1, 4), lanes);
      var length = random.nextInt(4, 80);

      assertThat(sodium.hash(input, salt, cost, length))
          .isEqualTo(java.hash(input, salt, cost, length));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void short_salts_and_odd_lengths_are_refused(Argon2id argon2id) {
    var none = new byte[0];
    assertThatThrownBy(() -> argon2id.hash(none, new byte[7], SMALL, 32))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> argon2id.hash(none, new byte[16], SMALL, 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> argon2id.hash(none, new byte[16], SMALL, 1025))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void costs_that_would_stop_the_server_are_refused() {
    for (var cost :
        List.of(
            new int[] {7, 1, 1},
            new int[] {2 << 20, 1, 1},
            new int[] {64, 65, 1},
            new int[] {64, 0, 1},
            new int[] {64, 1, 0},
            new int[] {8, 1, 2})) {
      assertThatThrownBy(() -> new Argon2id.Cost(cost[0], cost[1], cost[2]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void sixty_four_virtual_threads_get_their_hashes_two_at_a_time() throws Exception {
    var sodium = Argon2id.all().getFirst();
    var bounded = new BoundedArgon2id(() -> sodium, 2);
    var expected = sodium.hash(filled(9, 1), filled(16, 2), SMALL, 32);
    var begun = new CountDownLatch(1);
    var most = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> hashes =
          java.util.stream.IntStream.range(0, 64)
              .mapToObj(_ ->
                  threads.submit(() -> {
                    begun.await();
                    var hash = bounded.hash(filled(9, 1), filled(16, 2), SMALL, 32);
                    most.accumulateAndGet(bounded.running(), Math::max);
                    return hash;
                  }))
              .toList();
      begun.countDown();
      for (var hash : hashes) {
        assertThat(hash.get()).isEqualTo(expected);
      }
    }
    assertThat(most.get()).isLessThanOrEqualTo(2);
    assertThatThrownBy(() -> bounded.hash(new byte[1], new byte[1], SMALL, 32))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_core_that_hashes_is_taken_from_requests_and_given_back() throws Exception {
    var scheduler = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    int all = Runtime.getRuntime().availableProcessors();
    var hashing = new CountDownLatch(1);
    var enough = new CountDownLatch(1);
    var bounded =
        new BoundedArgon2id(
            () -> {
              hashing.countDown();
              try {
                enough.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return new BouncyCastleArgon2id();
            },
            1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var hash = threads.submit(() -> bounded.hash(new byte[1], new byte[16], SMALL, 32));
      hashing.await();
      assertThat(scheduler.getParallelism()).isLessThanOrEqualTo(Carriers.left(all, 1));
      enough.countDown();
      assertThat(hash.get()).hasSize(32);
    }
    long patience = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (scheduler.getParallelism() != all && System.nanoTime() < patience) {
      Thread.onSpinWait();
    }
    assertThat(scheduler.getParallelism()).isEqualTo(all);
  }

  @Test
  void half_of_the_cores_stay_with_requests_however_many_hash() {
    assertThat(Carriers.left(1, 1)).isEqualTo(1);
    assertThat(Carriers.left(2, 1)).isEqualTo(1);
    assertThat(Carriers.left(8, 0)).isEqualTo(8);
    assertThat(Carriers.left(8, 3)).isEqualTo(5);
    assertThat(Carriers.left(8, 7)).isEqualTo(4);
    assertThat(Carriers.left(3, 2)).isEqualTo(2);
  }

  @Test
  void an_interrupt_neither_loses_the_hash_nor_gets_lost() {
    var bounded = new BoundedArgon2id(BouncyCastleArgon2id::new, 1);
    Thread.currentThread().interrupt();
    assertThat(bounded.hash(new byte[1], new byte[16], SMALL, 32)).hasSize(32);
    assertThat(Thread.interrupted()).isTrue();
  }

  private static String hex(Argon2id argon2id, String input, String salt, Argon2id.Cost cost) {
    return HexFormat.of()
        .formatHex(argon2id.hash(input.getBytes(UTF_8), salt.getBytes(UTF_8), cost, 32));
  }

  private static byte[] filled(int length, int value) {
    var bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] bytes(Random random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
