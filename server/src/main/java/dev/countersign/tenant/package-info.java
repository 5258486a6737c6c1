/**
 * Who the customer is: name, hosts, branding and limits ({@link dev.countersign.tenant.Tenants}), and the keys that sign
 * its tokens. A request's host leads to a tenant here and everything after asks by its id. May use kernel and storage.
 */
@NullMarked
package dev.countersign.tenant;

import org.jspecify.annotations.NullMarked;
