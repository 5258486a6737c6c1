package dev.countersign.signin;

import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.UserId;

/**
 * A browser in which somebody, having given a second proof, asked not to be challenged again for a while.
 *
 * @param factor by which they had proven it
 * @param userAgent what the browser called itself
 * @param address where it was used last
 * @param createdAt when the second proof was given
 * @param usedAt when it last spared its person the challenge, or else was made
 */
public record TrustedBrowser(
    String id,
    UserId user,
    FactorId factor,
    String userAgent,
    String address,
    Moment createdAt,
    Moment usedAt,
    Moment expiresAt) {}
