/**
 * What customers' tests need of a sandbox: its clock, its messages, and authenticators that answer by script. In every other
 * tenant none of it is there. May use factor, enrolment, delivery and tenant.
 */
@NullMarked
package dev.countersign.management.sandbox;

import org.jspecify.annotations.NullMarked;
