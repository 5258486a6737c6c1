package dev.countersign.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.LiveEntropy;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingTest {
  private static final String A = "A".repeat(43) + "=";
  private static final String B = "B".repeat(42) + "A=";

  private final Entropy entropy = new LiveEntropy();
  @TempDir private Path directory;

  @Test
  void the_last_line_of_the_file_is_the_newest_key() {
    var ring = KeyRing.parse("# keys\n\nold:" + A + "\r\n  new:" + B + "\n");

    assertThat(ring.newest().id()).isEqualTo("new");
    assertThat(ring.find("old")).isPresent();
    assertThat(ring.find("other")).isEmpty();
    assertThat(ring).hasToString("KeyRing[RootKey[new], RootKey[old]]");
  }

  @Test
  void FAULT_08_a_wrong_file_is_refused_with_its_line_and_without_its_content() throws Exception {
    var file = directory.resolve("countersign.key");
    assertThatThrownBy(() -> KeyRing.read(file))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("does not exist");

    Files.writeString(file, "a:" + A + "\nb:shortandsecret\n");
    assertThatThrownBy(() -> KeyRing.read(file))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("countersign.key")
        .hasMessageNotContaining("shortandsecret");

    Files.writeString(file, "a:" + A + "\na:" + B);
    assertThatThrownBy(() -> KeyRing.read(file))
        .hasMessageContaining("line 2 repeats the key id a");

    Files.writeString(file, "# nothing\n");
    assertThatThrownBy(() -> KeyRing.read(file)).hasMessageContaining("no key");
  }

  @Test
  void a_new_file_is_for_its_owner_alone_and_is_read_again_unchanged() throws Exception {
    var file = directory.resolve("state/countersign.key");
    var created = KeyRing.readOrCreate(file, entropy);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(KeyRing.readOrCreate(file, entropy).newest().encoded())
        .isEqualTo(created.newest().encoded());
    assertThatThrownBy(() -> created.rotated(entropy).write(file))
        .isInstanceOf(FileAlreadyExistsException.class);
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void a_rotated_ring_survives_its_file() throws Exception {
    var ring = KeyRing.fresh(entropy).rotated(entropy);
    ring.write(directory.resolve("two.key"));

    assertThat(KeyRing.read(directory.resolve("two.key"))).hasToString(ring.toString());
  }

  @Test
  void servers_that_start_at_once_end_with_the_same_key() {
    var file = directory.resolve("countersign.key");
    Set<String> seen = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 16)
        .parallel()
        .forEach(_ -> seen.add(KeyRing.readOrCreate(file, entropy).newest().id()));
    assertThat(seen).hasSize(1);
  }

  @Test
  void FAULT_08_a_database_written_with_another_key_is_noticed_at_start() {
    var ring = KeyRing.parse("one:" + A);
    assertThat(KeyCheck.of(ring, Map.of())).isInstanceOf(KeyCheck.Fits.class);
    var stored = ((KeyCheck.Fits) KeyCheck.of(ring, Map.of())).toStore();

    assertThat(stored).containsOnlyKeys("one");
    assertThat(KeyCheck.of(ring, stored)).isEqualTo(new KeyCheck.Fits(Map.of()));
    assertThat(KeyCheck.of(KeyRing.parse("one:" + B), stored))
        .isInstanceOfSatisfying(
            KeyCheck.Unfit.class,
            unfit ->
                assertThat(unfit.problems()).singleElement().asString().contains("not the one"));
    assertThat(KeyCheck.of(KeyRing.parse("two:" + B), stored))
        .isInstanceOfSatisfying(
            KeyCheck.Unfit.class,
            unfit ->
                assertThat(unfit.problems())
                    .singleElement()
                    .asString()
                    .contains("\"one\"")
                    .contains("not in the key file"));
    assertThat(
            ((KeyCheck.Fits) KeyCheck.of(KeyRing.parse("one:" + A + "\ntwo:" + B), stored))
                .toStore())
        .containsOnlyKeys("two");
  }
}
