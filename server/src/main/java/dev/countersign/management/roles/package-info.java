/**
 * Roles by the Management API: what they are, what they permit, and who has them ({@link
 * dev.countersign.management.roles.RoleEndpoints}, {@link dev.countersign.management.roles.UserRoles}).
 */
@NullMarked
package dev.countersign.management.roles;

import org.jspecify.annotations.NullMarked;
