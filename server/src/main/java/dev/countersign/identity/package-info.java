/**
 * A person: who they are, by which names they sign in, which groups and roles they have, whether they are blocked.
 * {@link dev.countersign.identity.People} finds and changes them. May use kernel, storage and tenant.
 */
@NullMarked
package dev.countersign.identity;

import org.jspecify.annotations.NullMarked;
