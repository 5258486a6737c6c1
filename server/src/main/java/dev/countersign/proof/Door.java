package dev.countersign.proof;

/** Something that is guessed at, and how much guessing it stands. */
public record Door(String name, GuessLimits limits) {}
