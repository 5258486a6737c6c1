/**
 * Codes by text message: {@link dev.countersign.factor.CodeByPhone} in the words that lie here. What is to be sent leaves as a
 * value; {@link dev.countersign.delivery.Courier} carries it. May use the factor contract and the kernel.
 */
@NullMarked
package dev.countersign.factor.sms;

import org.jspecify.annotations.NullMarked;
