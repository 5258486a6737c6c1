package dev.countersign.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnersOnlyTest {
  @TempDir private Path directory;

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void a_new_folder_is_closed_to_others_and_those_above_it_are_as_usual() throws IOException {
    var usual = Files.createDirectory(directory.resolve("usual"));
    var folder = directory.resolve("var/lib/data");

    OwnersOnly.folder(folder);

    assertThat(permissions(folder)).isEqualTo("rwx------");
    assertThat(permissions(folder.getParent())).isEqualTo(permissions(usual));
  }

  @Test
  void a_folder_that_is_there_stays_as_its_owner_made_it() throws IOException {
    var shared = Files.createDirectory(directory.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-x---"));
    var link = Files.createSymbolicLink(directory.resolve("link"), shared);

    OwnersOnly.folder(shared);
    OwnersOnly.folder(link);

    assertThat(permissions(shared)).isEqualTo("rwxr-x---");
  }

  @Test
  void several_may_make_a_folder_at_once_but_not_where_a_file_is() throws IOException {
    var folder = directory.resolve("data");
    IntStream.range(0, 16)
        .parallel()
        .forEach(_ -> {
          try {
            OwnersOnly.folder(folder);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(folder).isDirectory();

    var file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> OwnersOnly.folder(file))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void a_new_file_is_closed_to_others_and_never_takes_anothers_place() throws IOException {
    var file = directory.resolve("secret");

    OwnersOnly.file(file);

    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThatThrownBy(() -> OwnersOnly.file(file)).isInstanceOf(FileAlreadyExistsException.class);
  }
}
