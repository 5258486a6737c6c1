/**
 * Lists of addresses: those that a tenant or the operator names, and those that are fetched from elsewhere again and again.
 * {@link dev.countersign.risk.lists.Lists} answers on which of them an address stands; {@link
 * dev.countersign.risk.lists.Feeds} fetches.
 */
@NullMarked
package dev.countersign.risk.lists;

import org.jspecify.annotations.NullMarked;
