package dev.countersign.factor.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.delivery.Dispatch;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Holder;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Scene;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmailCodeTest {
  private static final Moment NOW = Moment.ofSeconds(1_800_000_000);
  private final EmailCode factor = new EmailCode(new LiveEntropy());

  private static Scene scene(String settings) {
    return new Scene(
        new Holder(new UserId("auth0|ana"), "ana", Map.of()),
        new Scene.Site("Acme", "", List.of()),
        settings,
        Scene.Asking.NOBODY,
        NOW);
  }

  private Enrolment enrolment(String address) {
    var brought = factor.bring(Map.of("email", Secret.of(address)));
    return enrolment(((Factor.Brought.Ready) brought).document());
  }

  private Enrolment enrolment(Secret document) {
    return new Enrolment(
        new EnrolmentId("dev_1"),
        new UserId("auth0|ana"),
        factor.profile().id(),
        "",
        Enrolment.State.ACTIVE,
        document,
        -1,
        NOW,
        Optional.of(NOW),
        Optional.empty());
  }

  private Factor.Posed posed(String settings) {
    return factor.pose(scene(settings), List.of(enrolment("anastasia@acme.example")));
  }

  private static Dispatch.Mail mail(Factor.Posed posed) {
    return (Dispatch.Mail) posed.dispatch().orElseThrow();
  }

  private Factor.Verdict check(Factor.Posed posed, String typed) {
    return factor.check(
        scene("{}"),
        List.of(enrolment("anastasia@acme.example")),
        Optional.of(posed.memo()),
        Answer.ofCode(Secret.of(typed)));
  }

  @Test
  void six_digits_go_to_the_address_for_ten_minutes_unless_the_tenant_says_otherwise() {
    var usual = posed("{}");
    assertThat(mail(usual).address()).isEqualTo("anastasia@acme.example");
    assertThat(mail(usual).code().reveal()).matches("[0-9]{6}");
    assertThat(usual.lasts()).isEqualTo(Duration.ofMinutes(10)).isEqualTo(mail(usual).lasts());

    var other = posed("{\"otp_length\":10,\"otp_expiration_time\":30}");
    assertThat(mail(other).code().reveal()).matches("[0-9]{10}");
    assertThat(other.lasts()).isEqualTo(Duration.ofSeconds(30));
    assertThat(factor.inForce("{\"otp_length\":8}"))
        .isEqualTo(Map.of("otp_length", 8, "otp_expiration_time", 600L));
  }

  @Test
  void the_page_shows_where_it_went_and_not_more() {
    assertThat(posed("{}").prompt())
        .isEqualTo(Prompt.Code.sent(new Prompt.Shape(6), "a•••@acme.example"));
    assertThat(factor.asking(scene("{}"), List.of(), posed("{\"otp_length\":8}").memo()))
        .isEqualTo(Prompt.Code.sent(new Prompt.Shape(8), "a•••@acme.example"));
  }

  @Test
  void the_code_is_right_with_blanks_and_wrong_otherwise() {
    var posed = posed("{}");
    var code = mail(posed).code().reveal();

    assertThat(check(posed, " " + code.substring(0, 3) + " " + code.substring(3)))
        .isInstanceOf(Factor.Verdict.Accepted.class);
    for (var typed : List.of("", "12345", code + "0", code.replace(code.charAt(5), 'x'))) {
      assertThat(check(posed, typed)).isInstanceOf(Factor.Verdict.Refused.class);
    }
    assertThat(
            factor.check(
                scene("{}"),
                List.of(enrolment("a@b.example")),
                Optional.empty(),
                Answer.ofCode(Secret.of(code))))
        .isInstanceOf(Factor.Verdict.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({
    "anastasia@acme.example, anas****@acme********",
    "ana@acme.example, ****@acme********",
    "anna@a.b, ****@a.b"
  })
  void the_api_shows_the_address_masked(String address, String shown) {
    assertThat(factor.shown(enrolment(address))).isEqualTo(Map.of("email", shown));
  }

  @Test
  void one_of_the_accounts_own_address_is_usable_while_there_is_a_confirmed_one() {
    var own = enrolment(factor.forOwnAddress().orElseThrow());
    var user = new UserId("auth0|ana");
    var holder = new Holder(user, "ana", Map.of(Holder.ADDRESS, "ana@acme.example"));
    var nowhere = new Holder(user, "ana", Map.of(Holder.ADDRESS, ""));

    assertThat(factor.isUsable(holder, own)).isTrue();
    assertThat(factor.isUsable(nowhere, own)).isFalse();
    assertThat(factor.isUsable(nowhere, enrolment("ana@home.example"))).isTrue();
    var seen = new Scene(holder, scene("{}").site(), "{}", Scene.Asking.NOBODY, NOW);
    assertThat(mail(factor.pose(seen, List.of(own))).address()).isEqualTo("ana@acme.example");
    assertThat(factor.mailAddress(own)).isEmpty();
    assertThat(factor.shown(own)).isEmpty();
  }
}
