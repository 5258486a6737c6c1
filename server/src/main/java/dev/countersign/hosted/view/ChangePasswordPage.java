package dev.countersign.hosted.view;

/**
 * Changing one's password. Posts {@code present_password} and {@code new_password}.
 *
 * @param identifier goes to the password store of the browser with the new password
 * @param minimumLength in characters
 */
public record ChangePasswordPage(
    Frame frame, String identifier, int minimumLength, String cancelUrl) implements Page {}
