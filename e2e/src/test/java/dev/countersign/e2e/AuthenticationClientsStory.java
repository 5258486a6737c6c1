package dev.countersign.e2e;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Auth0's own clients for its Authentication API make of Countersign. */
class AuthenticationClientsStory {
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
  void clients_find_the_server_over_HTTPS_and_get_a_token_of_their_own() {
    clients.run("first-words.mjs");
  }

  @Test
  void auth_js_leads_people_from_the_first_password_to_the_last_backup_code() {
    clients.run("auth-js-mfa.mjs");
  }

  @Test
  void the_legacy_client_signs_in_by_password_and_is_told_when_more_is_demanded() {
    clients.run("legacy-password.mjs");
  }
}
