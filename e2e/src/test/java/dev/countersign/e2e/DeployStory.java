package dev.countersign.e2e;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Auth0's tool for whole tenants makes of Countersign. */
class DeployStory {
  @TempDir private static Path folder;
  private static NodeClients clients;

  @BeforeAll
  static void start() throws IOException {
    clients = NodeClients.start(folder);
  }

  @AfterAll
  static void stop() {
    clients.close();
  }

  @Test
  void a_tenant_is_exported_changed_imported_and_exported_again_and_is_what_was_written() {
    clients.run("deploy-cli.mjs");
  }
}
