package dev.countersign.hosted.view;

/** A link with its words. */
public record Link(String text, String url) {}
