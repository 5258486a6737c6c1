/**
 * Setting factors up. {@link dev.countersign.enrolment.SetUp} begins, confirms and removes one for a person; {@link
 * dev.countersign.enrolment.SetUpAtSignIn} does so as a step of a sign-in; {@link dev.countersign.enrolment.OwnFactors} for
 * whoever is signed in with recent proof; {@link dev.countersign.enrolment.CodeSets} issues backup codes, each set shown
 * once; {@link dev.countersign.enrolment.ReportNotMe} takes back what was somebody else's doing. May use session, stepup and what is below.
 */
@NullMarked
package dev.countersign.enrolment;

import org.jspecify.annotations.NullMarked;
