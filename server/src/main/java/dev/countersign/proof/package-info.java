/**
 * Turns an accepted answer into a {@link dev.countersign.proof.Proof} exactly once, or never. {@link
 * dev.countersign.proof.ProofLedger} redeems a {@link dev.countersign.proof.Claim} by one conditional UPDATE; {@link
 * dev.countersign.proof.Spendables} keeps everything that may be used once. May use kernel and storage.
 */
@NullMarked
package dev.countersign.proof;

import org.jspecify.annotations.NullMarked;
