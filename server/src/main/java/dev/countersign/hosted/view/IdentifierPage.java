package dev.countersign.hosted.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is it? Posts {@code identifier}; or lets the browser offer a key, in the suggestions of that field and by a button.
 *
 * @param identifier what to fill in: what was typed before, or the application's hint; may be empty
 * @param key null where no key may come first
 */
public record IdentifierPage(
    Frame frame, String identifier, @Nullable Key key, List<BrowserSignal> signals)
    implements Page {
  public IdentifierPage {
    signals = List.copyOf(signals);
  }

  /** Without anything to tell the browser. */
  public IdentifierPage(Frame frame, String identifier, @Nullable Key key) {
    this(frame, identifier, key, List.of());
  }

  /**
   * A key as the first proof.
   *
   * @param url where {@code credential} and {@code question} are posted to, or {@code error}, the name of what stopped it
   * @param renewUrl a page with a fresh question
   * @param options what the browser is asked, in JSON
   * @param question to be posted back
   * @param browserQuestion what the browser signs with its own key, if it has one; posted back as {@code browser_key}
   */
  public record Key(
      String url, String renewUrl, String options, String question, String browserQuestion) {}
}
