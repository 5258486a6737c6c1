package dev.countersign.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enrolment.SetUp;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Prompt;
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
  private static final FactorId OTP = new FactorId("otp");

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
    for (int i = 1; i <= 5; i++) {
      var begun = ana.begins(OTP, Optional.empty()).orElseThrow();
      var code =
          Answer.ofCode(
              Secret.of(
                  AuthenticatorApp.scanning(key(begun).uri()).codeAt(world.clock().instant())));

      assertThat(ana.confirms(begun, code)).isInstanceOf(SetUp.Confirmation.Confirmed.class);
      assertThat(ana.confirms(begun, code)).isInstanceOf(SetUp.Confirmation.Gone.class);
    }

    assertThat(ana.begins(OTP, Optional.empty())).isEmpty();
  }

  private static Prompt.SharedKey key(SetUp.UnderWay underWay) {
    return (Prompt.SharedKey) underWay.prompt();
  }

  @Test
  void TIME_04_a_set_up_is_over_after_ten_minutes_to_the_millisecond(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    var first = ana.begins(OTP, Optional.empty()).orElseThrow();

    world.later(Duration.ofMinutes(10).minusMillis(1));
    var same = ana.begins(OTP, first.id()).orElseThrow();
    world.later(Duration.ofMillis(1));
    var another = ana.begins(OTP, first.id()).orElseThrow();

    assertThat(same.prompt()).isEqualTo(first.prompt());
    assertThat(another.renewed()).isTrue();
    assertThat(key(another).key()).isNotEqualTo(key(first).key());
  }
}
