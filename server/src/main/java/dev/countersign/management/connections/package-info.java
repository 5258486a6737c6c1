/**
 * The tenant's one database connection by the Management API: what holds of its passwords, and which applications people of it
 * may sign in to ({@link dev.countersign.management.connections.Connections}).
 */
@NullMarked
package dev.countersign.management.connections;

import org.jspecify.annotations.NullMarked;
