package dev.countersign.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.Golden;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeysGoldenTest {
  @Test
  void the_documentation_lists_every_key() {
    Golden.compare("docs/configuration.md", Reference.page(Keys.ALL));
  }

  @Test
  void every_declared_key_is_in_the_list() {
    List<Key<?>> declared =
        Arrays.stream(Keys.class.getDeclaredFields())
            .filter(
                field -> Modifier.isPublic(field.getModifiers()) && field.getType() == Key.class)
            .<Key<?>>map(KeysGoldenTest::valueOf)
            .toList();

    assertThat(Keys.ALL).hasSizeGreaterThan(20).containsExactlyElementsOf(declared);
  }

  @Test
  void no_two_names_share_a_flag_or_a_variable() {
    Set<String> names = Configuration.names(Keys.ALL);

    assertThat(new HashSet<>(names.stream().map(Key::flag).toList())).hasSameSizeAs(names);
    assertThat(new HashSet<>(names.stream().map(Key::variable).toList())).hasSameSizeAs(names);
  }

  private static Key<?> valueOf(Field field) {
    try {
      return (Key<?>) field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
