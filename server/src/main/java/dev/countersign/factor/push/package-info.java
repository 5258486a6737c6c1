/**
 * Approvals on a paired phone with number matching (SP 800-63B-4 section 3.1.3): {@link
 * dev.countersign.factor.push.Push} is the factor, {@link dev.countersign.factor.push.Said} a message from the phone and
 * how its signature is checked. May use the factor contract, delivery's values and the kernel.
 */
@NullMarked
package dev.countersign.factor.push;

import org.jspecify.annotations.NullMarked;
