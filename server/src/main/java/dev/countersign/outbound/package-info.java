/**
 * The only HTTP client. {@link dev.countersign.outbound.Outbound#send} makes one {@link dev.countersign.outbound.Call} to a
 * server elsewhere and tells what came of it: an answer, or why there is none. Refuses private addresses and plain HTTP
 * unless the operator allows the network, bounds time and size, follows no redirects. May use kernel and config.
 */
@NullMarked
package dev.countersign.outbound;

import org.jspecify.annotations.NullMarked;
