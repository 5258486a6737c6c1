/**
 * Work that outlives a request: {@link dev.countersign.management.jobs.Jobs} does it, {@link
 * dev.countersign.management.jobs.JobEndpoints} takes it and tells how it goes.
 */
@NullMarked
package dev.countersign.management.jobs;

import org.jspecify.annotations.NullMarked;
