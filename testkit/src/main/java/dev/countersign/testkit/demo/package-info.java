/**
 * {@code ./countersign demo}: the real server on this machine, with people, applications and an inbox to try it with.
 * {@link dev.countersign.testkit.demo.Demo} reads the flags and starts what {@code countersign serve} starts; {@link
 * dev.countersign.testkit.demo.Scene} sets the scene at the first start; the bank is an application like anybody's.
 */
@NullMarked
package dev.countersign.testkit.demo;

import org.jspecify.annotations.NullMarked;
