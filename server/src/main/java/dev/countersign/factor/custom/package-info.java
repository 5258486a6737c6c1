/**
 * Factors that tenants define. {@link dev.countersign.factor.custom.Custom} makes one of each {@link
 * dev.countersign.factor.custom.Definition}: a service of the tenant's that is asked ({@code Webhook}), a page of the tenant's
 * that the browser visits ({@code Redirect}), or codes and keys of other measures than the usual ones, which the factors of
 * those names judge. Alone among the factors it may use outbound.
 */
@NullMarked
package dev.countersign.factor.custom;

import org.jspecify.annotations.NullMarked;
