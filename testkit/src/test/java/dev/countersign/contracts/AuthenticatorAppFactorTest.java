package dev.countersign.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enrolment.SetUp;
import dev.countersign.factor.Answer;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Secret;
import dev.countersign.testkit.AuthenticatorApp;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@WorldTest
class AuthenticatorAppFactorTest implements FactorContract {
  @Override
  public String factor() {
    return "otp";
  }

  @Override
  public String right(Someone who) {
    return who.codeNow();
  }

  @Override
  public String wrong(Someone who) {
    return who.wrongCode();
  }

  @Override
  public Duration life() {
    return Duration.ofSeconds(90);
  }

  @Test
  void a_set_up_is_confirmed_once_and_the_sixth_is_one_too_many(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    var whose = new SetUp.Whose(acme.id(), ana.id(), null, null);
    var wiring = world.wiring();
    for (int i = 1; i <= 5; i++) {
      var begun =
          wiring
              .database
              .write(tx ->
                  wiring.setUp.begin(
                      tx, whose, new FactorId("otp"), Optional.empty(), world.node().occasion()))
              .orElseThrow();
      var code =
          Answer.ofCode(
              Secret.of(
                  AuthenticatorApp.scanning(begun.exhibit().get("uri"))
                      .codeAt(world.clock().instant())));

      assertThat(
              wiring.database.<SetUp.Confirmation>write(tx ->
                  wiring.setUp.confirm(tx, whose, begun.id(), code, "", world.node().occasion())))
          .isInstanceOf(SetUp.Confirmation.Confirmed.class);
      assertThat(
              wiring.database.<SetUp.Confirmation>write(tx ->
                  wiring.setUp.confirm(tx, whose, begun.id(), code, "", world.node().occasion())))
          .isInstanceOf(SetUp.Confirmation.Gone.class);
    }

    var sixth =
        wiring.database.write(tx ->
            wiring.setUp.begin(
                tx, whose, new FactorId("otp"), Optional.empty(), world.node().occasion()));

    assertThat(sixth).isEmpty();
  }

  @Test
  void TIME_04_a_set_up_is_over_after_ten_minutes_to_the_millisecond(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    var whose = new SetUp.Whose(acme.id(), ana.id(), null, null);
    var wiring = world.wiring();
    var first =
        wiring
            .database
            .write(tx ->
                wiring.setUp.begin(
                    tx, whose, new FactorId("otp"), Optional.empty(), world.node().occasion()))
            .orElseThrow();

    world.later(Duration.ofMinutes(10).minusMillis(1));
    var same =
        wiring
            .database
            .write(tx ->
                wiring.setUp.begin(
                    tx,
                    whose,
                    new FactorId("otp"),
                    Optional.of(first.id()),
                    world.node().occasion()))
            .orElseThrow();
    world.later(Duration.ofMillis(1));
    var another =
        wiring
            .database
            .write(tx ->
                wiring.setUp.begin(
                    tx,
                    whose,
                    new FactorId("otp"),
                    Optional.of(first.id()),
                    world.node().occasion()))
            .orElseThrow();

    assertThat(same.exhibit()).isEqualTo(first.exhibit());
    assertThat(another.renewed()).isTrue();
    assertThat(another.exhibit().get("key")).isNotEqualTo(first.exhibit().get("key"));
  }
}
