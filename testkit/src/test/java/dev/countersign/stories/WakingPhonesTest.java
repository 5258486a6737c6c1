package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.config.Cidr;
import dev.countersign.delivery.Dispatch;
import dev.countersign.delivery.push.Waker;
import dev.countersign.delivery.push.WebPushWaker;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.outbound.Outbound;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.PushService;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Phones are woken through the push service of their browser's maker. */
@WorldTest
class WakingPhonesTest {
  private static final EnrolmentId PHONE = new EnrolmentId("enr_phone");

  private static PushService service(World world, Company acme) {
    var key = world.wiring().answers.serverKeys.of(acme.id(), world.clock().now()).publicKey();
    return PushService.subscribedFor(key, world.clock());
  }

  private static Waker.Woken wakes(
      World world, Company acme, Outbound outbound, Dispatch.Push.Target phone) {
    return wakes(world, acme, outbound, phone, new Waker.Word.Approval());
  }

  private static Waker.Woken wakes(
      World world, Company acme, Outbound outbound, Dispatch.Push.Target phone, Waker.Word word) {
    var wiring = world.wiring();
    return new WebPushWaker(
            outbound, wiring.answers.serverKeys, wiring.ground.tenants, world.entropy())
        .wake(acme.id(), phone, word, world.clock().now());
  }

  private static Outbound reaching(String network) {
    return new Outbound(List.of(Cidr.parse(network).orElseThrow()));
  }

  private static Dispatch.Push.Target phone(PushService service) {
    return new Dispatch.Push.Target(
        PHONE, "web", service.address(), service.p256dh(), service.auth());
  }

  @Test
  void the_browser_reads_what_was_encrypted_to_it_and_learns_nothing_but_that_something_waits(
      World world) {
    var acme = world.tenant("acme");
    try (var service = service(world, acme);
        var outbound = reaching("127.0.0.0/8")) {
      assertThat(wakes(world, acme, outbound, phone(service)))
          .isInstanceOf(Waker.Woken.Taken.class);

      assertThat(service.refusals()).isEmpty();
      assertThat(service.messages()).containsExactly("{\"type\":\"approval\"}");
    }
  }

  @Test
  void words_reach_the_browser_as_they_are_and_nobody_between(World world) {
    var acme = world.tenant("acme");
    try (var service = service(world, acme);
        var outbound = reaching("127.0.0.0/8")) {
      var words = new Waker.Word.Alert("recovery", "Jemand stellt … her", "„Das war ich nicht“");

      assertThat(wakes(world, acme, outbound, phone(service), words))
          .isInstanceOf(Waker.Woken.Taken.class);

      assertThat(service.refusals()).isEmpty();
      assertThat(service.messages())
          .containsExactly(
              "{\"type\":\"recovery\",\"title\":\"Jemand stellt … her\",\"body\":\"„Das war ich nicht“\"}");
    }
  }

  @Test
  void a_subscription_of_another_tenant_takes_nothing(World world) {
    var acme = world.tenant("acme");
    try (var service = service(world, world.tenant("beta"));
        var outbound = reaching("127.0.0.0/8")) {
      assertThat(wakes(world, acme, outbound, phone(service)))
          .isInstanceOf(Waker.Woken.Failed.class);

      assertThat(service.messages()).isEmpty();
    }
  }

  @Test
  void a_subscription_that_is_gone_or_malformed_wakes_nobody_and_breaks_nothing(World world) {
    var acme = world.tenant("acme");
    try (var service = service(world, acme);
        var outbound = reaching("127.0.0.0/8")) {
      var good = phone(service);
      for (var bad :
          List.of(
              new Dispatch.Push.Target(PHONE, "web", "not a uri", good.p256dh(), good.auth()),
              new Dispatch.Push.Target(PHONE, "web", good.address(), "AAAA", good.auth()),
              new Dispatch.Push.Target(PHONE, "web", good.address(), good.p256dh(), "AAAA"),
              new Dispatch.Push.Target(
                  PHONE, "web", "file:///etc/passwd", good.p256dh(), good.auth()))) {
        assertThat(wakes(world, acme, outbound, bad))
            .as("%s", bad)
            .isNotInstanceOf(Waker.Woken.Taken.class);
      }
      service.forget();
      assertThat(wakes(world, acme, outbound, good)).isInstanceOf(Waker.Woken.Gone.class);
    }
  }

  @Test
  void an_address_within_the_operators_network_is_not_called(World world) {
    var acme = world.tenant("acme");
    try (var service = service(world, acme);
        var outbound = new Outbound(List.of())) {
      assertThat(wakes(world, acme, outbound, phone(service)))
          .isInstanceOf(Waker.Woken.Failed.class);

      assertThat(service.messages()).isEmpty();
      assertThat(service.refusals()).isEmpty();
    }
  }

  @Test
  void a_phone_says_where_it_can_be_woken_and_the_sign_in_goes_on_when_nobody_wakes_it(
      World world) {
    var ana = world.tenant("acme").requiring("push-notification").person("ana");
    ana.enrolledIn("push-notification");
    try (var service = service(world, ana.company())) {
      assertThat(ana.phone().subscribes(service.address(), service.p256dh(), service.auth()))
          .isTrue();
    }

    ana.signsIn().approvesOnPhone().isIn();

    ana.company()
        .audit()
        .says("mfa.challenge_sent", "by", "approver")
        .says("push.provider_failed", "reason", "no_connection");
  }

  @Test
  void a_subscription_that_has_ended_is_dropped_and_not_called_again(World world) {
    var ana = world.tenant("acme").requiring("push-notification").person("ana");
    ana.enrolledIn("push-notification");
    try (var service = service(world, ana.company())) {
      ana.phone().subscribes(service.address(), service.p256dh(), service.auth());
      service.forget();

      ana.signsIn().approvesOnPhone().isIn();
      ana.signsIn().approvesOnPhone().isIn();

      assertThat(ana.company().audit().of("push.provider_failed"))
          .singleElement()
          .satisfies(event -> assertThat(event.details()).containsEntry("reason", "gone"));
    }
  }
}
