/** What every implementation owes: stores on each database, factors of each kind, claims under fire from many threads. */
@NullMarked
package dev.countersign.contracts;

import org.jspecify.annotations.NullMarked;
