/**
 * A person's own security page. {@link dev.countersign.account.AccountRoutes} lists what there is and changes it by the
 * operations of enrolment and session; {@link dev.countersign.account.AccountDestination} is where a sign-in for it ends.
 * A change wants recent proof: without it a sign-in is begun that asks for just that, and comes back to the change.
 *
 * <p>May use everything below, and {@code hosted} for its pages.
 */
@NullMarked
package dev.countersign.account;

import org.jspecify.annotations.NullMarked;
