/**
 * Notices what is noteworthy about a sign-in. {@link dev.countersign.risk.Observe} knows how a person usually signs in and
 * finds what is otherwise this time: {@link dev.countersign.risk.Finding}s, raw; what they count is enforcement's to say. To
 * follow one: {@code Progress} calls {@code Observe.observe} when the first proof is there, which reads one row, looks the
 * address up in {@code places} and {@code lists}, and asks the pure {@code Signals}. May use what lies below: storage,
 * outbound, audit, proof.
 */
@NullMarked
package dev.countersign.risk;

import org.jspecify.annotations.NullMarked;
