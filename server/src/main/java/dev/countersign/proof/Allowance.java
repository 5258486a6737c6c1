package dev.countersign.proof;

import java.time.Duration;

/**
 * How often something may be done.
 *
 * @param most so many times
 * @param per in a stretch that begins with the first time; then the count begins anew
 */
public record Allowance(String name, int most, Duration per) {}
