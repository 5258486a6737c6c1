/**
 * The tokens that a tenant owns: {@link dev.countersign.enrolment.tokens.TokenFile} reads what a maker ships, {@link
 * dev.countersign.enrolment.tokens.Tokens} keeps, assigns and brings them back in step. May use what its room may.
 */
@NullMarked
package dev.countersign.enrolment.tokens;

import org.jspecify.annotations.NullMarked;
