/** What the parts cost, measured with JMH, and what the whole server bears under load. Runs from {@code ./dev bench}. */
@NullMarked
package dev.countersign.bench;

import org.jspecify.annotations.NullMarked;
