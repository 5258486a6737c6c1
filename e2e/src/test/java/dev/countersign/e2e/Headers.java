package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

/** What every answer of ours has to wear (OWASP ASVS 5.0, 3.4). */
final class Headers {
  private Headers() {}

  static void check(Wire.Answer answer) {
    var what = answer.status() + " " + answer.url();
    assertThat(answer.header("x-content-type-options")).as(what).isEqualTo("nosniff");
    assertThat(answer.header("referrer-policy")).as(what).isIn("no-referrer", "same-origin");
    assertThat(answer.header("server")).as(what).isEmpty();
    assertThat(answer.header("x-request-id")).as(what).isNotEmpty();
    var policy = answer.header("content-security-policy");
    assertThat(policy).as(what).startsWith("default-src 'none'").contains("frame-ancestors 'none'").doesNotContain("unsafe").doesNotContain("*");
    if (answer.header("content-type").startsWith("text/html")) {
      assertThat(policy).as(what).contains("script-src 'self';", "style-src 'self';", "base-uri 'none'", "form-action 'self'");
    }
    boolean asset = answer.url().getPath().startsWith("/assets/") || answer.url().getPath().startsWith("/brand");
    assertThat(answer.header("cache-control")).as(what).contains(asset ? "immutable" : "no-store");
    if (asset) {
      assertThat(answer.status()).as(what).isIn(200, 304);
    }
    if (answer.url().getScheme().equals("https")) {
      assertThat(answer.header("strict-transport-security")).as(what).contains("max-age=31536000");
    }
  }
}
