/**
 * Codes by mail: {@link dev.countersign.factor.email.EmailCode}. An admin gives it to a person; it says that they reach an
 * address, and raises no assurance level. May use the factor contract and the kernel.
 */
@NullMarked
package dev.countersign.factor.email;

import org.jspecify.annotations.NullMarked;
