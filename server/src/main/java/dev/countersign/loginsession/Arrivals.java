package dev.countersign.loginsession;

import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SessionId;
import dev.countersign.storage.Tx;
import java.util.Map;

/**
 * What happens when a sign-in completes, in the very transaction that completes it: the single sign-on session is opened
 * and the destination gets what it came for.
 */
@FunctionalInterface
public interface Arrivals {
  Arrived arrive(Tx tx, SignIn signIn, Completed completed, Occasion occasion);

  /**
   * The way on.
   *
   * @param cookie the secret of the single sign-on session's cookie
   */
  record Arrived(SessionId session, Secret cookie, Onward onward) {}

  /** How the browser takes the answer to where it goes. */
  sealed interface Onward {
    /** To this URI, which holds the answer (OAuth 2.0 response mode {@code query}). */
    record Redirect(String uri) implements Onward {}

    /** By a form posted to this URI (OAuth 2.0 Form Post Response Mode). */
    record FormPost(String uri, Map<String, String> fields) implements Onward {}

    /** Nowhere: there is no browser, and whoever leads the sign-in sees by itself what it came to. */
    record Nowhere() implements Onward {}

    /** By a message to the window that opened or framed ours. */
    record WebMessage(String origin, Map<String, String> fields) implements Onward {}
  }
}
