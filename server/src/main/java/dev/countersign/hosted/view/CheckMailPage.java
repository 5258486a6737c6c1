package dev.countersign.hosted.view;

/**
 * A link is on its way, if the account exists: the page is the same for all.
 *
 * @param identifier what was typed
 * @param validMinutes how long the link lives
 */
public record CheckMailPage(
    Frame frame, String identifier, int validMinutes, String againUrl, String backUrl)
    implements Page {}
