package dev.countersign.hosted.view;

/**
 * The password of whoever {@code frame.who()} is. Posts {@code password}; {@code identifier} goes with it unseen.
 *
 * @param forgotUrl to choose a new one
 */
public record PasswordPage(Frame frame, String forgotUrl) implements Page {}
