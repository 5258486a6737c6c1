package dev.countersign.hosted.view;

/**
 * Asks whether to sign out, when the request didn't prove that the user wanted it. Posts {@code action=sign_out}.
 *
 * @param stayUrl where to go instead
 */
public record LogoutPage(Frame frame, String identifier, String stayUrl) implements Page {}
