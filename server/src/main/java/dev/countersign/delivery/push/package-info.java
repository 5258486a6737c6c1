/**
 * Wakes people's devices: {@link dev.countersign.delivery.push.Pushes} is the courier, {@link
 * dev.countersign.delivery.push.WebPush} the message of RFC 8030, 8291 and 8292, {@link
 * dev.countersign.delivery.push.Bell} wakes those that wait for an answer of ours. May use kernel, outbound, storage,
 * tenant, audit and proof.
 */
@NullMarked
package dev.countersign.delivery.push;

import org.jspecify.annotations.NullMarked;
