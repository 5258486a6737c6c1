/**
 * The second proof at sign-in: {@link dev.countersign.challenge.AnswerChallenge} judges an answer, counts wrong ones,
 * claims and records it; {@link dev.countersign.challenge.Picker} says which factors can be switched to. May use session
 * and what is below.
 */
@NullMarked
package dev.countersign.challenge;

import org.jspecify.annotations.NullMarked;
