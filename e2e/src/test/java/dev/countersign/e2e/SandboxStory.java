package dev.countersign.e2e;

import dev.countersign.enforcement.Mode;
import dev.countersign.kernel.Json;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** A passkey that a sandbox made answers from the browser's own authenticator. */
@Told
class SandboxStory {
  @RegisterExtension private final Visit visit;

  SandboxStory(Screen screen) {
    visit = Visit.on(screen).inSandbox();
  }

  @AfterEach
  void unplugs() {
    visit.does().unplugsAuthenticators();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> told(JsonNode authenticator, String to) {
    return Json.read(
        Json.write(authenticator.path("virtual_authenticator").path(to)), Map.class);
  }

  @Test
  void a_passkey_of_a_sandbox_is_loaded_into_the_browsers_authenticator() {
    var ana = visit.acme().demanding(Mode.REQUIRED).person("ana");
    var made =
        Json.tree(
            visit
                .acme()
                .managed(
                    "POST",
                    "/sandbox/authenticators",
                    "{\"user_id\":\"" + ana.id() + "\",\"type\":\"passkey\"}")
                .body());
    visit.does().plugsInAuthenticator(true).loadsByWebDriver(told(made, "webdriver"));
    visit.does().keepsSuggestionsAway();
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.sees().page("Confirm it’s you");
    visit.does().presses("Use fingerprint, face or screen lock");
    visit.sees().page("Save your backup codes");
    visit.does().ticks("saved").presses("Continue");
    visit.sees().bank("aal3", "hwk mfa pwd user");

    var path = "/sandbox/authenticators/" + made.path("id").stringValue();
    var now = Json.tree(visit.acme().managed("GET", path, "").body());
    visit.does().takesAnotherBrowser();
    visit.does().unplugsAuthenticators().plugsInAuthenticator(true);
    visit.does().loadsByDevTools(told(now, "devtools")).keepsSuggestionsAway();
    visit.does().comesFrom(visit.acme().bank()).givesNameAndPassword(ana);
    visit.sees().page("Confirm it’s you");
    visit.does().presses("Use fingerprint, face or screen lock");
    visit.sees().bank("aal3", "hwk mfa pwd user");
  }
}
