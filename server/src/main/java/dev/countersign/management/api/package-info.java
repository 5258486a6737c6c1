/**
 * What all endpoints share: their declaration ({@link dev.countersign.management.api.Endpoint}), the shape of what they
 * take ({@link dev.countersign.management.api.Shape}), pages, errors and the allowance of calls.
 */
@NullMarked
package dev.countersign.management.api;

import org.jspecify.annotations.NullMarked;
