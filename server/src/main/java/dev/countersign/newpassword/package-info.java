/**
 * How a person comes to a new password: {@link dev.countersign.newpassword.AskPasswordReset} sends the link, {@link
 * dev.countersign.newpassword.ChooseNewPassword} takes it back with the new password, {@link
 * dev.countersign.newpassword.ChangePassword} serves who is signed in. Each ends what the old password had opened. May use
 * session and what is below.
 */
@NullMarked
package dev.countersign.newpassword;

import org.jspecify.annotations.NullMarked;
