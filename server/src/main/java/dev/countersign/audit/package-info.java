/**
 * The append-only record of what happened, to whom, by whom, from where and why. {@link dev.countersign.audit.Audit}
 * writes an {@link dev.countersign.audit.AuditEvent} within the transaction that it reports, and reads the story back.
 * May use kernel and storage.
 */
@NullMarked
package dev.countersign.audit;

import org.jspecify.annotations.NullMarked;
