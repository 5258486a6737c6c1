/** People and their sessions: {@link dev.countersign.management.users.Users}, {@link dev.countersign.management.users.UserSessions}. */
@NullMarked
package dev.countersign.management.users;

import org.jspecify.annotations.NullMarked;
