/**
 * Stories told in a real browser: Chromium, at phone and desktop width, against the product started as an operator
 * starts it, over HTTP and HTTPS, with a bank as the application. Each story is a class named {@code ...Story}; it
 * speaks of what a person {@link dev.countersign.e2e.Does does} and {@link dev.countersign.e2e.Sees sees}. Whatever is
 * seen is checked meanwhile: no accessibility fault, nothing cut off, nothing refused by the browser, strict headers on
 * every answer. {@link dev.countersign.e2e.Stage} is the product, {@link dev.countersign.e2e.Visit} one story's scene.
 * Pictures of every page lie in {@code target/screenshots} afterwards. May use everything.
 */
@NullMarked
package dev.countersign.e2e;

import org.jspecify.annotations.NullMarked;
