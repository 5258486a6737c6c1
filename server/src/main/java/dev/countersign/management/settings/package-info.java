/**
 * A tenant as a whole by the Management API: its settings, looks, mails, and what Auth0 has and this server has not ({@link
 * dev.countersign.management.settings.NotHere}).
 */
@NullMarked
package dev.countersign.management.settings;

import org.jspecify.annotations.NullMarked;
