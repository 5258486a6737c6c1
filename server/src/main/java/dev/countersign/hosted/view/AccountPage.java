package dev.countersign.hosted.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user's own security page. Every time is in the reader's form.
 *
 * @param owner the name by which the user knows the account
 * @param codesLeft null if the user has no set of backup codes
 * @param regenerateUrl to make new codes; null if it isn't possible
 * @param passwordChanged when the password was last changed; null if never
 * @param changePasswordUrl null if the user has no password here
 * @param firsts methods of which one can be asked for first; empty if there is no choice
 * @param browsers that are trusted
 */
public record AccountPage(
    Frame frame,
    String owner,
    List<Method> methods,
    @Nullable Integer codesLeft,
    List<Add> adds,
    @Nullable String regenerateUrl,
    @Nullable String passwordChanged,
    @Nullable String changePasswordUrl,
    List<Session> sessions,
    List<Event> events,
    String everywhereUrl,
    List<First> firsts,
    List<Browser> browsers,
    List<BrowserSignal> signals)
    implements Page {

  /** Without anything to tell the browser. */
  public AccountPage(
      Frame frame,
      String owner,
      List<Method> methods,
      @Nullable Integer codesLeft,
      List<Add> adds,
      @Nullable String regenerateUrl,
      @Nullable String passwordChanged,
      @Nullable String changePasswordUrl,
      List<Session> sessions,
      List<Event> events,
      String everywhereUrl,
      List<First> firsts,
      List<Browser> browsers) {
    this(
        frame,
        owner,
        methods,
        codesLeft,
        adds,
        regenerateUrl,
        passwordChanged,
        changePasswordUrl,
        sessions,
        events,
        everywhereUrl,
        firsts,
        browsers,
        List.of());
  }

  public AccountPage {
    methods = List.copyOf(methods);
    adds = List.copyOf(adds);
    sessions = List.copyOf(sessions);
    events = List.copyOf(events);
    firsts = List.copyOf(firsts);
    browsers = List.copyOf(browsers);
    signals = List.copyOf(signals);
  }

  /** A method that can be added; {@code url} is where. */
  public record Add(String name, Icon icon, String url) {}

  /** How many methods there are that mean more than a password. */
  public int protecting() {
    return Math.toIntExact(methods.stream().filter(Method::protects).count());
  }

  /**
   * An enrolled method. {@code lastUsed} is null if it wasn't yet; {@code name} is posted to {@code renameUrl}; {@code removeUrl}
   * is null if somebody else decides that.
   */
  public record Method(
      String name,
      String kind,
      Icon icon,
      String added,
      @Nullable String lastUsed,
      boolean protects,
      String renameUrl,
      @Nullable String removeUrl) {}

  /** A signed-in browser; {@code endUrl} is posted to, and is null for this very one. */
  public record Session(
      String browser, String place, String active, boolean current, @Nullable String endUrl) {}

  /** A method that can be asked for first; {@code id} is posted as {@code factor}. */
  public record First(String id, String name, boolean chosen) {}

  /** A browser that is trusted; {@code forgetUrl} is posted to. */
  public record Browser(
      String name,
      String place,
      String since,
      String used,
      String until,
      boolean current,
      String forgetUrl) {}

  /** Something that happened; {@code what} in words, {@code alarming} if it deserves a look. */
  public record Event(String what, String detail, String when, boolean alarming) {}
}
