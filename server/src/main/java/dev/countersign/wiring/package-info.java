/**
 * How the rooms are put together, by hand: the only place that says {@code new} for a service. One class for a few rooms
 * that belong together; its constructor names what they need of those before it, its fields are what they give to those
 * after it.
 *
 * <p>Start at {@code dev.countersign.Wiring}, which makes them in their order. May use every room; nobody but Wiring uses it.
 */
@NullMarked
package dev.countersign.wiring;

import org.jspecify.annotations.NullMarked;
