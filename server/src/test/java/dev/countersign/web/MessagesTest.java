package dev.countersign.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.factor.Factors;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.outbound.Callout;
import dev.countersign.tenant.TenantSettings;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class MessagesTest {
  static final List<Locale> LANGUAGES = Messages.LANGUAGES;

  /** With the words of every factor. */
  @BeforeAll
  static void include_the_factors() {
    Factors.all(new LiveEntropy(), Callout.CLOSED, _ -> TenantSettings.usual(), _ -> {})
        .speakers()
        .forEach(Messages::include);
  }

  /** What a choice must offer at least, so that no number falls through to a wrong form. */
  private static final Map<String, Set<String>> CATEGORIES =
      Map.of(
          "en", Set.of("one", "other"),
          "de", Set.of("one", "other"),
          "fr", Set.of("one", "other"),
          "es", Set.of("one", "other"),
          "pt", Set.of("one", "other"),
          "ja", Set.of("other"),
          "ar", Set.of("one", "two", "few", "many", "other"));

  @ParameterizedTest
  @FieldSource("LANGUAGES")
  void every_language_has_the_same_keys(Locale language) {
    assertThat(Messages.keys(language))
        .isEqualTo(Messages.keys(Locale.ENGLISH))
        .hasSizeGreaterThan(200);
  }

  @ParameterizedTest
  @FieldSource("LANGUAGES")
  void every_translation_has_the_same_placeholders(Locale language) {
    for (var key : Messages.keys(Locale.ENGLISH)) {
      assertThat(Messages.pattern(language, key).placeholders())
          .as("%s in %s", key, language)
          .isEqualTo(Messages.pattern(Locale.ENGLISH, key).placeholders());
    }
  }

  @ParameterizedTest
  @FieldSource("LANGUAGES")
  void every_choice_by_number_has_the_forms_its_language_needs(Locale language) {
    for (var key : Messages.keys(language)) {
      var categories = Messages.pattern(language, key).categories();
      if (!categories.isEmpty()) {
        assertThat(categories)
            .as("%s in %s", key, language)
            .containsAll(CATEGORIES.get(language.getLanguage()));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("LANGUAGES")
  void no_translation_was_forgotten(Locale language) {
    if (language.equals(Locale.ENGLISH)) {
      return;
    }
    var messages = Messages.in(language);
    var english = Messages.in(Locale.ENGLISH);
    var same = new HashSet<String>();
    for (var key : Messages.keys(language)) {
      if (english.text(key, 5, 5, 5).equals(messages.text(key, 5, 5, 5))) {
        same.add(key);
      }
    }
    assertThat(same).as("the same as in English: %s", language).hasSizeLessThan(12);
  }

  @ParameterizedTest
  @CsvSource({
    "en,0,You have no backup codes left. Make a new set now.",
    "en,1,You have 1 backup code left. Make a new set soon.",
    "en,7,You have 7 backup codes left.",
    "fr,1,Il vous reste 1 code de secours. Créez-en bientôt de nouveaux.",
    "ja,1,バックアップコードの残りは 1 個です。近いうちに新しく作成してください。",
    "ar,2,بقي لديك رمزان احتياطيان.",
    "ar,5,بقيت لديك 5 رموز احتياطية.",
    "ar,11,بقي لديك 11 رمزًا احتياطيًا."
  })
  void numbers_take_the_form_of_the_language(String language, int left, String text) {
    assertThat(Messages.in(Locale.of(language)).text("mail.backup_used.left", left))
        .isEqualTo(text);
  }

  /** Of each language, what people are to their face, and not in the others' way. */
  private static final Map<String, String> OTHER_ADDRESS =
      Map.of(
          "de", "(?i)\\b(du|dein\\p{L}*|dir|dich)\\b",
          "fr", "(?i)\\b(tu|ton|tes|toi)\\b",
          "es", "(?i)\\b(usted|escriba|inténtelo|su (navegador|cuenta|código|dispositivo))\\b",
          "pt", "(?i)\\b(palavra-passe|introduza|telemóvel|ecrã|aceite)\\b");

  @ParameterizedTest
  @FieldSource("LANGUAGES")
  void people_are_spoken_to_in_one_way(Locale language) {
    var other =
        Pattern.compile(
            OTHER_ADDRESS.getOrDefault(language.getLanguage(), "(?!)"),
            Pattern.UNICODE_CHARACTER_CLASS);
    for (var key : Messages.keys(language)) {
      assertThat(Messages.in(language).text(key, 5, 5, 5))
          .as("%s in %s", key, language)
          .doesNotContainPattern(other);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "en,“,”",
    "de,„,“",
    "fr,«\u00a0,\u00a0»",
    "es,«,»",
    "pt,“,”",
    "ja,「,」",
    "ar,«\u2068,\u2069»"
  })
  void a_name_that_somebody_gave_stands_in_the_quotation_marks_of_the_language(
      String language, String opens, String closes) {
    for (var key :
        List.of(
            "totp.challenge.lead_named",
            "token.challenge.lead_named",
            "push.challenge.lead_named",
            "custom-totp.challenge.lead_named",
            "account.method_added",
            "account.method_removed",
            "confirm.remove.title",
            "mail.enrolled.text",
            "mail.removed.text",
            "mail.locked.text",
            "mail.replayed.text",
            "mail.elsewhere.text")) {
      assertThat(Messages.in(Locale.of(language)).text(key, "Phone", "Badge"))
          .as(key)
          .contains(opens + "Phone" + closes);
    }
  }

  @Test
  void in_french_no_line_begins_with_a_mark_that_stands_apart() {
    // Telephones are sent no letters that some of them lack.
    var telephoned = List.of("sms.text.", "call.", "transaction.text", "transaction.call");
    for (var key : Messages.keys(Locale.FRENCH)) {
      if (telephoned.stream().noneMatch(key::startsWith)) {
        assertThat(Messages.in(Locale.FRENCH).text(key, 5, 5, 5))
            .as(key)
            .doesNotContainPattern("« | [?!:;»]");
      }
    }
  }

  @Test
  void an_argument_is_text_and_never_a_pattern() {
    assertThat(Messages.in(Locale.ENGLISH).text("common.signing_in_to", "{0} # '{1}' <b>"))
        .isEqualTo("to continue to {0} # '{1}' <b>");
  }

  @Test
  void an_argument_in_a_right_to_left_sentence_is_isolated() {
    assertThat(Messages.in(Locale.of("ar")).text("continue.ready_lead", "Acme"))
        .contains("\u2068Acme\u2069");
  }

  @Test
  void a_number_is_written_as_the_reader_writes_it() {
    assertThat(Messages.in(Locale.GERMAN).number(1234)).isEqualTo("1.234");
    assertThat(Messages.in(Locale.of("ar")).number(70)).isEqualTo("70");
  }

  @Test
  void times_are_told_in_the_readers_words() {
    var english = Messages.in(Locale.UK);
    var now = Instant.parse("2026-11-23T13:05:00Z");
    var zone = ZoneId.of("Europe/Berlin");

    assertThat(english.ago(now.minusSeconds(5), now, zone)).isEqualTo("just now");
    assertThat(english.ago(now.minusSeconds(3 * 86_400), now, zone)).isEqualTo("3 days ago");
    assertThat(english.ago(now.minusSeconds(40 * 86_400), now, zone)).isEqualTo("14 October 2026");
    assertThat(english.time(now, zone)).isEqualTo("14:05");
    assertThat(Messages.in(Locale.GERMAN).date(now, zone)).isEqualTo("23. November 2026");
  }

  @Test
  void the_request_chooses_before_the_browser_and_the_browser_before_the_tenant() {
    assertThat(Messages.choose("xx pt-BR fr", "de", Locale.JAPANESE).tag()).isEqualTo("pt-BR");
    assertThat(Messages.choose(null, "xx, de-AT;q=0.8, fr;q=0.9", Locale.JAPANESE).tag())
        .isEqualTo("fr");
    assertThat(Messages.choose(null, "xx", Locale.JAPANESE).tag()).isEqualTo("ja");
    assertThat(Messages.choose("", null, Locale.ITALIAN).tag()).isEqualTo("en");
    assertThat(Messages.choose("!!", ";;;=", Locale.GERMAN).tag()).isEqualTo("de");
  }

  @Test
  void a_key_that_nobody_has_is_a_mistake_of_ours() {
    assertThatThrownBy(() -> Messages.in(Locale.ENGLISH).text("no.such.key"))
        .hasMessageContaining("no.such.key");
  }
}
