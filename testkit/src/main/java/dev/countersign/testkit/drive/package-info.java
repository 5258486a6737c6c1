/**
 * Signing in over real sockets with as little work as can be, as fast as a server goes: {@link
 * dev.countersign.testkit.drive.SignIn} is one person's way, {@link dev.countersign.testkit.drive.Rehearsal} many people's.
 */
@NullMarked
package dev.countersign.testkit.drive;

import org.jspecify.annotations.NullMarked;
