package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChromiumTest {

  @Test
  void the_browser_of_these_tests_shows_a_page() {
    var browser = Chromium.open();
    try {
      browser.get("data:text/html,<title>Countersign</title>");

      assertThat(browser.getTitle()).isEqualTo("Countersign");
    } finally {
      browser.quit();
    }
  }
}
