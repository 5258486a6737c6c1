package dev.countersign.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.Engine;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import org.junit.jupiter.api.Test;

/** Both databases have the same tables: each is asked what it has, and both answers are the one that is kept. */
class SchemaGoldenTest {
  @Test
  @WorldTest(Engine.EMBEDDED)
  void the_embedded_database_has_the_documented_schema(World world) {
    compare(world);
  }

  @Test
  @WorldTest(Engine.POSTGRES)
  void postgresql_has_the_documented_schema(World world) {
    compare(world);
  }

  private static void compare(World world) {
    var schema = Schema.of(world.wiring().ground.database);

    assertThat(schema.tables()).hasSizeGreaterThan(15);
    Golden.compare("docs/schema.txt", schema.text());
  }
}
