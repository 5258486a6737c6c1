/** What the product says of itself as a whole, against the texts in {@code docs}: {@code ./dev golden} writes them anew. */
@NullMarked
package dev.countersign.goldens;

import org.jspecify.annotations.NullMarked;
