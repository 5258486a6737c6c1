/**
 * Passwords: what may become one and whether one is right. {@link dev.countersign.signin.password.PasswordRules} judges
 * a new password, {@link dev.countersign.signin.password.PasswordHasher} hashes it and checks it at sign-in; hashes
 * brought along from elsewhere are read and replaced at their first use.
 *
 * <p>A sign-in with an unknown name calls {@code refuseUnknown}, which takes as long as a wrong password does. May use
 * the kernel.
 */
@NullMarked
package dev.countersign.signin.password;

import org.jspecify.annotations.NullMarked;
