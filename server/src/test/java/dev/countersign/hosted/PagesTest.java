package dev.countersign.hosted;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.hosted.view.ContinuePage;
import dev.countersign.hosted.view.ErrorPage;
import dev.countersign.hosted.view.NewPasswordPage;
import dev.countersign.hosted.view.Page;
import dev.countersign.web.Assets;
import dev.countersign.web.BrandCss;
import dev.countersign.web.Messages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class PagesTest {
  static final List<Locale> LANGUAGES = Messages.LANGUAGES;

  private static final Set<String> ONCE = Set.of("csrf", "state", "factor", "method", "action");
  private final Pages pages = new Pages();

  @Test
  void every_page_has_a_preview() {
    var shown =
        PagePreviews.pages(Locale.ENGLISH).values().stream().map(Object::getClass).collect(toSet());

    assertThat(shown).isEqualTo(Stream.of(Page.class.getPermittedSubclasses()).collect(toSet()));
  }

  @ParameterizedTest
  @FieldSource("LANGUAGES")
  void every_page_obeys_the_strict_content_policy(Locale language) {
    PagePreviews.pages(language)
        .forEach((name, page) ->
            assertThat(pages.html(page))
                .as("%s in %s", name, language)
                .doesNotContainPattern("<style|\\sstyle\\s*=|\\son[a-z]+\\s*=|javascript:")
                .doesNotContainPattern("<script(?![^>]* src=\"/assets/)")
                .doesNotContainPattern("src=\"(?!/)")
                .doesNotContainPattern("\\bnull\\b"));
  }

  @ParameterizedTest
  @FieldSource("LANGUAGES")
  void every_page_can_be_understood_without_seeing_it(Locale language) {
    PagePreviews.pages(language)
        .forEach((name, page) -> {
          var html = pages.html(page);
          var where = name + " in " + language;
          assertThat(all("<h1>", html)).as(where).hasSize(1);
          assertThat(html)
              .as(where)
              .contains("<html lang=\"" + language.toLanguageTag() + "\" dir=\"");
          var ids = all("\\sid=\"([^\"]+)\"", html);
          assertThat(ids).as(where).doesNotHaveDuplicates();
          assertThat(
                  all("aria-describedby=\"([^\"]+)\"", html).stream()
                      .flatMap(described -> Stream.of(described.split(" ", -1))))
              .as(where)
              .isSubsetOf(ids);
          assertThat(all("<label[^>]* for=\"([^\"]+)\"", html)).as(where).isSubsetOf(ids);
          assertThat(all("\\sautofocus[\\s>]", html)).as(where).hasSizeLessThan(2);
        });
  }

  @Test
  void every_form_carries_the_token_against_forgery_and_names_each_field_once() {
    PagePreviews.pages(Locale.ENGLISH)
        .forEach((name, page) -> {
          if (!name.equals("form-post")) {
            for (var form : all("(?s)<form(.*?)</form>", pages.html(page))) {
              assertThat(form).as(name).contains("name=\"csrf\" value=\"c5rf\"");
              assertThat(
                      all("\\sname=\"([^\"]+)\"", form).stream()
                          .filter(field -> !ONCE.contains(field)))
                  .as(name)
                  .doesNotHaveDuplicates();
            }
          }
        });
  }

  @Test
  void an_error_is_told_at_its_field_and_in_the_title() {
    var html = pages.html(PagePreviews.pages(Locale.ENGLISH).get("totp-challenge-wrong"));

    assertThat(html)
        .contains("<title>Error: Confirm it’s you · Acme Bank</title>")
        .contains("aria-invalid=\"true\" aria-describedby=\"code-error code-hint\"")
        .contains("<p class=\"error\" id=\"code-error\" role=\"alert\">");
  }

  @Test
  void what_others_wrote_is_shown_as_text() {
    var previews = PagePreviews.pages(Locale.ENGLISH);

    assertThat(pages.html(previews.get("form-post")))
        .contains("value=\"&#34;&lt;x>&amp;\"")
        .doesNotContain("\"<x>&\"");
    assertThat(pages.html(previews.get("web-message")))
        .contains("data-response=\"{&#34;code&#34;:&#34;&lt;/script>");
  }

  @Test
  void a_page_that_shows_a_secret_is_never_compressed() {
    PagePreviews.pages(Locale.ENGLISH)
        .forEach((name, page) -> {
          var html = pages.html(page);
          boolean secret =
              Stream.of("id=\"key\"", "otpauth:", "7k2m-9qw4t-hx3vd", "id=\"answer\"")
                  .anyMatch(html::contains);
          if (secret) {
            assertThat(page.isOpen()).as(name).isFalse();
          }
        });
    assertThat(PagePreviews.pages(Locale.ENGLISH).get("identifier").isOpen()).isTrue();
  }

  @Test
  void the_first_view_of_a_sign_in_page_is_small() throws IOException {
    var bytes = gzipped(pages.html(PagePreviews.pages(Locale.ENGLISH).get("identifier")));
    bytes += gzipped(BrandCss.render(BrandCss.DEFAULT_COLOUR));
    for (var asset : List.of("app.css", "app.js")) {
      bytes +=
          Assets.find(Assets.url(asset).substring("/assets/".length()))
              .orElseThrow()
              .gzipped()
              .length;
    }

    assertThat(bytes).isLessThan(12 * 1024);
  }

  @Test
  void every_key_that_a_template_or_a_view_names_exists() throws IOException {
    var english = PagePreviews.words(Locale.ENGLISH);
    var keys = new ArrayList<String>();
    for (var root : List.of("src/main/jte", "src/main/java/dev/countersign/hosted")) {
      try (var files = Files.walk(Path.of(root))) {
        for (var file : files.filter(Files::isRegularFile).toList()) {
          var source = Files.readString(file);
          for (var call : all("text\\(((?:[^()]|\\([^()]*\\))*)", source)) {
            all("\"([a-z_]+\\.[a-z_.]+)\"", call).forEach(keys::add);
          }
          all("\"(mail\\.[a-z_.]+)\"", source).stream()
              .filter(key -> !key.endsWith(".jte"))
              .forEach(keys::add);
        }
      }
    }
    for (var kind : ErrorPage.Kind.values()) {
      Stream.of("title", "what", "mend").map(kind::key).forEach(keys::add);
    }
    for (var kind : ContinuePage.Kind.values()) {
      Stream.of("title", "lead").map(kind::key).forEach(keys::add);
    }
    Stream.of(NewPasswordPage.Why.values()).map(NewPasswordPage.Why::key).forEach(keys::add);

    assertThat(keys).hasSizeGreaterThan(100).allMatch(english::has);
  }

  @ParameterizedTest
  @FieldSource("LANGUAGES")
  void every_mail_says_the_same_as_text_and_as_html(Locale language) {
    PagePreviews.letters(language)
        .forEach((name, letter) -> {
          var plain = pages.plain(letter);
          assertThat(plain)
              .as(name)
              .contains(letter.paragraphs())
              .contains(letter.advice())
              .doesNotContain("&#");
          assertThat(plain).as(name).doesNotContain("null").endsWith("\n");
          assertThat(pages.html(letter))
              .as(name)
              .contains(letter.subject())
              .contains(letter.facts().get(0).value());
        });
  }

  private static int gzipped(String text) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.size();
  }

  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.groupCount() == 0 ? match.group() : match.group(1))
        .toList();
  }
}
