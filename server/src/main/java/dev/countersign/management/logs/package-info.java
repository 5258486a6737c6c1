/**
 * What happened: the audit log as {@link dev.countersign.management.logs.Logs}, and where it streams to as
 * {@link dev.countersign.management.logs.LogStreamEndpoints}.
 */
@NullMarked
package dev.countersign.management.logs;

import org.jspecify.annotations.NullMarked;
