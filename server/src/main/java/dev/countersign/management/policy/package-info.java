/**
 * The whole policy: as the API and files have it ({@link dev.countersign.management.policy.PolicyForm}), changed ({@link
 * dev.countersign.management.policy.EnforcementEndpoints}), tried on cases and on history before it bites ({@link
 * dev.countersign.management.policy.OperatorPolicy}), and explained for one sign-in ({@link
 * dev.countersign.management.policy.Decisions}).
 */
@NullMarked
package dev.countersign.management.policy;

import org.jspecify.annotations.NullMarked;
