package dev.countersign.management.api;

import java.util.Optional;

/** What may stand against a call although its caller has the scope and what was sent fits. */
@FunctionalInterface
public interface Gate {
  Gate OPEN = _ -> Optional.empty();

  /** Why the call is refused; empty when it is not. */
  Optional<ApiError> closed(Call call);
}
