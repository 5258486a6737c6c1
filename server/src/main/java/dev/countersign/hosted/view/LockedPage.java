package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Too many wrong codes: the method is locked.
 *
 * @param until a clock time in the reader's form; null if until somebody unlocks it
 * @param otherUrl "Try another way"; null if there is none
 * @param lostUrl what to do without any method
 */
public record LockedPage(
    Frame frame, @Nullable String until, @Nullable String otherUrl, String lostUrl)
    implements Page {}
