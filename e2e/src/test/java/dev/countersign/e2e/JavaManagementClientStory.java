package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.auth0.client.mgmt.ManagementApi;
import com.auth0.client.mgmt.core.ManagementApiException;
import com.auth0.client.mgmt.guardian.types.CreateGuardianEnrollmentTicketRequestContent;
import com.auth0.client.mgmt.guardian.types.SetGuardianFactorRequestContent;
import com.auth0.client.mgmt.types.CreateUserRequestContent;
import com.auth0.client.mgmt.types.CreatedUserAuthenticationMethodTypeEnum;
import com.auth0.client.mgmt.types.GuardianFactorNameEnum;
import com.auth0.client.mgmt.types.MfaPolicyEnum;
import com.auth0.client.mgmt.users.types.CreateUserAuthenticationMethodRequestContent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Auth0's Java client for its Management API makes of Countersign, over plain HTTP on loopback. */
class JavaManagementClientStory {
  @TempDir private static Path folder;
  private static NodeClients demo;
  private static ManagementApi api;

  @BeforeAll
  static void start() throws IOException {
    demo = NodeClients.start(folder);
    var client = demo.told().path("management");
    api =
        ManagementApi.builder()
            .url(demo.told().path("base").asString() + "/api/v2")
            .clientCredentials(
                client.path("client_id").asString(), client.path("client_secret").asString())
            .build();
  }

  @AfterAll
  static void stop() {
    demo.close();
  }

  @Test
  void factors_and_policies_are_read_and_set() {
    assertThat(
            api.guardian().factors().list().stream()
                .map(it -> it.getName().orElseThrow().toString()))
        .hasSize(8)
        .contains("otp");
    assertThat(
            api.guardian()
                .factors()
                .set(
                    GuardianFactorNameEnum.OTP,
                    SetGuardianFactorRequestContent.builder().enabled(true).build())
                .getEnabled())
        .isTrue();
    var before = api.guardian().policies().list();
    assertThat(api.guardian().policies().set(List.of(MfaPolicyEnum.ALL_APPLICATIONS)))
        .containsExactly(MfaPolicyEnum.ALL_APPLICATIONS);
    assertThat(api.guardian().policies().set(before)).isEqualTo(before);
  }

  @Test
  void the_whole_life_of_a_persons_factors() {
    var id =
        api.users()
            .create(
                CreateUserRequestContent.builder()
                    .connection("Username-Password-Authentication")
                    .email("otto@example.com")
                    .password("nineteen blue herons at dawn")
                    .build())
            .getUserId()
            .orElseThrow();
    var methods = api.users().authenticationMethods();
    assertThat(methods.list(id).streamItems()).isEmpty();
    var app =
        methods
            .create(
                id,
                CreateUserAuthenticationMethodRequestContent.builder()
                    .type(CreatedUserAuthenticationMethodTypeEnum.TOTP)
                    .name("telephone")
                    .totpSecret("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
                    .build())
            .getId()
            .orElseThrow();
    assertThat(app).startsWith("totp|dev_");
    assertThat(methods.list(id).streamItems().map(it -> it.getId())).containsExactly(app);
    assertThat(methods.get(id, app).getId()).isEqualTo(app);
    assertThat(api.users().regenerateRecoveryCode(id).getRecoveryCode().orElseThrow())
        .matches("[A-Z0-9]{24}");
    assertThat(
            api.guardian()
                .enrollments()
                .createTicket(
                    CreateGuardianEnrollmentTicketRequestContent.builder().userId(id).build())
                .getTicketUrl()
                .orElseThrow())
        .contains("/mfa/enrollment?ticket=");
    assertThat(api.users().logs().list(id).streamItems()).isNotEmpty();
    methods.deleteAll(id);
    assertThat(methods.list(id).streamItems()).isEmpty();
    assertThatThrownBy(() -> methods.get(id, app))
        .isInstanceOfSatisfying(
            ManagementApiException.class, it -> assertThat(it.statusCode()).isEqualTo(404));
    api.users().delete(id);
  }
}
