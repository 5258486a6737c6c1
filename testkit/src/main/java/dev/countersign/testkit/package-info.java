/**
 * The {@link dev.countersign.testkit.World}: the one way to set a scene, for tests, demo data, screenshots and
 * benchmarks. It owns the clock, the randomness and the inbox, and drives the real product through the same values in
 * and out that HTTP does. A story: {@code world.tenant("acme").requiring("otp")} gives a {@link
 * dev.countersign.testkit.Company}, whose {@code person("ana").enrolledIn("otp")} gives {@link
 * dev.countersign.testkit.Someone}, whose {@code signsIn()} gives a {@link dev.countersign.testkit.Visit}. Scenes are
 * set through the rooms' own services; what is tested goes through the pages. May use everything.
 */
@NullMarked
package dev.countersign.testkit;

import org.jspecify.annotations.NullMarked;
