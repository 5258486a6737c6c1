/**
 * Which factors are on and how much is demanded: {@link dev.countersign.management.guardian.Guardian} as Auth0's Guardian
 * API has it, {@link dev.countersign.management.guardian.EnforcementEndpoints} in full.
 */
@NullMarked
package dev.countersign.management.guardian;

import org.jspecify.annotations.NullMarked;
