/**
 * Codes by text message. {@link dev.countersign.factor.sms.Sms} is the factor, {@link
 * dev.countersign.factor.sms.PhoneNumbers} reads what people type as their number. What is to be sent leaves as a value;
 * {@link dev.countersign.delivery.Courier} carries it. May use the factor contract and the kernel.
 */
@NullMarked
package dev.countersign.factor.sms;

import org.jspecify.annotations.NullMarked;
