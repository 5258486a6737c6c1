package dev.countersign.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * A reference to the table of tenants has the tenant looked up with every row that is written. Custom hosts, of which there
 * are few, are the exception.
 */
class TenantReferencesTest {

  @Test
  void no_table_but_that_of_custom_hosts_refers_to_tenants() {
    var migrations =
        lines("/db/migrations.txt").stream().filter(it -> it.endsWith(".sql")).toList();
    var referring =
        migrations.stream()
            .flatMap(file -> lines("/db/" + file).stream())
            .filter(line -> line.contains("references tenants"))
            .toList();

    assertThat(migrations).hasSizeGreaterThan(1);
    assertThat(referring).hasSize(1);
  }

  private static List<String> lines(String resource) {
    try (var in =
        Objects.requireNonNull(
            TenantReferencesTest.class.getResourceAsStream(resource), resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
