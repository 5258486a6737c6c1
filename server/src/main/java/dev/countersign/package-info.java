/**
 * Countersign: a multi-tenant sign-in server whose heart is multi-factor authentication.
 *
 * <p>Starts in {@code Main}, which reads the configuration and hands it to {@code Wiring}, which lists all
 * that is built. Below are the rooms; each says in its own package description what it promises and what it may use.
 */
@NullMarked
package dev.countersign;

import org.jspecify.annotations.NullMarked;
