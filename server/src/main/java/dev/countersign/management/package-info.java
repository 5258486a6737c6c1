/**
 * The Management API under {@code /api/v2}, in the shape that Auth0's clients know. {@link
 * dev.countersign.management.ManagementRoutes} joins the endpoints of the folders below into routes. {@code PUT
 * /guardian/policies} is declared with its scopes and body in {@code guardian.Guardian}; {@code api.Endpoint} refuses what
 * the declaration does not allow; the operation asks {@code enforcement.Policies}. May use everything below the top
 * rooms, and none of those beside it.
 */
@NullMarked
package dev.countersign.management;

import org.jspecify.annotations.NullMarked;
