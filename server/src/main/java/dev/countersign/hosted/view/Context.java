package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/** What is known of the sign-in, so that its owner can tell it from another's. All in the reader's words. */
public record Context(
    @Nullable String application, @Nullable String place, @Nullable String browser) {}
