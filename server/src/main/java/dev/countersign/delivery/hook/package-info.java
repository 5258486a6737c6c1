/**
 * Messages to services of tenants, which reach people by themselves: {@link dev.countersign.delivery.hook.Hooks} counts them
 * and hands them over, signed. May use what delivery may use, and outbound.
 */
@NullMarked
package dev.countersign.delivery.hook;

import org.jspecify.annotations.NullMarked;
