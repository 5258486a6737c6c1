package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the sign-in, so that its owner can tell it from another's. All in the reader's words.
 *
 * @param trustHours for how many hours the reader may have this browser trusted; 0 if not at all
 * @param trusting whether that box was ticked
 * @param approving what is to be approved; null where somebody signs in
 */
public record Context(
    @Nullable String application,
    @Nullable String place,
    @Nullable String browser,
    int trustHours,
    boolean trusting,
    @Nullable TransactionCard approving) {

  /** Of a sign-in in a browser that cannot be trusted. */
  public Context(@Nullable String application, @Nullable String place, @Nullable String browser) {
    this(application, place, browser, 0, false, null);
  }

  /** The same where this is to be approved. */
  public Context approving(@Nullable TransactionCard card) {
    return new Context(application, place, browser, trustHours, trusting, card);
  }

  /** The same with a box to have this browser trusted. */
  public Context trusting(int hours, boolean ticked) {
    return new Context(application, place, browser, hours, ticked, approving);
  }

  /** The key of the box's words, and the number in them: whole days, or hours where there is no whole day. */
  public String trustKey() {
    return trustHours < 24 ? "trust.offer_hours" : "trust.offer";
  }

  public int trustNumber() {
    return trustHours < 24 ? trustHours : trustHours / 24;
  }
}
