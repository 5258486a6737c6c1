/**
 * Writes what the process has to say, one line for each record whatever the record holds.
 *
 * <p>Everyone logs through {@link System.Logger}; libraries through SLF4J; both arrive at {@code java.util.logging}, where
 * {@link dev.countersign.logging.Logging} has put its own handler. One record: the handler takes the {@link
 * dev.countersign.logging.RequestContext} of the running thread, a formatter makes a line of text or JSON, {@code Escape}
 * keeps it one line. Knows no feature. Secrets are kept out by never being handed in, not by being filtered.
 */
@NullMarked
package dev.countersign.logging;

import org.jspecify.annotations.NullMarked;
