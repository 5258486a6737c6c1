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
    var policy = answer.header("content-security-policy");
    assertThat(policy)
        .as(what)
        .startsWith("default-src 'none'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe")
        .doesNotContain("*");
    if (answer.header("content-type").startsWith("text/html")) {
      assertThat(policy)
          .as(what)
          .contains(
              "script-src 'self';", "style-src 'self';", "base-uri 'none'", "form-action 'self'");
    }
    assertThat(answer.header("cache-control")).as(what).matches(caching(answer));
    if (answer.url().getScheme().equals("https")) {
      assertThat(answer.header("strict-transport-security")).as(what).contains("max-age=31536000");
    }
  }

  /** Assets are named by their content and kept, unless that has changed since; the provider's metadata and keys are public and change slowly. */
  private static String caching(Wire.Answer answer) {
    var path = answer.url().getPath();
    if (answer.status() == 200 && path.startsWith("/assets/")) {
      return path.endsWith("/x") ? "no-store" : "public, max-age=31536000, immutable";
    }
    return answer.status() == 200 && path.startsWith("/.well-known/")
        ? "public, max-age=\\d+"
        : "no-store";
  }
}
