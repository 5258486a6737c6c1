package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * Lets the browser make a key, in the words of the factor. Posts {@code credential}, the JSON of what it made, or {@code
 * error}, the name of what stopped it; and {@code name}.
 *
 * @param words the prefix of the factor's texts
 * @param options what the browser is asked, in JSON
 * @param name prefilled name of the method
 * @param otherUrl where to choose another method; null if there is none
 */
public record CredentialSetupPage(
    Frame frame, String words, String options, String name, @Nullable String otherUrl)
    implements Page {}
