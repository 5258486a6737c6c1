package dev.countersign.hosted.view;

import dev.countersign.web.Messages;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What every page has. Start with {@link #of} and add what there is.
 *
 * @param here path and query of this page; its forms post there, its language links lead there
 * @param csrf posted back by every form
 * @param state names the sign-in; empty on pages outside of one
 * @param application the application being signed in to
 * @param who who is signing in, once known
 * @param leave the way out: cancel, sign out; its words and where it is posted to
 */
public record Frame(
    Brand brand,
    Messages text,
    String here,
    String csrf,
    String state,
    @Nullable String application,
    @Nullable Who who,
    @Nullable Link leave,
    @Nullable Progress progress,
    @Nullable Notice notice,
    List<FieldError> errors) {

  private static final Pattern CHOSEN = Pattern.compile("([?&])ui_locales=[^&]*&?");

  public Frame {
    errors = List.copyOf(errors);
  }

  public static Frame of(Brand brand, Messages text, String here, String csrf, String state) {
    return new Frame(brand, text, here, csrf, state, null, null, null, null, null, List.of());
  }

  public Frame application(@Nullable String name) {
    return new Frame(brand, text, here, csrf, state, name, who, leave, progress, notice, errors);
  }

  public Frame person(String identifier, String switchUrl) {
    var person = new Who(identifier, switchUrl);
    return new Frame(
        brand, text, here, csrf, state, application, person, leave, progress, notice, errors);
  }

  /** The same page before anybody said who they are. */
  public Frame nobody() {
    return new Frame(
        brand, text, here, csrf, state, application, null, leave, progress, notice, errors);
  }

  /** The same for a page at another place. */
  public Frame at(String place) {
    return new Frame(
        brand, text, place, csrf, state, application, who, leave, progress, notice, errors);
  }

  /** The way out, for example {@code leaving("common.cancel_sign_in", url)}. */
  public Frame leaving(String key, String url) {
    var link = new Link(text.text(key), url);
    return new Frame(
        brand, text, here, csrf, state, application, who, link, progress, notice, errors);
  }

  /** Without a way out, on a page that has one of its own. */
  public Frame staying() {
    return new Frame(
        brand, text, here, csrf, state, application, who, null, progress, notice, errors);
  }

  public Frame step(int step, int of) {
    var at = new Progress(step, of);
    return new Frame(brand, text, here, csrf, state, application, who, leave, at, notice, errors);
  }

  public Frame saying(Notice.Tone tone, String key, Object... arguments) {
    var said = new Notice(tone, text.text(key, arguments));
    return new Frame(
        brand, text, here, csrf, state, application, who, leave, progress, said, errors);
  }

  /** Marks a field of the form as wrong, for example {@code wrong("code", "code.used")}. */
  public Frame wrong(String field, String key, Object... arguments) {
    var all =
        Stream.concat(errors.stream(), Stream.of(new FieldError(field, text.text(key, arguments))))
            .toList();
    return new Frame(
        brand, text, here, csrf, state, application, who, leave, progress, notice, all);
  }

  /** What is wrong with a field, or null. */
  public @Nullable String error(String field) {
    return errors.stream()
        .filter(error -> error.field().equals(field))
        .map(FieldError::text)
        .findFirst()
        .orElse(null);
  }

  public boolean hasProblem() {
    return !errors.isEmpty() || (notice != null && notice.tone() == Notice.Tone.PROBLEM);
  }

  /** A telephone number or the like within a sentence that may run from right to left (Unicode UAX 9, isolates). */
  static String leftToRight(String text) {
    return "\u2066" + text + "\u2069";
  }

  /** The languages to choose from, each by its own name. */
  public List<Language> languages() {
    var bare = here.contains("ui_locales=") ? CHOSEN.matcher(here).replaceAll("$1") : here;
    var last = bare.isEmpty() ? ' ' : bare.charAt(bare.length() - 1);
    var base = last == '?' || last == '&' ? bare.substring(0, bare.length() - 1) : bare;
    var asking = base + (base.indexOf('?') < 0 ? "?" : "&") + "ui_locales=";
    return Messages.LANGUAGES.stream().map(locale -> language(locale, asking)).toList();
  }

  private Language language(Locale locale, String asking) {
    var tag = locale.toLanguageTag();
    return new Language(
        tag,
        Messages.in(locale).text("language.name"),
        asking + tag,
        locale.getLanguage().equals(text.locale().getLanguage()));
  }
}
