package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Asks for the current code of an authenticator app. Posts {@code code}.
 *
 * @param device the name its owner gave the app; null if unnamed
 * @param reason why it is asked, one line; null says nothing
 * @param attemptsLeft shown when few are left; null says nothing
 * @param otherUrl "Try another way"; null if there is none
 */
public record TotpChallengePage(
    Frame frame,
    Context context,
    @Nullable String device,
    @Nullable String reason,
    @Nullable Integer attemptsLeft,
    @Nullable String otherUrl)
    implements Page {}
