/** What still holds when a process is killed or the database is away. */
@NullMarked
package dev.countersign.faults;

import org.jspecify.annotations.NullMarked;
