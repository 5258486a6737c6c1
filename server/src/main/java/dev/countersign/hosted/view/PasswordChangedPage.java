package dev.countersign.hosted.view;

/** The password was changed. */
public record PasswordChangedPage(Frame frame, String continueUrl) implements Page {}
