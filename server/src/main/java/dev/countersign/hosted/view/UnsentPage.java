package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Says that what a challenge needs could not be sent, and what else there is. The frame says why. Posts {@code
 * action=again} to try once more.
 *
 * @param words the prefix of the factor's texts
 * @param otherUrl "Try another way"; null if there is none
 */
public record UnsentPage(Frame frame, String words, @Nullable String otherUrl, String lostUrl)
    implements Page {}
