/**
 * The certificate this server shows to browsers: the operator's files, or a development authority of its own.
 *
 * <p>Start at {@link dev.countersign.tls.HttpsContext}. One connection: Jetty takes the {@code SSLContext}, whose key
 * manager holds a {@link dev.countersign.tls.ServerIdentity}; {@code renew()} looks from time to time whether the files
 * changed or {@link dev.countersign.tls.DevelopmentCa} should make a new leaf. Uses only {@code kernel}.
 */
@NullMarked
package dev.countersign.tls;

import org.jspecify.annotations.NullMarked;
