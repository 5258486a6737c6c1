/**
 * Backup codes: the way back in when a phone is lost. {@link dev.countersign.factor.backupcodes.BackupCodes} makes a set
 * and turns a typed code into what the ledger spends. May use the factor contract and the kernel.
 */
@NullMarked
package dev.countersign.factor.backupcodes;

import org.jspecify.annotations.NullMarked;
