/** A person's factors, seen and changed by an admin: {@link dev.countersign.management.methods.AuthenticationMethods}. */
@NullMarked
package dev.countersign.management.methods;

import org.jspecify.annotations.NullMarked;
