/** Stories of what people and attackers do, told through the World. */
@NullMarked
package dev.countersign.stories;

import org.jspecify.annotations.NullMarked;
