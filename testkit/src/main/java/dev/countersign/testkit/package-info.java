/**
 * The World: the one way to set a scene, in tests, demo data, screenshots and benchmarks. It owns a test clock,
 * scripted entropy and inboxes for SMS, mail and push, and may use everything the server offers.
 */
@NullMarked
package dev.countersign.testkit;

import org.jspecify.annotations.NullMarked;
