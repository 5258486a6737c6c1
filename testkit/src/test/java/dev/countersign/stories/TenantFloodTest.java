package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What the people of one tenant notice of an attack on another: nothing. */
@Isolated("Compares what others wait.")
@WorldTest
class TenantFloodTest {
  private static final int FLOODERS = 6;
  private static final int PEOPLE = 24;

  /** Guesses at two names of a tenant, from the address that everybody here has, until told to stop. */
  private static void floods(
      Company company, Browser browser, AtomicBoolean over, AtomicInteger refused) {
    for (int i = 0; !over.get(); i++) {
      browser.open(company.url("/account"));
      browser.submit(Map.of("identifier", i % 2 == 0 ? "ana" : "nobody"));
      if (browser.submit(Map.of("password", "wrong password")).status() == 429) {
        refused.incrementAndGet();
      }
    }
  }

  private static void await(AtomicInteger count, int enough) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (count.get() < enough) {
      assertThat(System.nanoTime()).as("the flood rises in time").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  @Test
  @WorldTest(nodes = 2)
  void TEN_05_a_tenant_that_is_flooded_costs_another_neither_a_refusal_nor_a_sign_in(World world)
      throws InterruptedException, ExecutionException {
    var acme = world.tenant("acme").requiring("otp");
    acme.person("ana");
    var beta = world.tenant("beta").requiring("otp");
    for (int i = 0; i < PEOPLE; i++) {
      beta.person(i == 0 ? "ana" : "person" + i).enrolledIn("otp");
    }
    var over = new AtomicBoolean();
    var refused = new AtomicInteger();
    var floods = new ArrayList<Future<?>>();
    try (var threads = Executors.newFixedThreadPool(FLOODERS)) {
      for (int i = 0; i < FLOODERS; i++) {
        var browser = world.browser().talkingTo(world.node(i % 2));
        floods.add(threads.submit(() -> floods(acme, browser, over, refused)));
      }
      try {
        await(refused, 20);
        int before = refused.get();
        for (int i = 0; i < PEOPLE; i++) {
          var person = beta.person(i == 0 ? "ana" : "person" + i);
          var browser = world.browser().talkingTo(world.node(i % 2));
          person.signsInWith(browser).isAskedForCode().answers(person.codeNow()).isIn();
        }
        await(refused, before + 20);
      } finally {
        over.set(true);
      }
      for (var flood : floods) {
        flood.get();
      }
    }

    assertThat(beta.audit().count("user.signed_in")).isEqualTo(PEOPLE);
    assertThat(
            beta.audit()
                .of("user.sign_in_failed", "user.locked", "user.mfa_failed", "tenant.under_attack"))
        .isEmpty();
    assertThat(acme.audit().count("user.signed_in")).isZero();
    assertThat(acme.audit().count("user.locked")).as("told of once for each door").isPositive();
  }

  @Test
  @WorldTest(value = Engine.POSTGRES, nodes = 2)
  void TEN_05_the_same_on_postgresql(World world) throws InterruptedException, ExecutionException {
    TEN_05_a_tenant_that_is_flooded_costs_another_neither_a_refusal_nor_a_sign_in(world);
  }
}
