package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * What to do when no method is at hand.
 *
 * @param codesUrl where to enter a backup code; null if none is left
 * @param app whether there was an authenticator app, which may be on another device too
 * @param helpUrl to the help desk's way
 * @param waitUrl to the way by waiting; null where there is none
 * @param waitLine how long that takes, or how far it has come
 * @param backUrl to the methods
 */
public record LostFactorPage(
    Frame frame,
    @Nullable String codesUrl,
    boolean app,
    String helpUrl,
    @Nullable String waitUrl,
    String waitLine,
    String backUrl)
    implements Page {}
