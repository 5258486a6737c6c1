/**
 * Authenticator apps: time-based one-time passwords (RFC 6238 over RFC 4226). {@link dev.countersign.factor.totp.Totp}
 * is the factor, {@link dev.countersign.kernel.OneTimeCodes} the computation. May use the factor contract and the kernel.
 */
@NullMarked
package dev.countersign.factor.totp;

import org.jspecify.annotations.NullMarked;
