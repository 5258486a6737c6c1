package dev.countersign.management;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.OneTimeCodes;
import dev.countersign.kernel.UserId;
import dev.countersign.web.Method;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HardwareTokensTest {
  private static final byte[] SEED = "12345678901234567890".getBytes(US_ASCII);
  private static final String TABLE =
      """
      serial,type,seed_hex
      A-1,hotp,3132333435363738393031323334353637383930
      A-2,totp,3132333435363738393031323334353637383930
      """;
  private final ManagementApi api = new ManagementApi();
  private final UserId ana = api.person(api.acme, "ana");
  private final UserId ben = api.person(api.acme, "ben");

  @AfterEach
  void close() {
    api.close();
  }

  private ManagementApi.Answer bring() {
    return api.call(
        Method.POST, "/hardware-tokens/import", Map.of("format", "csv", "content", TABLE));
  }

  private ManagementApi.Answer assign(String serial, UserId who) {
    return api.call(
        Method.PUT, "/hardware-tokens/" + serial + "/holder", Map.of("user_id", who.value()));
  }

  private void allow() {
    api.call(
        Method.PUT,
        "/enforcement",
        Map.of("mode", "optional", "allowed_factors", List.of("hardware-otp")));
  }

  private static String code(long counter) {
    return OneTimeCodes.at(SEED, counter, 6, OneTimeCodes.Algorithm.SHA1);
  }

  private ManagementApi.Answer resynchronise(long one, long two) {
    return api.call(
        Method.POST,
        "/hardware-tokens/A-1/resynchronise",
        Map.of("first_code", code(one), "second_code", code(two)));
  }

  @Test
  void tokens_are_imported_once_and_listed_without_their_seeds() {
    assertThat(bring().reply().bodyText()).isEqualTo("{\"imported\":2,\"already_there\":[]}");
    assertThat(bring().reply().bodyText())
        .isEqualTo("{\"imported\":0,\"already_there\":[\"A-1\",\"A-2\"]}");

    var listed = api.call(Method.GET, "/hardware-tokens?include_totals=true");
    assertThat(listed.text("total")).isEqualTo("2");
    assertThat(listed.json().at("/hardware_tokens/0").propertyNames())
        .containsExactly("serial", "type", "algorithm", "digits", "imported_at");
    assertThat(listed.reply().bodyText()).doesNotContain("seed", "3132", "GEZDGNBV");
    assertThat(api.call(Method.GET, "/hardware-tokens/A-2").text("period")).isEqualTo("30");
    assertThat(
            api.call(
                    Method.POST,
                    "/hardware-tokens/import",
                    Map.of("format", "csv", "content", "serial\n"))
                .error())
        .startsWith("400 invalid_body")
        .endsWith("on property content.");
    assertThat(api.told(api.acme)).containsExactly("mfa.tokens_imported", "mfa.tokens_imported");
  }

  @Test
  void a_token_is_given_out_once_taken_back_and_given_to_somebody_else() {
    bring();
    assertThat(assign("A-1", ana).error()).startsWith("403 operation_not_supported");
    allow();

    assertThat(assign("A-1", ana).text("user_id")).isEqualTo(ana.value());
    assertThat(assign("A-1", ben).error()).startsWith("409 token_assigned");
    assertThat(assign("nosuch", ana).error()).startsWith("404 inexistent_hardware_token");
    assertThat(assign("A-2", new UserId("auth0|nobody")).error()).startsWith("404 inexistent_user");
    var methods = "/users/" + ManagementApi.encoded(ana) + "/authentication-methods";
    assertThat(api.call(Method.GET, methods).json().at("/0/name").stringValue()).isEqualTo("A-1");
    assertThat(api.call(Method.DELETE, "/hardware-tokens/A-1").error()).startsWith("409");

    assertThat(api.call(Method.DELETE, "/hardware-tokens/A-1/holder").status()).isEqualTo(204);
    assertThat(api.call(Method.DELETE, "/hardware-tokens/A-1/holder").error()).startsWith("409");
    assertThat(api.call(Method.GET, methods).json()).isEmpty();
    assertThat(assign("A-1", ben).status()).isEqualTo(200);
    assertThat(api.call(Method.DELETE, "/hardware-tokens/A-2").status()).isEqualTo(204);
    assertThat(api.call(Method.GET, "/hardware-tokens/A-2").status()).isEqualTo(404);
  }

  @Test
  void a_token_whose_factor_was_reset_is_in_the_drawer_again() {
    bring();
    allow();
    assign("A-1", ana);

    api.call(Method.DELETE, "/users/" + ManagementApi.encoded(ana) + "/authentication-methods");

    assertThat(api.call(Method.GET, "/hardware-tokens/A-1").json().has("user_id")).isFalse();
    assertThat(assign("A-1", ben).status()).isEqualTo(200);
  }

  @Test
  void two_codes_in_a_row_bring_it_back_in_step_and_the_counter_stays_with_the_token() {
    bring();
    allow();
    assertThat(resynchronise(500, 501).error()).startsWith("409");
    assign("A-1", ana);

    assertThat(resynchronise(500, 502).error()).startsWith("400 codes_not_consecutive");
    assertThat(resynchronise(500, 501).status()).isEqualTo(204);
    assertThat(resynchronise(500, 501).error()).startsWith("400 codes_not_consecutive");

    api.call(Method.DELETE, "/hardware-tokens/A-1/holder");
    assign("A-1", ben);
    assertThat(resynchronise(500, 501).error()).startsWith("400 codes_not_consecutive");
    assertThat(resynchronise(502, 503).status()).isEqualTo(204);
  }

  @Test
  void API_02_another_tenants_tokens_are_not_there() {
    bring();

    assertThat(
            api.call(
                    api.other,
                    Method.GET,
                    "/hardware-tokens/A-1",
                    java.util.Optional.of("read:hardware_tokens"))
                .status())
        .isEqualTo(404);
  }
}
