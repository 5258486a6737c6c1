package dev.countersign.hosted.view;

/**
 * One method that can be set up.
 *
 * @param id posted as {@code factor}
 * @param nameKey and {@code lineKey}: messages, for example {@code factor.authenticator.name} and {@code .line}
 * @param minutes how long setting it up takes; 0 says nothing
 */
public record FactorCard(
    String id, Icon icon, String nameKey, String lineKey, int minutes, boolean recommended) {}
