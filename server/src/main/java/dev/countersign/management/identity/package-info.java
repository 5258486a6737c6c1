/**
 * What a tenant's people are described by: {@link dev.countersign.management.identity.SchemaEndpoints}. May use the API's
 * own words, identity and audit.
 */
@NullMarked
package dev.countersign.management.identity;

import org.jspecify.annotations.NullMarked;
