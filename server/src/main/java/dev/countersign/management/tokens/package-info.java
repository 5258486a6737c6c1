/** The hardware tokens of a tenant: {@link dev.countersign.management.tokens.HardwareTokens}, an API of our own. */
@NullMarked
package dev.countersign.management.tokens;

import org.jspecify.annotations.NullMarked;
