/**
 * Network addresses as numbers: {@link dev.countersign.risk.networks.Address} is one, {@link
 * dev.countersign.risk.networks.Networks} are many, in bounded memory, asked without allocating anything.
 */
@NullMarked
package dev.countersign.risk.networks;

import org.jspecify.annotations.NullMarked;
