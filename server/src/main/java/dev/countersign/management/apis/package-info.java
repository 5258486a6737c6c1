/**
 * APIs that tokens are made for, and which application may call which by itself, by the Management API, which calls them
 * resource servers ({@link dev.countersign.management.apis.ResourceServers}) and client grants ({@link
 * dev.countersign.management.apis.ClientGrants}).
 */
@NullMarked
package dev.countersign.management.apis;

import org.jspecify.annotations.NullMarked;
