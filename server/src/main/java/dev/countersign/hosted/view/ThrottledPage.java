package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Too many tries within a short time: wait.
 *
 * @param until a clock time in the reader's form
 * @param seconds the same as seconds from now, for the countdown
 * @param againUrl where to try again
 */
public record ThrottledPage(
    Frame frame, String until, long seconds, String againUrl, @Nullable String otherUrl)
    implements Page {}
