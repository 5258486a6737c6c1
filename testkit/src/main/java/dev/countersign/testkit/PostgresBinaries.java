package dev.countersign.testkit;

import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.InputStream;
import java.util.List;

/**
 * The PostgreSQL that the build brings, which is that of one platform. It may be on the class path twice, as a dependency
 * and by the manifest of the packaged testkit, and the library's own search refuses that.
 */
public final class PostgresBinaries implements PgBinaryResolver {
  @Override
  public InputStream getPgBinary(String system, String machine) {
    for (var platform : List.of("linux-x86_64", "linux-arm_64", "darwin-x86_64", "darwin-arm_64")) {
      var found = PostgresBinaries.class.getResourceAsStream("/postgres-" + platform + ".txz");
      if (found != null) {
        return found;
      }
    }
    throw new IllegalStateException("no PostgreSQL on the class path");
  }
}
