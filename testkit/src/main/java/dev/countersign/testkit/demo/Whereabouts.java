package dev.countersign.testkit.demo;

import java.util.Arrays;

/** Where a browser pretends to be: places of which the bundled table knows an address. */
enum Whereabouts {
  BERLIN("Berlin", "217.0.0.1"),
  TOKYO("Tokyo", "133.0.0.1"),
  SAO_PAULO("São Paulo", "200.147.3.157");

  private static final String COOKIE = "demo_travel=";

  final String city;
  final String address;

  Whereabouts(String city, String address) {
    this.city = city;
    this.address = address;
  }

  /** As links and the cookie name it. */
  String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  static Whereabouts of(String word) {
    return Arrays.stream(values()).filter(it -> it.word().equals(word)).findFirst().orElse(BERLIN);
  }

  /** What the browser that sent these cookies chose. */
  static Whereabouts ofCookies(String line) {
    return Arrays.stream(line.split(";", -1))
        .map(String::strip)
        .filter(it -> it.startsWith(COOKIE))
        .map(it -> of(it.substring(COOKIE.length())))
        .findFirst()
        .orElse(BERLIN);
  }

  /** The cookie that says so. */
  String cookie() {
    return COOKIE + word() + "; Path=/; HttpOnly; SameSite=Lax";
  }
}
