/**
 * Texts to phones. {@link dev.countersign.delivery.sms.Texts} is the {@link dev.countersign.delivery.Courier}: {@link
 * dev.countersign.delivery.sms.TextLimits} says in the transaction whether a text may go, then, without the database, the
 * tenant's {@link dev.countersign.delivery.sms.Provider} takes it, or the one behind it. What tenants have set is kept
 * sealed by {@link dev.countersign.delivery.sms.TextSettings}. May use kernel, config, storage, outbound, tenant, audit
 * and proof.
 */
@NullMarked
package dev.countersign.delivery.sms;

import org.jspecify.annotations.NullMarked;
