/**
 * How one server is set up: every setting is declared once, read from flags, environment, file and default (in that
 * order), and either all of them fit or all mistakes are reported together.
 *
 * <p>Start at {@link dev.countersign.config.Keys} for what can be set, {@link dev.countersign.config.Configuration} for
 * how it is read. One reading: {@code Configuration.read(sources)} gives {@code Ready(settings)} or {@code
 * Refused(mistakes)}; {@code Deployment.of(settings)} then derives what depends on several keys. Uses only {@code
 * kernel}; knows no feature.
 */
@NullMarked
package dev.countersign.config;

import org.jspecify.annotations.NullMarked;
