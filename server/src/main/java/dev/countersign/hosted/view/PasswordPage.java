package dev.countersign.hosted.view;

/**
 * The password of whoever {@code frame.who()} is. Posts {@code password}; {@code identifier} goes with it unseen.
 *
 * @param forgotUrl to choose a new one
 * @param question what the browser signs with its key, if it has one; posted back as {@code browser_key}
 */
public record PasswordPage(Frame frame, String forgotUrl, String question) implements Page {}
