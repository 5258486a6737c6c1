package dev.countersign.oidc;

import dev.countersign.application.Application;
import dev.countersign.application.Applications;
import dev.countersign.application.Urls;
import dev.countersign.kernel.TenantId;
import dev.countersign.loginsession.Arrivals;
import dev.countersign.loginsession.Destinations;
import dev.countersign.loginsession.SignIn;
import java.util.Optional;
import java.util.Set;

/** What the pages of a sign-in have to know of the application that it leads to. Thread-safe. */
public final class OidcDestinations implements Destinations {
  private final Applications applications;

  public OidcDestinations(Applications applications) {
    this.applications = applications;
  }

  @Override
  public Place place(TenantId tenant, SignIn.Destination destination) {
    var application = applications.find(tenant, destination.application());
    var name = application.map(Application::name).orElse(destination.application().value());
    if (destination.isDirect()) {
      return new Place(
          name, Set.of(), Optional.empty(), application.map(Application::startUrl), false);
    }
    var request = AuthorizationRequest.ofUrl(destination.onward());
    boolean popup = request.mode().equals(Optional.of(AuthorizationRequest.Mode.WEB_MESSAGE));
    return new Place(
        name,
        targets(request.redirectUri()),
        request.isPushed() ? application.map(Application::startUrl) : Optional.of(request.url()),
        application.map(Application::startUrl),
        popup);
  }

  /** What a content policy calls it: the origin, or of an app's own scheme the scheme. */
  private static Set<String> targets(String redirectUri) {
    return Set.of(
        Urls.origin(redirectUri)
            .orElseGet(() -> redirectUri.substring(0, redirectUri.indexOf(':') + 1)));
  }

  @Override
  public Arrivals.Onward turnedAway(TenantId tenant, SignIn.Destination destination) {
    return destination.isDirect()
        ? new Arrivals.Onward.Nowhere()
        : AuthorizationAnswer.error(
            AuthorizationRequest.ofUrl(destination.onward()),
            OAuthError.accessDenied("The sign-in was not completed."));
  }

  @Override
  public Arrivals.Onward unmet(
      TenantId tenant, SignIn.Destination destination, SignIn.Asked asked, String why) {
    if (destination.isDirect()) {
      return new Arrivals.Onward.Nowhere();
    }
    var request = AuthorizationRequest.ofUrl(destination.onward());
    return AuthorizationAnswer.error(request, Unmet.by(asked, why, request.issuer()));
  }
}
