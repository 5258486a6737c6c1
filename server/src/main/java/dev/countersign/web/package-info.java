/**
 * The edge: a {@link dev.countersign.web.Request} in, a {@link dev.countersign.web.Reply} out. {@link
 * dev.countersign.web.Router} finds the {@link dev.countersign.web.Route}, checks what the route declares (cross-site
 * forgery, bearer token), and adds the security headers; {@link dev.countersign.web.HttpServer} speaks HTTP. Knows no
 * feature; may use the kernel.
 */
@NullMarked
package dev.countersign.web;

import org.jspecify.annotations.NullMarked;
