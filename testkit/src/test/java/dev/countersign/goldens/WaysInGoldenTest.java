package dev.countersign.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Json;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Guard;
import dev.countersign.web.Method;
import dev.countersign.web.Route;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every way in is written down (OWASP ASVS 6.1.3): a route that this list does not know fails here before it ships. */
@WorldTest
class WaysInGoldenTest {
  /** Where a sign-in can end with a session, a code or a token, and what has to have been proven by then. */
  private static final Map<String, String> WAYS_IN = new LinkedHashMap<>();

  /** Everything else that asks for no management token, and why it lets nobody in. */
  private static final Map<String, String> OTHERS = new LinkedHashMap<>();

  static {
    String decided = "the decision is taken anew";
    WAYS_IN.put(
        "GET /authorize", "a living session that the decision clears; else a sign-in begins");
    WAYS_IN.put("POST /authorize", "the same");
    WAYS_IN.put(
        "POST /u/login/password",
        "the password, and perhaps that its browser is trusted; " + decided);
    WAYS_IN.put(
        "POST /u/login/passkey",
        "a key's answer to a question of this sign-in, once, which says whose it is; " + decided);
    WAYS_IN.put("POST /u/mfa/{factor}", "the factor's answer, once; " + decided);
    WAYS_IN.put("POST /u/mfa/set-up", "an invitation declined after the first proof; " + decided);
    WAYS_IN.put("POST /u/mfa/set-up/{factor}", "the new factor's answer; " + decided);
    WAYS_IN.put("POST /u/mfa/backup-codes", "codes acknowledged; " + decided);
    WAYS_IN.put(
        "POST /u/mfa/lost/help",
        "a help desk's code, once, which proves nothing and opens the setting up of a factor; "
            + decided);
    WAYS_IN.put(
        "POST /u/mfa/lost/wait",
        "a mailed code, which proves nothing here: begins a waiting, and after it opens the setting up of a factor; "
            + decided);
    WAYS_IN.put("GET /u/continue", "nothing new: moves on what was proven here; " + decided);
    WAYS_IN.put(
        "POST /oauth/token",
        "a code, a refresh token that the decision clears, or a client's secret or signed assertion for a token of its own; of an application that was "
            + "given these grants the password, or a second proof with an mfa_token, where "
            + decided);

    String session = "a session that is there already; fresh second proof for changes";
    for (var path :
        List.of(
            "GET /account",
            "POST /account/browsers/forget",
            "POST /account/browsers/{browser}/forget",
            "POST /account/first",
            "GET /account/codes",
            "POST /account/codes",
            "GET /account/everywhere",
            "POST /account/everywhere",
            "POST /account/methods/{method}/name",
            "GET /account/methods/{method}/remove",
            "POST /account/methods/{method}/remove",
            "GET /account/password",
            "POST /account/password",
            "POST /account/sessions/{session}/end",
            "GET /account/set-up/{factor}",
            "POST /account/set-up/{factor}")) {
      OTHERS.put(path, session);
    }
    String ends = "ends a session";
    for (var path :
        List.of(
            "POST /account/sign-out",
            "GET /v2/logout",
            "GET /oidc/logout",
            "POST /oidc/logout",
            "POST /oidc/logout/confirm",
            "POST /oauth/revoke",
            "POST /u/cancel")) {
      OTHERS.put(path, ends);
    }
    String shows = "shows a step of a sign-in, moves nothing";
    for (var path :
        List.of(
            "GET /u/login/identifier",
            "POST /u/login/identifier",
            "GET /u/login/password",
            "GET /u/mfa/backup-codes",
            "GET /u/mfa/choose",
            "POST /u/mfa/choose",
            "GET /u/mfa/lost",
            "GET /u/mfa/lost/help",
            "GET /u/mfa/lost/wait",
            "GET /u/mfa/set-up",
            "GET /u/mfa/set-up/{factor}",
            "GET /u/mfa/{factor}")) {
      OTHERS.put(path, shows);
    }
    String resets = "sets a password by a mailed ticket; signing in comes after, with every factor";
    for (var path :
        List.of(
            "GET /u/password/forgot",
            "POST /u/password/forgot",
            "GET /u/password/reset",
            "POST /u/password/reset")) {
      OTHERS.put(path, resets);
    }
    for (var path : List.of("GET /u/not-me", "POST /u/not-me")) {
      OTHERS.put(path, "closes an account by a mailed ticket, opens nothing");
    }
    for (var path :
        List.of("GET /mfa/enrollment", "POST /mfa/enrollment", "GET /mfa/enrollment/over")) {
      OTHERS.put(path, "an admin's ticket: points the way to a sign-in with every proof anew");
    }
    OTHERS.put("GET /files/export", "a file, once, to whoever was given its link by the API");
    for (var path : List.of("GET /userinfo", "POST /userinfo")) {
      OTHERS.put(path, "needs an access token, gives none");
    }
    for (var path :
        List.of(
            "GET /",
            "GET /.well-known/jwks.json",
            "GET /.well-known/openid-configuration",
            "GET /.well-known/webauthn",
            "GET /api/v2/openapi.json",
            "GET /assets/brand/{file}",
            "GET /approver",
            "GET /approver/icon-192.png",
            "GET /approver/icon-512.png",
            "GET /approver/manifest.webmanifest",
            "GET /approver/worker.js",
            "GET /assets/{file}")) {
      OTHERS.put(path, "the same for everybody");
    }
    OTHERS.put(
        "POST /approver/answers",
        "noted for the browser that asks, which has to come for it; signed by a paired phone");
    OTHERS.put("POST /approver/devices", "what a paired phone says of itself, signed");
    OTHERS.put(
        "POST /approver/questions", "what a paired phone may answer, asked with its signature");
    OTHERS.put(
        "POST /mfa/associate",
        "begins a first factor where the sign-in of an mfa_token demands one, or another one by an access token with fresh proofs; a grant confirms it");
    OTHERS.put(
        "POST /mfa/challenge",
        "puts the question of a sign-in by its mfa_token; a grant takes the answer");
    OTHERS.put("GET /mfa/authenticators", "needs an mfa_token or an access token, gives none");
    OTHERS.put(
        "DELETE /mfa/authenticators/{id}", "needs an access token with fresh proofs, gives none");
    OTHERS.put("POST /oauth/par", "keeps what an application will ask for; begins nothing");
    OTHERS.put("POST /oauth/introspect", "tells an API about a token for it; gives out none");
    OTHERS.put("POST /receipts/twilio", "what became of a text, signed by the provider");
    OTHERS.put("POST /receipts/vonage", "what became of a text, signed by the provider");
  }

  private static String name(Route route) {
    return route.method() + " " + route.path();
  }

  @Test
  void LS_08_the_inventory_of_routes_is_the_one_that_is_documented(World world) {
    var known = new ArrayList<>(WAYS_IN.keySet());
    known.addAll(OTHERS.keySet());

    assertThat(
            world.wiring().web.router.routes().stream()
                .filter(route -> !(route.guard() instanceof Guard.Bearer))
                .map(WaysInGoldenTest::name))
        .as("say in WaysInGoldenTest whether a new route is a way in")
        .containsExactlyInAnyOrderElementsOf(known);
    var page =
        new StringBuilder(
            """
            # Every way in

            This page is made from `testkit/src/test/java/dev/countersign/goldens/WaysInGoldenTest.java`, which fails when the product has a
            route that is not on it. What each route demands before it runs stands in [routes.txt](routes.txt).

            A sign-in can end with a session, a code or a token here and nowhere else, and a person's only when
            [Enforcement](../server/src/main/java/dev/countersign/enforcement/Enforcement.java) has cleared it:

            | Route | What has been proven |
            |---|---|
            """);
    rows(page, WAYS_IN);
    page.append(
        """

        These let nobody in:

        | Route | Because |
        |---|---|
        """);
    rows(page, OTHERS);
    page.append(
        """

        The [Management API](management-endpoints.md) needs an access token of its own and gives neither session nor token. The token
        endpoint knows `authorization_code`, `refresh_token`, `client_credentials` and, only for applications that were given them, the
        password grants with Auth0's three MFA grants ([how they work](authentication-api.md)); there is no grant by a mailed or
        texted code alone, no device grant and no token exchange.
        """);
    Golden.compare("docs/ways-in.md", page.toString());
  }

  private static void rows(StringBuilder page, Map<String, String> routes) {
    routes.forEach(
        (route, why) -> page.append("| `").append(route).append("` | ").append(why).append(" |\n"));
  }

  @Test
  void LS_08_every_other_grant_is_refused_alike_whatever_it_brings(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var refusals = new ArrayList<String>();

    for (var grant :
        List.of(
            "password",
            "http://auth0.com/oauth/grant-type/password-realm",
            "http://auth0.com/oauth/grant-type/passwordless/otp",
            "http://auth0.com/oauth/grant-type/mfa-otp",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "urn:ietf:params:oauth:grant-type:saml2-bearer",
            "implicit")) {
      var body =
          "grant_type="
              + encoded(grant)
              + "&username="
              + encoded(ana.name())
              + "&password="
              + encoded(ana.password())
              + "&otp="
              + ana.codeNow();
      var answer =
          world
              .node()
              .send(
                  new Wire.Sent(
                      Method.POST,
                      URI.create(acme.url("/oauth/token")),
                      Map.of("content-type", List.of("application/x-www-form-urlencoded")),
                      body.getBytes(StandardCharsets.UTF_8)));
      assertThat(answer.status()).as(grant).isBetween(400, 403);
      refusals.add(answer.status() + " " + Json.tree(answer.text()).path("error").asString());
      assertThat(answer.text()).doesNotContain("_token\"").doesNotContain(ana.password());
    }

    assertThat(refusals).containsOnly(refusals.getFirst());
  }

  @Test
  void LS_08_no_page_takes_a_password_by_basic_authentication(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ana = acme.person("ana").enrolledIn("otp");
    var basic =
        Base64.getEncoder()
            .encodeToString((ana.name() + ":" + ana.password()).getBytes(StandardCharsets.UTF_8));

    for (var path : List.of("/account", "/authorize", "/userinfo", "/api/v2/users", "/saml/ecp")) {
      var answer =
          world
              .node()
              .send(
                  new Wire.Sent(
                      Method.GET,
                      URI.create(acme.url(path)),
                      Map.of("authorization", List.of("Basic " + basic)),
                      new byte[0]));
      assertThat(answer.status()).as(path).isNotEqualTo(200);
      assertThat(answer.all("set-cookie")).noneMatch(it -> it.startsWith("__Host-cs_session"));
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
