package dev.countersign.outbound;

import java.net.URI;
import java.time.Duration;

/** The way out, as narrow as it is for those who ask a service of a tenant. Thread-safe. */
public interface Callout {
  /** Posts, and waits for the whole answer for at most that long; to be called without a database connection. */
  Outcome send(Call call, Duration most);

  /**
   * Whether an address may be kept, for it would be called: the same judgement as before each call. A name that leads nowhere
   * now passes, since it may later.
   */
  boolean mayName(URI uri);

  /** No way out at all. */
  Callout CLOSED =
      new Callout() {
        @Override
        public Outcome send(Call call, Duration most) {
          return new Outcome.Unanswered(Outcome.Why.NOT_ALLOWED);
        }

        @Override
        public boolean mayName(URI uri) {
          return false;
        }
      };
}
