package dev.countersign.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssetsTest {
  @Test
  void an_asset_is_found_under_the_url_it_was_given() throws IOException {
    var url = Assets.url("app.css");
    assertThat(url).matches("/assets/app\\.[0-9a-f]{12}\\.css");

    var asset = Assets.find(url.substring("/assets/".length())).orElseThrow();
    assertThat(asset.contentType()).isEqualTo("text/css; charset=utf-8");
    assertThat(Assets.hash(asset.plain()))
        .isEqualTo(url.substring("/assets/app.".length(), url.length() - 4));
    try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(asset.gzipped()))) {
      assertThat(unzipped.readAllBytes()).isEqualTo(asset.plain());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app.css",
        "app.000000000000.css",
        "../messages/messages_en.000000000000.css",
        "none.000000000000.js",
        "",
        "app.000000000000.properties"
      })
  void nothing_else_is_found(String served) {
    assertThat(Assets.find(served)).isEmpty();
  }

  @Test
  void a_page_that_names_an_asset_that_is_not_there_fails_at_once() {
    assertThatThrownBy(() -> Assets.url("none.css")).hasMessageContaining("none.css");
  }
}
