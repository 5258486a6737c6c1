package dev.countersign.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrandCssTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "#3b5bdb", "#000", "#fff", "#ff0", "#FFEB3B", "#0a7d5a", "#ff0000", "#00ff00", "#0000ff",
        "#777777", "#808080", "#7a7a7a", "#e91e63", "#123", "#fafafa", "#ff8800"
      })
  void text_stays_readable_whatever_the_colour(String colour) {
    var css = BrandCss.render(colour);
    var dark = css.indexOf("@media");

    assertThat(readable(css.substring(0, dark), "#ffffff")).isTrue();
    assertThat(readable(css.substring(dark), "#191b20")).isTrue();
  }

  private static boolean readable(String css, String card) {
    assertThat(BrandCss.contrast(value(css, "brand"), value(css, "brand-text")))
        .isGreaterThanOrEqualTo(4.5);
    assertThat(BrandCss.contrast(value(css, "brand-hover"), value(css, "brand-text")))
        .isGreaterThanOrEqualTo(4.5);
    assertThat(BrandCss.contrast(value(css, "brand-edge"), card)).isGreaterThanOrEqualTo(3);
    assertThat(BrandCss.contrast(value(css, "brand-ink"), card)).isGreaterThanOrEqualTo(4.5);
    assertThat(BrandCss.contrast(value(css, "brand-ink"), value(css, "brand-soft")))
        .isGreaterThanOrEqualTo(4.5);
    var well = card.equals("#ffffff") ? "#f7f8fa" : "#131519";
    assertThat(BrandCss.contrast(value(css, "brand-ink"), well)).isGreaterThanOrEqualTo(4.5);
    return true;
  }

  @ParameterizedTest
  @ValueSource(strings = {"#ffffff", "#101010", "#8a8a8a", "#3355ff", "#ffe9d6"})
  void the_footer_stays_readable_on_the_tenants_background(String background) {
    var css = BrandCss.render("#3b5bdb", background);

    assertThat(BrandCss.contrast(value(css, "page"), value(css, "page-text")))
        .isGreaterThanOrEqualTo(4.5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "red",
        "#12345",
        "#3b5bdb;}body{display:none",
        "",
        "url(https://elsewhere.example)"
      })
  void what_is_no_colour_never_reaches_the_style_sheet(String colour) {
    assertThat(BrandCss.render(colour, colour)).isEqualTo(BrandCss.render(BrandCss.DEFAULT_COLOUR));
  }

  private static String value(String css, String name) {
    var match = Pattern.compile("--" + name + ":(#[0-9a-f]{6})").matcher(css);
    assertThat(match.find()).as(name).isTrue();
    return match.group(1);
  }
}
