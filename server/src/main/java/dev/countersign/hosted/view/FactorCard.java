package dev.countersign.hosted.view;

/**
 * One method that can be set up.
 *
 * @param id posted as {@code factor}
 * @param nameKey and {@code lineKey}: messages, for example {@code factor.authenticator.name} and {@code .line}
 * @param minutes how long setting it up takes; 0 says nothing
 * @param builtIn whether the browser's device has to have an authenticator built in; the page's script sees whether it has
 */
public record FactorCard(
    String id,
    Icon icon,
    String nameKey,
    String lineKey,
    int minutes,
    boolean recommended,
    boolean builtIn) {
  /** One that every browser will do for. */
  public FactorCard(
      String id, Icon icon, String nameKey, String lineKey, int minutes, boolean recommended) {
    this(id, icon, nameKey, lineKey, minutes, recommended, false);
  }
}
