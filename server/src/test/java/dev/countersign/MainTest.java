package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.cli.Command;
import dev.countersign.kernel.LiveEntropy;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class MainTest {
  @Test
  void every_command_can_be_made_and_no_two_are_called_the_same() {
    var entropy = new LiveEntropy();
    var clock = InstantSource.system();
    assertThat(Main.commands(new Launcher(clock, entropy), clock, entropy))
        .extracting(Command::name)
        .hasSizeGreaterThan(20)
        .doesNotHaveDuplicates();
  }
}
