package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Mode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** APIs that ask for more by RFC 9470, and applications that bring it: the examples, started for real. */
@Told
class ChallengingApiStory {
  private static final String AUDIENCE = "https://bank.example/api";
  private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  @RegisterExtension private final Visit visit;

  ChallengingApiStory(Screen screen) {
    visit = Visit.on(screen);
  }

  @Test
  void STEP_02_an_api_in_express_is_brought_the_proof_that_it_asks_for() throws IOException {
    try (var api = ExampleApi.express(visit.acme().origin() + "/", AUDIENCE)) {
      bringsWhatIsAskedFor(api);
    }
  }

  @Test
  void STEP_02_an_api_in_spring_boot_is_brought_the_proof_that_it_asks_for() throws IOException {
    try (var api = ExampleApi.springBoot(visit.acme().origin() + "/", AUDIENCE)) {
      bringsWhatIsAskedFor(api);
    }
  }

  private void bringsWhatIsAskedFor(ExampleApi api) {
    var acme = visit.acme().callable(AUDIENCE).demanding(Mode.OFF);
    var ana = acme.person("ana").withApp().withBackupCodes();
    var bank = acme.bank();
    visit.does().comesFrom(bank, Map.of("audience", AUDIENCE)).givesNameAndPassword(ana);
    visit.sees().bankAt("aal1");

    assertThat(api.call("GET", "/balance", "no token").statusCode()).isEqualTo(401);
    assertThat(api.call("GET", "/balance", bank.accessToken()).statusCode()).isEqualTo(200);
    var refused = api.call("POST", "/limit", bank.accessToken());
    assertThat(refused.statusCode()).isEqualTo(401);
    var challenge = refused.headers().firstValue("WWW-Authenticate").orElse("");
    assertThat(challenge).startsWith("Bearer ");
    var asked = new HashMap<String, String>();
    var parameters = PARAMETER.matcher(challenge);
    while (parameters.find()) {
      asked.put(parameters.group(1), parameters.group(2));
    }
    assertThat(asked).containsEntry("error", "insufficient_user_authentication");

    visit
        .does()
        .comesFrom(
            bank,
            Map.of(
                "audience",
                AUDIENCE,
                "acr_values",
                asked.get("acr_values"),
                "max_age",
                asked.get("max_age")));
    visit.sees().page("Confirm it’s you");
    visit.does().answersWith(ana.code());
    visit.sees().bankAt("aal2");
    assertThat(api.call("POST", "/limit", bank.accessToken()).statusCode()).isEqualTo(200);
  }
}
