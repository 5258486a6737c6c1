package dev.countersign.oidc;

import dev.countersign.loginsession.Arrivals;
import dev.countersign.session.StartSignIn;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.util.Optional;

/** What the protocol needs drawn. Implemented where pages are made. */
public interface OidcPages {
  /** The answer to the request that began a sign-in: its first page, or the way on when it was complete at once. */
  Reply began(Request request, StartSignIn.Started started);

  /** Takes the browser where the answer is wanted, by whatever means that answer goes. */
  Reply follow(Request request, Arrivals.Onward onward);

  /**
   * Asks whether to sign out.
   *
   * @param here path and query to which the page's form posts
   * @param identifier who is signed in
   * @param stay where to go instead
   */
  Reply askToSignOut(Request request, String here, String identifier, String stay);

  /** Says that nobody is signed in any more; with the name of the application that asked, if one did. */
  Reply signedOut(Request request, Optional<String> application);
}
