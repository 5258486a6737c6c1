/** The assessment of risk, as far as there is one: {@link dev.countersign.management.risk.RiskEndpoints}. */
@NullMarked
package dev.countersign.management.risk;

import org.jspecify.annotations.NullMarked;
