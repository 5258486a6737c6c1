/**
 * Mail: {@link dev.countersign.delivery.mail.MailNotices} writes a notice into the outbox, {@link
 * dev.countersign.delivery.mail.Outbox} takes it out again, has it put in words ({@link
 * dev.countersign.delivery.mail.Wording}) and gives it to a {@link dev.countersign.delivery.mail.Mailer}. May use what its
 * room may.
 */
@NullMarked
package dev.countersign.delivery.mail;

import org.jspecify.annotations.NullMarked;
