package dev.countersign.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.drive.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the measuring works at all; what it measures is asked for by {@code ./dev bench}. */
class SignInLoadTest {
  private static final String LINE =
      """
      {"base":"http://localhost:8080","apps":[{"name":"web","client_id":"c1","client_secret":"s","redirect_uris":["http://localhost:9/cb"]}],\
      "people":[{"username":"ana","password":"p","totp_secret":"JBSWY3DPEHPK3PXP"},{"username":"bo","password":"p","totp_secret":null}]}\
      """;

  @Test
  void the_stage_holds_the_people_with_an_authenticator_app() {
    var stage = Stage.of(LINE);
    assertThat(stage.base()).hasToString("http://localhost:8080");
    assertThat(stage.client().redirectUri()).isEqualTo("http://localhost:9/cb");
    assertThat(stage.people()).extracting(Stage.Person::name).containsExactly("ana");
  }

  @Test
  void nobody_types_the_code_of_one_time_step_twice() throws InterruptedException {
    var turns = new Turns(Stage.of(LINE).people());
    var first = turns.next();
    var second = turns.next();
    assertThat(second.step()).isEqualTo(first.step() + 1);
  }

  @Test
  void the_processor_time_of_a_process_grows_with_what_it_does() {
    long self = ProcessHandle.current().pid();
    var before = Cpu.of(self, List.of());
    double sum = 0;
    for (int i = 1; i < 30_000_000; i++) {
      sum += Math.sin(i);
    }
    var spent = Cpu.of(self, List.of()).since(before);
    assertThat(sum).isNotNaN();
    assertThat(spent.work()).isGreaterThan(50);
    assertThat(spent.database()).isZero();
    assertThat(Cpu.residentMegabytes(self)).isBetween(20.0, 4_000.0);
  }

  @Test
  void a_plan_knows_its_options() {
    var plan = SignInLoad.Plan.of(List.of("--database", "postgres", "--in-flight", "2,4"));
    assertThat(plan.postgres()).isTrue();
    assertThat(plan.inFlight()).containsExactly(2, 4);
  }
}
