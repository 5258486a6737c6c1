package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a backup code. Posts {@code code}, to be read without spaces, hyphens and case.
 *
 * @param codesLeft shown when few are left; null says nothing
 * @param attemptsLeft shown when few are left; null says nothing
 * @param otherUrl "Try another way"; null if there is none
 */
public record BackupCodeChallengePage(
    Frame frame,
    Context context,
    @Nullable String reason,
    @Nullable Integer codesLeft,
    @Nullable Integer attemptsLeft,
    @Nullable String otherUrl)
    implements Page {}
