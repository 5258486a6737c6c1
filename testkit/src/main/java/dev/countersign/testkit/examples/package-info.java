/**
 * What a tenant would write to have factors of its own: the worked examples of docs/custom-factors.md, which quotes them, and
 * which the tests run.
 */
@NullMarked
package dev.countersign.testkit.examples;

import org.jspecify.annotations.NullMarked;
