package dev.countersign.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The secrets that a World knows, and where each of them must not be found. Thread-safe. */
public final class Canaries {
  /** Shorter texts may well occur by chance. */
  private static final int SHORTEST = 10;

  private final Map<String, Kind> known = new ConcurrentHashMap<>();

  private enum Kind {
    PASSWORD,
    SEED,
    BACKUP_CODE,
    COOKIE,
    TOKEN
  }

  public void password(String value) {
    add(value, Kind.PASSWORD);
  }

  /** The key of an authenticator app; shown on its set-up page and nowhere else. */
  public void seed(String base32) {
    add(base32, Kind.SEED);
  }

  /** Shown on the page that it is made for and nowhere else. */
  public void backupCode(String code) {
    add(code, Kind.BACKUP_CODE);
    add(code.replace("-", ""), Kind.BACKUP_CODE);
  }

  public void cookie(String value) {
    add(value, Kind.COOKIE);
  }

  /** A token or authorization code. */
  public void token(String value) {
    add(value, Kind.TOKEN);
  }

  private void add(String value, Kind kind) {
    if (value.length() >= SHORTEST) {
      known.put(value, kind);
    }
  }

  /** What is told of a secret that a text gives away, if it does. */
  Optional<String> in(String text) {
    return known.entrySet().stream()
        .filter(it -> text.contains(it.getKey()))
        .map(it -> "a " + it.getValue() + " is told")
        .findFirst();
  }

  /** The same for a page: seeds and codes may stand on the pages that are for showing them. */
  List<String> on(Page page) {
    var html = page.html();
    List<String> told = new ArrayList<>();
    known.forEach((value, kind) -> {
      boolean allowed =
          switch (kind) {
            case PASSWORD, COOKIE -> false;
            case SEED -> page.has("#key");
            case BACKUP_CODE -> page.has("ol.codes");
            case TOKEN ->
                true; // A token is for the application; that a page hands it on is what the page is
              // for.
          };
      if (!allowed && (html.contains(value) || page.uri().toString().contains(value))) {
        told.add("a " + kind + " is told");
      }
    });
    return told;
  }
}
