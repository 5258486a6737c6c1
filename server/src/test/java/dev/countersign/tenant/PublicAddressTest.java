package dev.countersign.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressTest {
  private static final PublicAddress CONFIGURED =
      PublicAddress.of(URI.create("https://ID.example.org"), Optional.of("sso.Example.org"));

  @Test
  void the_configured_host_is_the_default_tenants_and_each_other_tenant_has_its_own() {
    assertThat(CONFIGURED.slugAt("id.example.org")).contains("default");
    assertThat(CONFIGURED.slugAt("acme.sso.example.org")).contains("acme");
    assertThat(CONFIGURED.origin(CONFIGURED.host("acme")))
        .isEqualTo("https://acme.sso.example.org");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "[::1]",
        "localhost",
        "acme.localhost",
        "sso.example.org",
        "default.sso.example.org",
        "example.org",
        "acme.id.example.org",
        "acmesso.example.org",
        "id.example.org.",
        "192.0.2.7",
        ""
      })
  void with_a_public_url_no_other_host_is_anybodys(String host) {
    assertThat(CONFIGURED.slugAt(host)).isEmpty();
  }

  @Test
  void the_suffix_that_nobody_changed_does_not_open_this_machines_names_beside_a_public_url() {
    var address = PublicAddress.of(URI.create("https://id.example.org"), Optional.of("localhost"));

    assertThat(address.slugAt("localhost")).isEmpty();
    assertThat(address.slugAt("acme.localhost")).isEmpty();
    assertThat(address.host("acme")).isEqualTo("id.example.org");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:9000", "http://127.0.0.1:9000", "http://[::1]:9000"})
  void a_public_url_on_this_machine_keeps_its_tenants_there_and_answers_at_no_other_name(
      String url) {
    var address = PublicAddress.of(URI.create(url), Optional.of("localhost"));

    assertThat(address.slugAt("acme.localhost")).contains("acme");
    assertThat(
            Stream.of("localhost", "127.0.0.1", "[::1]")
                .filter(host -> address.slugAt(host).isPresent()))
        .containsExactly(URI.create(url).getHost());
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "[::1]", "sso.test"})
  void in_development_this_machines_names_stand_for_the_default_tenant(String host) {
    assertThat(PublicAddress.local(8080, Optional.of("sso.test")).slugAt(host)).contains("default");
  }

  @Test
  void in_development_a_tenant_answers_under_the_suffix() {
    assertThat(PublicAddress.local(8080).slugAt("acme.localhost")).contains("acme");
    assertThat(PublicAddress.local(8080).slugAt("acme.example.org")).isEmpty();
  }
}
