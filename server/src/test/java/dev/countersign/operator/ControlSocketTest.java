package dev.countersign.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
  @TempDir Path folder;
  private final List<String> lines = new ArrayList<>();

  private final Answer answer =
      new Answer() {
        @Override
        public void say(String line) {
          lines.add(line);
        }

        @Override
        public void tell(String line) {
          lines.add("remark " + line);
        }
      };

  @Test
  void a_command_reaches_the_server_and_its_answer_comes_back() throws IOException {
    try (var _ = ControlSocket.open(folder, ControlSocketTest::echo)) {
      assertThat(ControlSocket.send(folder, List.of("audit", "--tenant", "ä b"), answer))
          .contains(3);
    }
    assertThat(lines).containsExactly("audit", "--tenant", "ä b", "remark done");
  }

  @Test
  void without_a_server_nobody_answers() throws IOException {
    assertThat(ControlSocket.send(folder, List.of("audit"), answer)).isEmpty();
    ControlSocket.open(folder, ControlSocketTest::echo).close();
    assertThat(ControlSocket.send(folder, List.of("audit"), answer)).isEmpty();
  }

  @Test
  void the_socket_of_a_killed_server_is_no_hindrance() throws IOException {
    Files.writeString(folder.resolve("control.sock"), "");
    assertThat(ControlSocket.send(folder, List.of("audit"), answer)).isEmpty();
    try (var _ = ControlSocket.open(folder, ControlSocketTest::echo)) {
      assertThat(ControlSocket.send(folder, List.of("audit"), answer)).contains(1);
    }
  }

  @Test
  void only_the_server_s_user_may_connect() throws IOException {
    try (var _ = ControlSocket.open(folder, ControlSocketTest::echo)) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve("control.sock"))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void an_argument_of_two_lines_is_not_sent() throws IOException {
    try (var _ = ControlSocket.open(folder, ControlSocketTest::echo)) {
      assertThatThrownBy(() -> ControlSocket.send(folder, List.of("a\nb"), answer))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static int echo(List<String> arguments, Answer answer) {
    arguments.forEach(answer::say);
    answer.tell("done");
    return arguments.size();
  }
}
