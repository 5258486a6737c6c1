/**
 * Where in the world an address is: {@link dev.countersign.risk.places.Places}. What the operator says comes first, then a
 * database of the operator's, or else the one that comes with the product, which knows countries.
 */
@NullMarked
package dev.countersign.risk.places;

import org.jspecify.annotations.NullMarked;
