package dev.countersign.hosted.view;

/** Asks for whom to reset the password. Posts {@code identifier}. */
public record ForgotPasswordPage(Frame frame, String identifier, String backUrl) implements Page {}
