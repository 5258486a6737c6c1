/**
 * Whom a tenant wants to be told of what happens. {@link dev.countersign.audit.stream.LogStreams} keeps them, and with each
 * event a note for each of them in the same transaction; {@link dev.countersign.audit.stream.StreamPump} calls them until they
 * have taken it. May use kernel, storage, outbound, and the events of audit.
 */
@NullMarked
package dev.countersign.audit.stream;

import org.jspecify.annotations.NullMarked;
