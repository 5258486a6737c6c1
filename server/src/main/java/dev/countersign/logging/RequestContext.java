package dev.countersign.logging;

import java.util.Optional;

/**
 * Which request the running thread works for, so that every log line made meanwhile can be found by it.
 *
 * @param requestId made by us, never taken from the request
 * @param tenant the tenant's name, when the host led to one
 */
public record RequestContext(String requestId, Optional<String> tenant) {
  private static final ScopedValue<RequestContext> CURRENT = ScopedValue.newInstance();

  /** The request this thread works for, if it works for one. */
  public static Optional<RequestContext> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /** Does the work on this thread under this context. */
  public <R, X extends Throwable> R call(ScopedValue.CallableOp<R, X> work) throws X {
    return ScopedValue.where(CURRENT, this).call(work);
  }
}
