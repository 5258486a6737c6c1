/**
 * Ways back in for somebody who lost every factor. {@link dev.countersign.recovery.AccessCodes} issues codes for a help desk,
 * and {@link dev.countersign.recovery.UseAccessCode} takes them in a sign-in; {@link dev.countersign.recovery.HelpCall} is how
 * the two know that they speak of the same sign-in. {@link dev.countersign.recovery.Recoveries} are those by waiting, which {@link
 * dev.countersign.recovery.RecoverByWaiting} begins and uses in a sign-in. All that a way back opens is the setting up of a new factor: nothing here
 * is a proof. May use challenge and what is below.
 */
@NullMarked
package dev.countersign.recovery;

import org.jspecify.annotations.NullMarked;
