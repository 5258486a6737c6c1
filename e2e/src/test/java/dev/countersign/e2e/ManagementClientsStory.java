package dev.countersign.e2e;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Auth0's clients for its Management API, and applications that sign people in by its libraries, make of Countersign. */
class ManagementClientsStory {
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
  void the_description_of_the_API_passes_a_linter() {
    clients.run("describe.mjs");
  }

  @Test
  void a_back_office_leads_the_whole_life_of_a_persons_factors() {
    clients.run("management.mjs");
  }

  @Test
  void an_Express_application_signs_people_in_both_ways() {
    clients.run("express.mjs");
  }

  @Test
  void a_single_page_application_signs_people_in_by_redirect_and_silently() {
    clients.run("spa.mjs");
  }
}
