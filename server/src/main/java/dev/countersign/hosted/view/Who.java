package dev.countersign.hosted.view;

/**
 * Who is signing in.
 *
 * @param identifier as typed, or masked
 * @param switchUrl where to go to be somebody else
 */
public record Who(String identifier, String switchUrl) {}
