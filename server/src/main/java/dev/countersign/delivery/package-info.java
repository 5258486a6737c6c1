/**
 * Gets a text to a person. {@link dev.countersign.delivery.Notices#tell} promises a {@link dev.countersign.delivery.Notice}
 * in the transaction that it reports; {@link dev.countersign.delivery.mail.MailNotices} puts it sealed into the outbox,
 * from where {@link dev.countersign.delivery.mail.Outbox} sends it. May use kernel, config, storage, tenant, identity and proof.
 */
@NullMarked
package dev.countersign.delivery;

import org.jspecify.annotations.NullMarked;
