package dev.countersign.hosted.view;

/** What is wrong with one field of the form, in the reader's words. */
public record FieldError(String field, String text) {}
