package dev.countersign.hosted.view;

/** One entry of the language choice. */
public record Language(String tag, String name, String url, boolean current) {}
