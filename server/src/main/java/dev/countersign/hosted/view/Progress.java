package dev.countersign.hosted.view;

/** Where the reader is in a set-up: step 1 of 3. */
public record Progress(int step, int of) {}
