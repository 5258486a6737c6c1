package dev.countersign.hosted.view;

/** The network address sent too much. */
public record TooManyRequestsPage(Frame frame, String until, long seconds, String request)
    implements Page {}
