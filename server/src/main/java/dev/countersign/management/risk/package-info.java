/**
 * The assessment of risk: {@link dev.countersign.management.risk.RiskEndpoints} as Auth0 has it, {@link
 * dev.countersign.management.risk.AddressLists} of our own.
 */
@NullMarked
package dev.countersign.management.risk;

import org.jspecify.annotations.NullMarked;
