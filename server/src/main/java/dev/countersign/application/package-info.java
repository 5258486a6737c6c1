/**
 * What people sign in to and what its programs may call: applications ({@link dev.countersign.application.Applications},
 * OAuth's clients), the APIs that tokens are made for ({@link dev.countersign.application.Apis}) and which application
 * may call which API by itself. A request to authorize finds its application here by client id, and its API by audience.
 * May use kernel, storage and tenant.
 */
@NullMarked
package dev.countersign.application;

import org.jspecify.annotations.NullMarked;
