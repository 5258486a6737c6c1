package dev.countersign.logging;

import java.util.logging.LogManager;

/**
 * The JDK's log manager takes all handlers away as soon as the process begins to end, while an orderly stop still has
 * things to say. This one keeps them. Named to the JDK by {@link Logging#throughTheEnd()}, hence public.
 */
public final class LastingLogs extends LogManager {
  /** Called by the JDK's own shutdown hook; our handler needs no closing. */
  @Override
  public void reset() {}
}
