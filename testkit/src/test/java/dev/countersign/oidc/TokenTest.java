package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.application.Api;
import dev.countersign.application.Application;
import dev.countersign.application.ClientGrant;
import dev.countersign.enforcement.Level;
import dev.countersign.enforcement.StepUp;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** {@code /oauth/token} and what becomes of what it gives. */
@WorldTest
class TokenTest {
  private static Company simple(World world) {
    return world.tenant("acme").demandingNothing();
  }

  @Test
  void OIDC_02_a_code_is_good_once_for_one_client_and_sixty_seconds(World world) {
    var acme = simple(world);
    var ana = acme.person("ana");
    var bank = Client.web(world, acme);
    var other = Client.web(world, acme);
    var browser = world.browser();
    var code = bank.signsIn(ana, browser, Map.of()).get("code");
    var tokens = Client.json(bank.redeem(code));
    assertThat(bank.userinfo(tokens.path("access_token").asString()).status()).isEqualTo(200);

    assertThat(Client.error(bank.redeem(code))).isEqualTo("invalid_grant");
    assertThat(Client.error(bank.refresh(tokens.path("refresh_token").asString())))
        .isEqualTo("invalid_grant");
    assertThat(bank.userinfo(tokens.path("access_token").asString()).status()).isEqualTo(401);
    acme.audit().says("token.reuse_detected", "reason", "code_reused");

    assertThat(Client.error(other.redeem(fresh(bank, browser)))).isEqualTo("invalid_grant");
    assertThat(
            Client.error(
                bank.token(
                    Map.of(
                        "grant_type",
                        "authorization_code",
                        "code",
                        fresh(bank, browser),
                        "redirect_uri",
                        "https://bank.example/other",
                        "code_verifier",
                        Client.VERIFIER))))
        .isEqualTo("invalid_grant");
    var late = fresh(bank, browser);
    world.later(Duration.ofSeconds(60));
    assertThat(Client.error(bank.redeem(late))).isEqualTo("invalid_grant");
    var inTime = fresh(bank, browser);
    world.later(Duration.ofMillis(59_999));
    assertThat(bank.redeem(inTime).status()).isEqualTo(200);
  }

  private static String fresh(Client client, dev.countersign.testkit.Browser browser) {
    return client.opens(browser, Map.of()).parameters().get("code");
  }

  @Test
  void OIDC_02_a_code_that_came_back_without_refresh_tokens_ends_its_access_tokens(World world) {
    var acme = simple(world);
    var bank = Client.web(world, acme);
    var code =
        bank.signsIn(acme.person("ana"), world.browser(), Map.of("scope", "openid")).get("code");
    var access = Client.json(bank.redeem(code)).path("access_token").asString();

    bank.redeem(code);
    assertThat(bank.userinfo(access).status()).isEqualTo(401);
  }

  @Test
  void RACE_01_of_many_redemptions_of_one_code_one_succeeds(World world) {
    raceForACode(world);
  }

  @Test
  @WorldTest(value = Engine.POSTGRES, nodes = 2)
  void RACE_01_of_many_redemptions_of_one_code_one_succeeds_on_two_servers_with_postgresql(
      World world) {
    raceForACode(world);
  }

  private static void raceForACode(World world) {
    var acme = simple(world);
    var bank = Client.web(world, acme);
    var code = bank.signsIn(acme.person("ana"), world.browser(), Map.of()).get("code");
    var params =
        Map.of(
            "grant_type",
            "authorization_code",
            "code",
            code,
            "redirect_uri",
            Client.CALLBACK,
            "code_verifier",
            Client.VERIFIER);

    assertThat(race(world, bank, params)).containsOnlyOnce(200);
  }

  @Test
  void TOK_04_of_many_refreshes_with_one_token_one_succeeds_and_the_family_ends(World world) {
    raceForARefresh(world);
  }

  @Test
  @WorldTest(value = Engine.POSTGRES, nodes = 2)
  void TOK_04_of_many_refreshes_with_one_token_one_succeeds_on_two_servers_with_postgresql(
      World world) {
    raceForARefresh(world);
  }

  private static void raceForARefresh(World world) {
    var acme = simple(world);
    var bank = Client.web(world, acme);
    var first =
        Client.json(
                bank.redeem(
                    bank.signsIn(acme.person("ana"), world.browser(), Map.of()).get("code")))
            .path("refresh_token")
            .asString();

    assertThat(race(world, bank, Map.of("grant_type", "refresh_token", "refresh_token", first)))
        .containsOnlyOnce(200);
    acme.audit().says("token.reuse_detected", "reason", "refresh_token_reused");
  }

  private static List<Integer> race(World world, Client client, Map<String, String> params) {
    int many = 12;
    var start = new CyclicBarrier(many);
    try (var threads = Executors.newFixedThreadPool(many)) {
      var all = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < many; i++) {
        var node = world.node(i % world.nodes().size());
        all.add(() -> {
          start.await();
          return client.token(node, params).status();
        });
      }
      var statuses = new ArrayList<Integer>();
      for (var done : threads.invokeAll(all)) {
        statuses.add(done.get());
      }
      assertThat(statuses).allMatch(status -> status == 200 || status == 400);
      return statuses;
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void TOK_04_a_used_refresh_token_ends_its_family(World world) {
    var acme = simple(world);
    var bank = Client.web(world, acme);
    var first =
        Client.json(
                bank.redeem(
                    bank.signsIn(acme.person("ana"), world.browser(), Map.of()).get("code")))
            .path("refresh_token")
            .asString();
    var second = Client.json(bank.refresh(first)).path("refresh_token").asString();

    assertThat(second).isNotEqualTo(first);
    assertThat(Client.error(bank.refresh(first))).isEqualTo("invalid_grant");
    assertThat(Client.error(bank.refresh(second))).isEqualTo("invalid_grant");
  }

  @Test
  void refresh_tokens_end_unused_after_fourteen_days_and_in_any_case_after_thirty(World world) {
    var acme = simple(world);
    var bank = Client.web(world, acme);
    var token =
        Client.json(
                bank.redeem(
                    bank.signsIn(acme.person("ana"), world.browser(), Map.of()).get("code")))
            .path("refresh_token")
            .asString();
    world.later(Duration.ofDays(13));
    token = Client.json(bank.refresh(token)).path("refresh_token").asString();
    world.later(Duration.ofDays(13));
    token = Client.json(bank.refresh(token)).path("refresh_token").asString();
    world.later(Duration.ofDays(4));
    assertThat(Client.error(bank.refresh(token))).isEqualTo("invalid_grant");

    var idle =
        Client.json(
                bank.redeem(
                    bank.signsIn(acme.person("bob"), world.browser(), Map.of()).get("code")))
            .path("refresh_token")
            .asString();
    world.later(Duration.ofDays(14));
    assertThat(Client.error(bank.refresh(idle))).isEqualTo("invalid_grant");
  }

  @Test
  void TOK_05_a_refresh_asks_again_whether_the_person_may(World world) {
    var acme = simple(world);
    var bank = Client.web(world, acme);
    var wiring = world.wiring();

    var blocked = acme.person("blocked");
    var ofBlocked = refreshToken(world, bank, blocked);
    var deleted = acme.person("deleted");
    var ofDeleted = refreshToken(world, bank, deleted);
    var changed = acme.person("changed");
    var ofChanged = refreshToken(world, bank, changed);
    var raised = acme.person("raised");
    var ofRaised = refreshToken(world, bank, raised);
    world.later(Duration.ofMinutes(1));
    wiring.ground.database.run(tx -> {
      tx.sql("update users set blocked = true where tenant = :tenant and user_id = :user")
          .set("tenant", acme.id())
          .set("user", blocked.id())
          .update();
      wiring.ground.people.remove(tx, acme.id(), deleted.id());
    });
    var hash =
        wiring.proofs.passwords.hash(
            dev.countersign.kernel.Secret.of("an entirely other password"));
    wiring.ground.database.run(
        tx -> wiring.proofs.passwords.set(tx, acme.id(), changed.id(), hash, world.clock().now()));

    assertThat(Client.error(bank.refresh(ofBlocked))).isEqualTo("invalid_grant");
    assertThat(Client.error(bank.refresh(ofDeleted))).isEqualTo("invalid_grant");
    assertThat(Client.error(bank.refresh(ofChanged))).isEqualTo("invalid_grant");
    acme.requiring("otp");
    var answer = bank.refresh(ofRaised);
    assertThat(Client.error(answer)).isEqualTo("mfa_required");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.header("www-authenticate")).isEmpty();
  }

  @Test
  void TOK_05_a_removed_factor_and_signing_out_end_refresh_tokens(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var bank = Client.web(world, acme);
    var ana = acme.person("ana").enrolledIn("otp");
    var browser = world.browser();
    var tokens = Client.json(bank.redeem(bank.signsIn(ana, browser, Map.of()).get("code")));
    var wiring = world.wiring();
    wiring.ground.database.run(tx ->
        wiring
            .methods
            .enrolments
            .of(tx, acme.id(), ana.id())
            .forEach(it ->
                wiring.methods.enrolments.remove(tx, acme.id(), it.id(), world.clock().now())));
    assertThat(Client.error(bank.refresh(tokens.path("refresh_token").asString())))
        .isEqualTo("invalid_grant");

    var bob = acme.person("bob").enrolledIn("otp");
    var his = world.browser();
    var ofBob = Client.json(bank.redeem(bank.signsIn(bob, his, Map.of()).get("code")));
    his.open(acme.url("/oidc/logout?id_token_hint=" + ofBob.path("id_token").asString()));
    assertThat(Client.error(bank.refresh(ofBob.path("refresh_token").asString())))
        .isEqualTo("invalid_grant");
    assertThat(bank.userinfo(ofBob.path("access_token").asString()).status()).isEqualTo(401);
  }

  @Test
  void STEP_06_a_refreshed_token_says_no_more_than_still_counts(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var bank = Client.web(world, acme);
    var tokens =
        Client.json(
            bank.redeem(
                bank.signsIn(acme.person("ana").enrolledIn("otp"), world.browser(), Map.of())
                    .get("code")));
    var before = Client.claims(tokens.path("access_token").asString());
    world.later(Duration.ofHours(25));
    var after =
        Client.claims(
            Client.json(bank.refresh(tokens.path("refresh_token").asString()))
                .path("access_token")
                .asString());

    assertThat(before.path("acr").asString()).isEqualTo("aal2");
    assertThat(after.path("acr").asString()).isEqualTo("aal1");
    assertThat(Client.texts(after.path("amr"))).containsExactly("pwd");
    assertThat(after.path("auth_time").asLong()).isEqualTo(before.path("auth_time").asLong());
  }

  @Test
  void STEP_06_a_scope_that_wants_a_recent_proof_is_not_carried_on_by_refreshing(World world) {
    var acme =
        world
            .tenant("acme")
            .requiring("otp")
            .policy(policy ->
                policy.steppingUp(
                    List.of(
                        new StepUp(
                            "writes",
                            "Transfers",
                            Set.of("scope:transfer:write"),
                            Level.AAL2,
                            StepUp.Kind.ANY,
                            300))));
    var created =
        acme.admin()
            .post(
                "/resource-servers",
                "{\"identifier\":\"https://api.bank.example\",\"allow_offline_access\":true,\"scopes\":[{\"value\":\"read\"},{\"value\":\"transfer:write\"}]}");
    assertThat(created.status()).isEqualTo(201);
    var bank = Client.web(world, acme);
    var asked =
        Map.of(
            "audience",
            "https://api.bank.example",
            "scope",
            "openid offline_access read transfer:write");
    var first =
        Client.json(
            bank.redeem(
                bank.signsIn(acme.person("ana").enrolledIn("otp"), world.browser(), asked)
                    .get("code")));
    assertThat(first.path("scope").asString("")).contains("transfer:write");

    world.later(Duration.ofMinutes(4));
    var soon = Client.json(bank.refresh(first.path("refresh_token").asString("")));
    assertThat(soon.path("scope").asString("")).contains("transfer:write");
    world.later(Duration.ofMinutes(2));
    var late = Client.json(bank.refresh(soon.path("refresh_token").asString("")));

    assertThat(late.path("scope").asString("")).isEqualTo("openid offline_access read");
    assertThat(Client.claims(late.path("access_token").asString("")).path("scope").asString(""))
        .doesNotContain("transfer:write");
    assertThat(
            Client.error(
                bank.token(
                    Map.of(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                        "subject_token",
                        late.path("access_token").asString(""),
                        "subject_token_type",
                        "urn:ietf:params:oauth:token-type:access_token"))))
        .isEqualTo("unsupported_grant_type");
  }

  private static String refreshToken(
      World world, Client client, dev.countersign.testkit.Someone who) {
    return Client.json(client.redeem(client.signsIn(who, world.browser(), Map.of()).get("code")))
        .path("refresh_token")
        .asString();
  }

  @Test
  void an_application_gets_a_token_of_its_own_by_form_json_and_basic(World world) {
    var acme = world.tenant("acme");
    var machine = machine(world, acme, Set.of("read:users", "read:logs"));
    var audience = machine.issuer() + "api/v2/";
    var asked = Map.of("grant_type", "client_credentials", "audience", audience);

    var form = Client.json(machine.token(asked));
    var claims = Client.claims(form.path("access_token").asString());
    assertThat(claims.path("sub").asString()).isEqualTo(machine.id() + "@clients");
    assertThat(claims.path("aud").asString()).isEqualTo(audience);
    assertThat(claims.path("gty").asString()).isEqualTo("client-credentials");
    assertThat(claims.path("azp").asString()).isEqualTo(machine.id());
    assertThat(claims.path("scope").asString()).isEqualTo("read:logs read:users");
    assertThat(form.path("expires_in").asInt()).isEqualTo(86_400);
    assertThat(form.path("token_type").asString()).isEqualTo("Bearer");

    var json =
        machine.post(
            world.node(),
            "/oauth/token",
            "application/json",
            "{\"grant_type\":\"client_credentials\",\"audience\":\""
                + audience
                + "\",\"client_id\":\""
                + machine.id()
                + "\",\"client_secret\":\""
                + machine.secret()
                + "\"}",
            Map.of());
    assertThat(json.status()).isEqualTo(200);
    var basic =
        Base64.getEncoder()
            .encodeToString(
                (machine.id() + ":" + machine.secret()).getBytes(StandardCharsets.UTF_8));
    assertThat(
            machine
                .post(
                    world.node(),
                    "/oauth/token",
                    "application/x-www-form-urlencoded",
                    Client.encoded(asked),
                    Map.of("authorization", "Basic " + basic))
                .status())
        .isEqualTo(200);
    assertThat(
            machine
                .get(
                    "/api/v2/logs",
                    Map.of("authorization", "Bearer " + form.path("access_token").asString()))
                .status())
        .isNotEqualTo(401);
  }

  private static Client machine(World world, Company company, Set<String> scopes) {
    var machine = Client.of(world, company, Application.Type.NON_INTERACTIVE, it -> it);
    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .ground
                .apis
                .allow(
                    tx, company.id(), machine.application().id(), ClientGrant.MANAGEMENT, scopes));
    return machine;
  }

  @Test
  void errors_of_the_token_endpoint_are_those_that_clients_compare(World world) {
    var acme = world.tenant("acme");
    var machine = machine(world, acme, Set.of("read:users"));
    var wrong =
        machine.token(
            Map.of(
                "grant_type",
                "client_credentials",
                "audience",
                machine.issuer() + "api/v2/",
                "client_secret",
                "wrong"));
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.text())
        .isEqualTo("{\"error\":\"access_denied\",\"error_description\":\"Unauthorized\"}");
    assertThat(wrong.header("www-authenticate")).isEmpty();
    assertThat(
            machine
                .token(Map.of("grant_type", "client_credentials", "client_id", "nobody"))
                .status())
        .isEqualTo(401);

    var nowhere =
        machine.token(
            Map.of("grant_type", "client_credentials", "audience", "https://nowhere.example"));
    assertThat(nowhere.status()).isEqualTo(403);
    assertThat(Client.json(nowhere).path("error_description").asString())
        .startsWith("Service not found");
    var notAllowed =
        machine.token(
            Map.of(
                "grant_type", "authorization_code", "code", "x", "redirect_uri", Client.CALLBACK));
    assertThat(notAllowed.status()).isEqualTo(403);
    assertThat(Client.json(notAllowed).path("error_description").asString())
        .isEqualTo("Grant type 'authorization_code' not allowed for the client.");
    assertThat(Client.error(machine.token(Map.of("grant_type", "password"))))
        .isEqualTo("unauthorized_client");
    assertThat(Client.error(machine.token(Map.of("grant_type", "device_code"))))
        .isEqualTo("unsupported_grant_type");
    assertThat(Client.error(machine.token(Map.of()))).isEqualTo("invalid_request");
    assertThat(
            Client.error(
                machine.post(
                    world.node(),
                    "/oauth/token",
                    "application/json",
                    "{\"grant_type\":[1]}",
                    Map.of())))
        .isEqualTo("invalid_request");
    assertThat(
            Client.error(
                machine.post(world.node(), "/oauth/token", "application/json", "{", Map.of())))
        .isEqualTo("invalid_request");
  }

  @Test
  void an_api_gets_tokens_of_its_own_audience_scopes_and_life(World world) {
    var acme = simple(world);
    var bank = Client.web(world, acme);
    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .ground
                .apis
                .create(
                    tx,
                    acme.id(),
                    Api.of("https://pay.example", "Payments", List.of("pay")),
                    world.clock().now()));
    var code =
        bank.signsIn(
                acme.person("ana"),
                world.browser(),
                Map.of("audience", "https://pay.example", "scope", "openid pay steal"))
            .get("code");
    var tokens = Client.json(bank.redeem(code));
    var claims = Client.claims(tokens.path("access_token").asString());

    assertThat(Client.texts(claims.path("aud")))
        .containsExactly("https://pay.example", bank.issuer() + "userinfo");
    assertThat(claims.path("scope").asString()).isEqualTo("openid pay");
    assertThat(tokens.has("refresh_token")).isFalse();
  }

  @Test
  void TOK_02_no_kind_of_token_passes_for_another(World world) {
    var acme = simple(world);
    var bank = Client.web(world, acme);
    var answer = bank.signsIn(acme.person("ana"), world.browser(), Map.of());
    var tokens = Client.json(bank.redeem(answer.get("code")));
    var management =
        Client.json(
                machine(world, acme, Set.of("read:users"))
                    .token(
                        Map.of(
                            "grant_type",
                            "client_credentials",
                            "audience",
                            bank.issuer() + "api/v2/")))
            .path("access_token")
            .asString();

    assertThat(
            List.of(
                tokens.path("id_token").asString(),
                tokens.path("refresh_token").asString(),
                answer.get("code"),
                management,
                "x",
                "a.b.c"))
        .allSatisfy(wrong -> assertThat(bank.userinfo(wrong).status()).isEqualTo(401));
    assertThat(
            List.of(
                tokens.path("access_token").asString(),
                tokens.path("id_token").asString(),
                tokens.path("refresh_token").asString()))
        .allSatisfy(wrong -> {
          assertThat(bank.get("/api/v2/logs", Map.of("authorization", "Bearer " + wrong)).status())
              .isEqualTo(401);
          assertThat(Client.error(bank.redeem(wrong))).isEqualTo("invalid_grant");
        });
    assertThat(Client.error(bank.refresh(tokens.path("access_token").asString())))
        .isEqualTo("invalid_grant");
  }

  @Test
  void revoking_ends_the_family_and_tells_nothing(World world) {
    var acme = simple(world);
    var bank = Client.web(world, acme);
    var token = refreshToken(world, bank, acme.person("ana"));
    var other = Client.web(world, acme);

    assertThat(revoke(other, world, token).status()).isEqualTo(200);
    var next = Client.json(bank.refresh(token)).path("refresh_token").asString();
    assertThat(next).isNotEmpty();
    assertThat(revoke(bank, world, next).status()).isEqualTo(200);
    assertThat(revoke(bank, world, "unknown").status()).isEqualTo(200);
    assertThat(Client.error(bank.refresh(next))).isEqualTo("invalid_grant");
  }

  @Test
  void an_access_token_cannot_be_revoked_and_whoever_tries_is_told_so(World world) {
    var acme = simple(world);
    var bank = Client.web(world, acme);
    var tokens =
        Client.json(
            bank.redeem(bank.signsIn(acme.person("ana"), world.browser(), Map.of()).get("code")));
    var access = tokens.path("access_token").asString();

    var answer = revoke(bank, world, access);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(Client.error(answer)).isEqualTo("unsupported_token_type");
    assertThat(bank.userinfo(access).status()).isEqualTo(200);

    var forged = access.substring(0, access.lastIndexOf('.')) + ".AAAA";
    var elsewhere = Client.web(world, simple(world));
    assertThat(revoke(bank, world, forged).status()).isEqualTo(200);
    assertThat(revoke(elsewhere, world, access).status()).isEqualTo(200);
    world.later(Duration.ofDays(1));
    assertThat(revoke(bank, world, access).status()).as("over anyway").isEqualTo(200);
  }

  @Test
  void a_worthless_code_or_refresh_token_is_a_bad_request_and_no_forbidden_one(World world) {
    var bank = Client.web(world, simple(world));

    for (var answer : List.of(bank.redeem("unknown"), bank.refresh("unknown"))) {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(Client.error(answer)).isEqualTo("invalid_grant");
    }
  }

  private static Wire.Received revoke(Client client, World world, String token) {
    var params =
        new HashMap<>(
            Map.of("token", token, "client_id", client.id(), "client_secret", client.secret()));
    return client.post(
        world.node(),
        "/oauth/revoke",
        "application/x-www-form-urlencoded",
        Client.encoded(params),
        Map.of());
  }

  @Test
  void TEN_01_codes_and_tokens_of_one_tenant_are_worth_nothing_at_another(World world) {
    var acme = simple(world);
    var bank = Client.web(world, acme);
    var other = Client.web(world, simple(world));
    var browser = world.browser();
    var code = bank.signsIn(acme.person("ana"), browser, Map.of()).get("code");
    var tokens = Client.json(bank.redeem(code));

    assertThat(Client.error(other.redeem(fresh(bank, browser)))).isEqualTo("invalid_grant");
    assertThat(Client.error(other.refresh(tokens.path("refresh_token").asString())))
        .isEqualTo("invalid_grant");
    assertThat(other.userinfo(tokens.path("access_token").asString()).status()).isEqualTo(401);
  }
}
