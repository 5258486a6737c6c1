package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Signed out.
 *
 * @param back to the application that asked; null if none did
 * @param signInUrl to sign in again; null if there is nothing to sign in to
 */
public record SignedOutPage(Frame frame, @Nullable Link back, @Nullable String signInUrl)
    implements Page {}
