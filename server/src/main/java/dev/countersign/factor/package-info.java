/**
 * What a factor is: {@link dev.countersign.factor.Factor}, a plain function over values with a {@link
 * dev.countersign.factor.FactorProfile} that declares all the rest. {@link dev.countersign.factor.Factors} lists them;
 * {@link dev.countersign.factor.Enrolments} keeps who has which, {@link dev.countersign.factor.Habits} where they used it. One folder each below. May use kernel, storage, proof,
 * tenant and identity; the folders only this package, proof's claims and the kernel.
 */
@NullMarked
package dev.countersign.factor;

import org.jspecify.annotations.NullMarked;
