/**
 * The pages a person meets while signing in. {@link dev.countersign.hosted.Pages} turns a view record into HTML.
 *
 * <p>May use everything below; nobody but Wiring uses it, save {@code account}, which borrows its pages.
 */
@NullMarked
package dev.countersign.hosted;

import org.jspecify.annotations.NullMarked;
