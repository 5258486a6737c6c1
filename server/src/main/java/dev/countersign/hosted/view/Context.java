package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the sign-in, so that its owner can tell it from another's. All in the reader's words.
 *
 * @param trustDays for how many days the reader may have this browser trusted; 0 if not at all
 * @param trusting whether that box was ticked
 */
public record Context(
    @Nullable String application,
    @Nullable String place,
    @Nullable String browser,
    int trustDays,
    boolean trusting) {

  /** Of a sign-in in a browser that cannot be trusted. */
  public Context(@Nullable String application, @Nullable String place, @Nullable String browser) {
    this(application, place, browser, 0, false);
  }

  /** The same with a box to have this browser trusted. */
  public Context trusting(int days, boolean ticked) {
    return new Context(application, place, browser, days, ticked);
  }
}
