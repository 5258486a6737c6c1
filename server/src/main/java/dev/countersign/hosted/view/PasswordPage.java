package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * The password of whoever {@code frame.who()} is. Posts {@code password}; {@code identifier} goes with it unseen.
 *
 * @param forgotUrl to choose a new one; null where that is not offered
 */
public record PasswordPage(Frame frame, @Nullable String forgotUrl) implements Page {}
