/**
 * People, their sessions and browsers: {@link dev.countersign.management.users.Users}, {@link
 * dev.countersign.management.users.UserSessions}, {@link dev.countersign.management.users.UserBrowsers}.
 */
@NullMarked
package dev.countersign.management.users;

import org.jspecify.annotations.NullMarked;
