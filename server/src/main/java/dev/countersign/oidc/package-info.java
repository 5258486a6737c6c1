/**
 * The OpenID Connect provider: authorize, token, user info, keys, discovery, sign-out. {@link
 * dev.countersign.oidc.OidcRoutes} names every path. One sign-in: {@code Authorize} checks what the application asks and
 * begins it; when it completes, {@link dev.countersign.oidc.OidcArrival} opens the session and makes the code; {@code
 * TokenEndpoint} takes the code for tokens, which {@code Mint} signs. An application that asks its person by itself goes
 * through {@code DirectGrants} and {@code MfaEndpoints} (Auth0's MFA API): the same sign-in and the same operations as on
 * pages, with an {@code mfa_token} in the place of the cookie. May use everything below; pages are drawn by
 * whoever implements {@link dev.countersign.oidc.OidcPages}.
 */
@NullMarked
package dev.countersign.oidc;

import org.jspecify.annotations.NullMarked;
