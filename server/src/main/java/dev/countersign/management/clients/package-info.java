/**
 * Applications by the Management API, which calls them clients: listed, created, changed, removed, given new secrets
 * ({@link dev.countersign.management.clients.Clients}).
 */
@NullMarked
package dev.countersign.management.clients;

import org.jspecify.annotations.NullMarked;
