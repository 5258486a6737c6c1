package dev.countersign.oidc;

import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.Json;
import dev.countersign.loginsession.SignIn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an application asked for with the first proof: kept with the sign-in, since the grants that end it say nothing of it.
 *
 * @param issuer where it was asked
 */
record DirectRequest(String issuer, List<String> scopes, @Nullable String audience) {
  DirectRequest {
    scopes = List.copyOf(scopes);
  }

  SignIn.Destination destination(ClientId client) {
    return SignIn.Destination.direct(client, Json.write(this));
  }

  static DirectRequest of(SignIn.Destination destination) {
    return Json.read(destination.request(), DirectRequest.class);
  }
}
