package dev.countersign.hosted.view;

/**
 * Who is it? Posts {@code identifier}.
 *
 * @param identifier what to fill in: what was typed before, or the application's hint; may be empty
 */
public record IdentifierPage(Frame frame, String identifier) implements Page {}
