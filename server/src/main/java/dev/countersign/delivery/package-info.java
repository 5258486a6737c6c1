/**
 * Gets a text to a person, at most once. {@link dev.countersign.delivery.Notices#tell} puts a {@link
 * dev.countersign.delivery.Notice} into the outbox in the transaction that it reports; a sender takes it from there. May
 * use kernel, storage, tenant and identity.
 */
@NullMarked
package dev.countersign.delivery;

import org.jspecify.annotations.NullMarked;
