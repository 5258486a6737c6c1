/**
 * The pages a person meets while signing in. {@link dev.countersign.hosted.HostedRoutes} lists them. A page finds its
 * sign-in ({@code Visits}), calls one operation, and shows what the state allows or sends the browser where the state is
 * ({@code Whereabouts}); {@link dev.countersign.hosted.Onwards} turns a move into cookies and the way on; {@link
 * dev.countersign.hosted.Pages} turns a view record into HTML.
 *
 * <p>May use everything below; nobody but Wiring uses it, save {@code account}, which borrows its pages.
 */
@NullMarked
package dev.countersign.hosted;

import org.jspecify.annotations.NullMarked;
