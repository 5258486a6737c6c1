package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import dev.countersign.kernel.TenantId;
import dev.countersign.tenant.SigningAlgorithm;
import dev.countersign.tenant.SigningKey;
import dev.countersign.tenant.SigningKeys;
import dev.countersign.tenant.Tenants;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.Node;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One tenant changes its policy, its looks and its keys while people of another sign in on two servers. */
@WorldTest
class TenantChangesTest {
  /** For a busy machine, on top of what is promised. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private static void becomesTrue(String what, Duration within, BooleanSupplier condition) {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static Set<String> kids(Node node, World world, TenantId tenant) {
    return node.wiring().ground.signingKeys.published(tenant, world.clock().now()).stream()
        .map(SigningKey::kid)
        .collect(Collectors.toSet());
  }

  /** Signs in and takes tokens, now here, now there, until told to stop; the ID tokens. */
  private static List<String> signsInAgainAndAgain(
      World world, Client shop, Someone who, AtomicBoolean over, AtomicInteger done) {
    var tokens = new ArrayList<String>();
    for (int i = 0; !over.get(); i++) {
      var node = world.node(i % 2);
      var answer = shop.signsIn(who, world.browser().talkingTo(node), Map.of());
      assertThat(answer).as("signed in by password alone").containsKey("code");
      var received =
          shop.token(
              node,
              Map.of(
                  "grant_type",
                  "authorization_code",
                  "code",
                  answer.get("code"),
                  "redirect_uri",
                  Client.CALLBACK,
                  "code_verifier",
                  Client.VERIFIER));
      tokens.add(Client.json(received).path("id_token").asString());
      done.incrementAndGet();
    }
    return tokens;
  }

  @Test
  @WorldTest(nodes = 2)
  void TEN_07_what_a_tenant_changes_is_live_on_every_server_in_time_and_nobody_elses(World world)
      throws Exception {
    var acme = world.tenant("acme").demandingNothing();
    var beta = world.tenant("beta").demandingNothing();
    var shop = Client.web(world, beta);
    var bea = beta.person("bea");
    var ana = acme.person("ana");
    var keys = world.wiring().ground.signingKeys;
    keys.rotate(acme.id(), SigningAlgorithm.ES256, _ -> {}); // Publishes the next.
    world.later(SigningKeys.PUBLISHED_AHEAD);
    ana.signsInWith(world.browser().talkingTo(world.node(1))).isIn();
    var looks = world.wiring().ground.tenants.find(beta.id()).orElseThrow().settings();
    var over = new AtomicBoolean();
    var done = new AtomicInteger();
    List<String> tokens;
    try (var thread = Executors.newSingleThreadExecutor()) {
      Callable<List<String>> signingIn = () -> signsInAgainAndAgain(world, shop, bea, over, done);
      var running = thread.submit(signingIn);
      try {
        becomesTrue("bea signs in", Duration.ofSeconds(30), () -> done.get() >= 2);
        for (int round = 0; round < 4; round++) {
          acme.requiring("otp");
          ana.signsInWith(world.browser().talkingTo(world.node(1))).isAskedToSetUp();
          acme.demandingNothing();
          ana.signsInWith(world.browser().talkingTo(world.node(1))).isIn();
        }
        acme.requiring("otp");

        var before = world.wiring().ground.tenants.find(acme.id()).orElseThrow();
        var there = world.node(1).wiring().ground.tenants;
        assertThat(
                world
                    .wiring()
                    .ground
                    .tenants
                    .save(before.withSettings(before.settings().withBrand("#123456", ""))))
            .isTrue();
        becomesTrue(
            "looks are live on the other server",
            Tenants.FRESH.plus(GRACE),
            () -> there.find(acme.id()).orElseThrow().settings().accent().equals("#123456"));

        assertThat(kids(world.node(1), world, acme.id())).hasSize(2);
        assertThat(keys.rotate(acme.id(), SigningAlgorithm.ES256, _ -> {}))
            .isInstanceOf(SigningKeys.Rotation.Rotated.class);
        var now = kids(world.node(), world, acme.id());
        becomesTrue(
            "keys are live on the other server",
            Tenants.FRESH.plus(GRACE),
            () -> kids(world.node(1), world, acme.id()).equals(now));
        int so = done.get();
        becomesTrue("bea goes on", Duration.ofSeconds(30), () -> done.get() >= so + 2);
      } finally {
        over.set(true);
      }
      tokens = running.get();
    }

    var published = JWKSet.parse(shop.get("/.well-known/jwks.json", Map.of()).text());
    var foreign = kids(world.node(), world, acme.id());
    assertThat(tokens)
        .isNotEmpty()
        .allSatisfy(token -> {
          var kid = Client.header(token).path("kid").asString();
          assertThat(published.getKeyByKeyId(kid)).as("a key of Beta").isNotNull();
          assertThat(foreign).doesNotContain(kid);
          assertThat(Client.claims(token).path("iss").asString()).isEqualTo(shop.issuer());
        });
    for (var node : world.nodes()) {
      assertThat(node.wiring().ground.tenants.find(beta.id()).orElseThrow().settings())
          .isEqualTo(looks);
    }
    assertThat(beta.audit().of("user.mfa_failed", "mfa.factor_added")).isEmpty();
  }

  @Test
  @WorldTest(value = Engine.POSTGRES, nodes = 2)
  void TEN_07_the_same_on_postgresql(World world) throws Exception {
    TEN_07_what_a_tenant_changes_is_live_on_every_server_in_time_and_nobody_elses(world);
  }

  @Test
  void TEN_07_the_document_says_how_soon() throws java.io.IOException {
    assertThat(Files.readString(Path.of("..", "docs", "operations.md")))
        .contains("on every other within " + Tenants.FRESH.toSeconds() + " seconds");
  }
}
