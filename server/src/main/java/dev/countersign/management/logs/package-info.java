/**
 * What happened and why: the audit log as {@link dev.countersign.management.logs.Logs}, the facts behind a sign-in as
 * {@link dev.countersign.management.logs.Decisions}.
 */
@NullMarked
package dev.countersign.management.logs;

import org.jspecify.annotations.NullMarked;
