package dev.countersign.risk.lists;

/**
 * A list that an address stands on.
 *
 * @param weight what standing on it counts, of 100
 * @param anonymiser whether it lists ways out of a network that hides where people are
 */
public record Listing(String name, int weight, boolean anonymiser) {}
