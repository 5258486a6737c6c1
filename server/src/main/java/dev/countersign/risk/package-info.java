/**
 * What tenants set for the assessment of risk: {@link dev.countersign.risk.RiskSettings}. Nothing assesses any risk yet, so
 * it cannot be turned on.
 */
@NullMarked
package dev.countersign.risk;

import org.jspecify.annotations.NullMarked;
