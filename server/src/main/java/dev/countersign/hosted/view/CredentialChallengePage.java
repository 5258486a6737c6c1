package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Lets the browser sign with a key, in the words of the factor. Posts {@code credential}, the JSON of the answer, or
 * {@code error}, the name of what stopped it.
 *
 * @param words the prefix of the factor's texts
 * @param options what the browser is asked, in JSON
 * @param reason why it is asked, one line; null says nothing
 * @param otherUrl "Try another way"; null if there is none
 */
public record CredentialChallengePage(
    Frame frame,
    Context context,
    String words,
    String options,
    @Nullable String reason,
    @Nullable String otherUrl)
    implements Page {}
