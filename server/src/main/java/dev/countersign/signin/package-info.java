/**
 * Ways to give the first proof, one package each; {@link dev.countersign.signin.KnownBrowsers} tells a browser that its
 * person has used before from one that guesses, {@link dev.countersign.signin.TrustedBrowsers} one in which the challenge may
 * be spared. May use kernel, storage, tenant, identity, audit, delivery and proof.
 */
@NullMarked
package dev.countersign.signin;

import org.jspecify.annotations.NullMarked;
