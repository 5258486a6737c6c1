/**
 * What a sign-in still owes, and why. {@link dev.countersign.enforcement.Enforcement#decide} is a pure function of {@link
 * dev.countersign.enforcement.Policy} and {@link dev.countersign.enforcement.Facts}; {@link
 * dev.countersign.enforcement.Policies} keeps each version. Inside, {@code Question} is the order of deciding: over {@code
 * Means} (what somebody has), {@code Worth} (what they have shown), {@code Leeway} (what they may put off), {@code
 * Suspicion} and {@code BeforeAct} (what risk and a sensitive act want besides). May use kernel, storage, proof, risk,
 * people and factor profiles.
 */
@NullMarked
package dev.countersign.enforcement;

import org.jspecify.annotations.NullMarked;
