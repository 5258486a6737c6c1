/**
 * Counts what an operator watches, and shows it as Prometheus text.
 *
 * <p>Start at {@link dev.countersign.metrics.ServerMeters}: the few meters there are, each with its own method. One request:
 * the web edge calls {@code request(...)}, a series of a {@link dev.countersign.metrics.Meters} family goes up by one, the
 * operator port writes {@code Meters.text()}. Knows no feature; labels are names from our own tables, never what a client
 * sent.
 */
@NullMarked
package dev.countersign.metrics;

import org.jspecify.annotations.NullMarked;
