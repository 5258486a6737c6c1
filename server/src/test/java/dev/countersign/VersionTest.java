package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {

  @Test
  void a_build_without_a_jar_says_so() {
    assertThat(Version.running().text()).isEqualTo("development");
  }
}
