/**
 * Passkeys and security keys (WebAuthn Level 3). {@link dev.countersign.factor.webauthn.WebAuthn} is both factors; {@link
 * dev.countersign.factor.webauthn.Registration} and {@link dev.countersign.factor.webauthn.Assertion} are the two
 * procedures of the standard, step by step. May use the factor contract, proof's claims and the kernel.
 */
@NullMarked
package dev.countersign.factor.webauthn;

import org.jspecify.annotations.NullMarked;
