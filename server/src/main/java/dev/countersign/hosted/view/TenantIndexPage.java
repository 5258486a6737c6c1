package dev.countersign.hosted.view;

/** The bare host: nothing to sign in to. */
public record TenantIndexPage(Frame frame, String accountUrl) implements Page {}
