/**
 * Asks enforcement again before a sensitive act: {@link dev.countersign.stepup.Freshness} says whether what a session
 * rests on is proof enough and recent enough, or what a new sign-in has to ask for. May use session and what is below.
 */
@NullMarked
package dev.countersign.stepup;

import org.jspecify.annotations.NullMarked;
