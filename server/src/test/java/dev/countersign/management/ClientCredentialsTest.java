package dev.countersign.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.countersign.application.Application;
import dev.countersign.kernel.ClientId;
import dev.countersign.web.Method;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys of applications by the Management API. */
class ClientCredentialsTest {
  private static final RSAKey FIRST = fresh(2048);
  private static final RSAKey SECOND = fresh(2048);

  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  private static RSAKey fresh(int bits) {
    try {
      return new RSAKeyGenerator(bits, true).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] der(RSAKey key) {
    try {
      return key.toRSAPublicKey().getEncoded();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder().encodeToString(der)
        + "\n-----END "
        + what
        + "-----";
  }

  private static Map<String, Object> sent(RSAKey key, Map<String, Object> more) {
    var out = new HashMap<String, Object>(more);
    out.putIfAbsent("credential_type", "public_key");
    out.putIfAbsent("name", "main");
    out.putIfAbsent("pem", pem("PUBLIC KEY", der(key)));
    return out;
  }

  private static Map<String, Object> methods(Object... credentials) {
    return Map.of("private_key_jwt", Map.of("credentials", List.of(credentials)));
  }

  private String created() {
    return api.call(Method.POST, "/clients", Map.of("name", "Bank")).text("client_id");
  }

  private Application kept(String id) {
    return api.wiring.ground.applications.find(api.acme.id(), new ClientId(id)).orElseThrow();
  }

  private ManagementApi.Answer patched(String id, Map<String, ?> body) {
    return api.call(Method.PATCH, "/clients/" + id, body);
  }

  @Test
  void a_key_is_added_listed_given_an_end_and_removed() throws JOSEException {
    var id = created();
    var all = "/clients/" + id + "/credentials";
    assertThat(api.call(Method.GET, all).json()).isEmpty();

    var added = api.call(Method.POST, all, sent(FIRST, Map.of("alg", "PS256")));

    assertThat(added.status()).isEqualTo(201);
    assertThat(added.json().propertyNames())
        .containsExactly("id", "name", "kid", "alg", "credential_type", "created_at", "updated_at");
    assertThat(added.text("kid")).isEqualTo(FIRST.computeThumbprint().toString());
    assertThat(added.text("alg")).isEqualTo("PS256");
    assertThat(kept(id).tokenAuth()).isEqualTo(Application.TokenAuth.CLIENT_SECRET_POST);
    var one = all + "/" + added.text("id");
    assertThat(api.call(Method.GET, one).json()).isEqualTo(added.json());
    assertThat(api.call(Method.GET, all).json()).containsExactly(added.json());

    api.later(Duration.ofMinutes(1));
    var end = api.now().plus(Duration.ofDays(30)).toString();
    var ending = api.call(Method.PATCH, one, Map.of("expires_at", end));
    assertThat(ending.text("expires_at")).isEqualTo(end);
    assertThat(ending.text("updated_at")).isEqualTo(api.now().toString());
    assertThat(api.call(Method.PATCH, one, "{\"expires_at\":null}").json().has("expires_at"))
        .isFalse();

    assertThat(api.call(Method.DELETE, one).status()).isEqualTo(204);
    for (var gone :
        List.of(
            api.call(Method.GET, one),
            api.call(Method.PATCH, one, Map.of("expires_at", end)),
            api.call(Method.DELETE, one))) {
      assertThat(gone.error())
          .isEqualTo("404 inexistent_client_credential The client credential does not exist.");
    }
    assertThat(api.told(api.acme)).hasSize(5).containsOnly("api.changed");
  }

  @Test
  void a_client_is_created_with_keys_and_authenticates_by_them() {
    var created =
        api.call(
            Method.POST,
            "/clients",
            Map.of(
                "name",
                "Bank",
                "client_authentication_methods",
                methods(sent(FIRST, Map.of("kid", "key-of-the-bank")), sent(SECOND, Map.of()))));

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.json().has("token_endpoint_auth_method")).isFalse();
    var id = created.text("client_id");
    assertThat(kept(id).tokenAuth()).isEqualTo(Application.TokenAuth.PRIVATE_KEY_JWT);
    assertThat(kept(id).credentials()).hasSize(2).allMatch(it -> it.active());
    var keys = api.call(Method.GET, "/clients/" + id + "/credentials").json();
    assertThat(keys.get(0).path("kid").stringValue("")).isEqualTo("key-of-the-bank");
    assertThat(created.json().findValuesAsString("id")).isEqualTo(keys.findValuesAsString("id"));
    assertThat(api.call(Method.GET, "/clients/" + id).json().findValuesAsString("id"))
        .isEqualTo(keys.findValuesAsString("id"));
  }

  @Test
  void a_client_is_moved_to_keys_and_back() {
    var id = created();
    var all = "/clients/" + id + "/credentials";
    var first = api.call(Method.POST, all, sent(FIRST, Map.of())).text("id");
    var second = api.call(Method.POST, all, sent(SECOND, Map.of())).text("id");

    var moved =
        api.call(
            Method.PATCH,
            "/clients/" + id,
            "{\"token_endpoint_auth_method\":null,\"client_authentication_methods\":"
                + "{\"private_key_jwt\":{\"credentials\":[{\"id\":\""
                + second
                + "\"}]}}}");

    assertThat(moved.status()).isEqualTo(200);
    assertThat(moved.json().findValuesAsString("id")).containsExactly(second);
    assertThat(kept(id).tokenAuth()).isEqualTo(Application.TokenAuth.PRIVATE_KEY_JWT);
    assertThat(kept(id).credentials()).filteredOn(it -> it.active()).hasSize(1);
    assertThat(patched(id, Map.of("name", "Bank 2")).json().findValuesAsString("id"))
        .containsExactly(second);
    assertThat(
            patched(id, Map.of("client_authentication_methods", methods(Map.of("id", first))))
                .json()
                .findValuesAsString("id"))
        .containsExactly(first);

    assertThat(patched(id, Map.of("token_endpoint_auth_method", "client_secret_post")).error())
        .startsWith("400 invalid_body");
    assertThat(
            api.call(Method.PATCH, "/clients/" + id, "{\"client_authentication_methods\":null}")
                .error())
        .startsWith("400 invalid_body");
    var back =
        api.call(
            Method.PATCH,
            "/clients/" + id,
            "{\"client_authentication_methods\":null,\"token_endpoint_auth_method\":\"client_secret_basic\"}");
    assertThat(back.text("token_endpoint_auth_method")).isEqualTo("client_secret_basic");
    assertThat(back.json().has("client_authentication_methods")).isFalse();
    assertThat(kept(id).credentials()).hasSize(2).noneMatch(it -> it.active());
  }

  @Test
  void without_its_last_key_a_client_cannot_authenticate_at_all() {
    var created =
        api.call(
            Method.POST,
            "/clients",
            Map.of(
                "name", "Bank", "client_authentication_methods", methods(sent(FIRST, Map.of()))));
    var id = created.text("client_id");

    api.call(
        Method.DELETE,
        "/clients/" + id + "/credentials/" + created.json().findValuesAsString("id").getFirst());

    assertThat(kept(id).tokenAuth()).isEqualTo(Application.TokenAuth.PRIVATE_KEY_JWT);
    assertThat(kept(id).credentials()).isEmpty();
  }

  @Test
  void what_is_no_safe_key_is_refused() throws JOSEException {
    var id = created();
    var all = "/clients/" + id + "/credentials";
    var key = pem("PUBLIC KEY", der(FIRST));
    for (var bad :
        List.<Map<String, Object>>of(
            Map.of("pem", "x"),
            Map.of("pem", pem("PUBLIC KEY", der(fresh(1024)))),
            Map.of("pem", pem("PRIVATE KEY", FIRST.toRSAPrivateKey().getEncoded())),
            Map.of("pem", pem("CERTIFICATE", der(FIRST))),
            Map.of("pem", key + "\n" + key),
            Map.of("pem", key.replace("A", "=")),
            Map.of("alg", "HS256"),
            Map.of("alg", "none"),
            Map.of("alg", "RS512"),
            Map.of("kid", "short"),
            Map.of("kid", "../../etc/passwd"),
            Map.of("credential_type", "x509_cert"),
            Map.of("expires_at", "2026-99-01T00:00:00Z"),
            Map.of("expires_at", api.now().toString()),
            Map.of("subject_dn", "CN=bank"))) {
      assertThat(api.call(Method.POST, all, sent(FIRST, bad)).error())
          .as("%s", bad)
          .startsWith("400 invalid_body");
    }
    assertThat(
            api.call(Method.POST, all, sent(FIRST, Map.of("parse_expiry_from_cert", true))).error())
        .startsWith("403 operation_not_supported parse_expiry_from_cert");
    assertThat(api.call(Method.GET, all).json()).isEmpty();

    assertThat(api.call(Method.POST, all, sent(FIRST, Map.of())).status()).isEqualTo(201);
    assertThat(api.call(Method.POST, all, sent(FIRST, Map.of("kid", "another-kid"))).error())
        .startsWith("409 conflict");
    assertThat(api.call(Method.POST, all, sent(SECOND, Map.of())).status()).isEqualTo(201);
    assertThat(api.call(Method.POST, all, sent(fresh(2048), Map.of())).error())
        .startsWith("409 conflict The client has 2 credentials");

    for (var bad :
        List.<Map<String, Object>>of(
            Map.of("client_authentication_methods", methods()),
            Map.of("client_authentication_methods", methods(Map.of("id", "cred_other"))),
            Map.of("client_authentication_methods", methods(sent(FIRST, Map.of()))),
            Map.of(
                "client_authentication_methods",
                methods(Map.of("id", "x")),
                "token_endpoint_auth_method",
                "none"))) {
      assertThat(patched(id, bad).error()).startsWith("400 invalid_body");
    }
    assertThat(kept(id).tokenAuth()).isEqualTo(Application.TokenAuth.CLIENT_SECRET_POST);
  }

  @Test
  void TEN_02_another_tenants_keys_are_not_there() {
    var id = created();
    var all = "/clients/" + id + "/credentials";
    var one = all + "/" + api.call(Method.POST, all, sent(FIRST, Map.of())).text("id");
    for (var answer :
        List.of(
            api.call(api.other, Method.GET, all, api.everyScope()),
            api.call(api.other, Method.POST, all, api.everyScope(), sent(SECOND, Map.of())),
            api.call(api.other, Method.GET, one, api.everyScope()),
            api.call(
                api.other,
                Method.PATCH,
                one,
                api.everyScope(),
                Map.of("expires_at", "2040-01-01T00:00:00Z")),
            api.call(api.other, Method.DELETE, one, api.everyScope()))) {
      assertThat(answer.error()).isEqualTo("404 inexistent_client The client does not exist.");
    }
    assertThat(api.call(api.acme, Method.DELETE, one, Optional.of("delete:clients")).error())
        .startsWith("403 insufficient_scope");
    assertThat(api.call(Method.GET, one).status()).isEqualTo(200);
  }
}
