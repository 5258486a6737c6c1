/**
 * Hardware tokens: small devices that show one-time passwords by a counter (RFC 4226) or by the time (RFC 6238). {@link
 * dev.countersign.factor.hardware.HardwareToken} is the factor; which tokens there are is kept by {@code enrolment.tokens}.
 * May use the factor contract and the kernel.
 */
@NullMarked
package dev.countersign.factor.hardware;

import org.jspecify.annotations.NullMarked;
