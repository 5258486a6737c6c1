/**
 * Words that everyone shares: ids, {@link dev.countersign.kernel.Moment}, {@link
 * dev.countersign.kernel.Entropy}, {@link dev.countersign.kernel.Secret}, {@link
 * dev.countersign.kernel.Problem}. Knows nobody, keeps no state, does no input or output.
 */
@NullMarked
package dev.countersign.kernel;

import org.jspecify.annotations.NullMarked;
