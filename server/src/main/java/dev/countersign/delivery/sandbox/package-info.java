/**
 * What is kept of the messages of a sandbox instead of being sent: {@link dev.countersign.delivery.sandbox.SandboxMessages}.
 * May use tenant and what is below.
 */
@NullMarked
package dev.countersign.delivery.sandbox;

import org.jspecify.annotations.NullMarked;
