package dev.countersign.hosted;

import dev.countersign.factor.Discoverable;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Scenes;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Problem;
import dev.countersign.storage.Database;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Refused;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;

/**
 * Tells browsers where else the keys of a domain may be used (WebAuthn Level 3 section 5.11): at the domain that a tenant
 * shares among its hosts, all of these. Everywhere else there is nothing to tell.
 */
final class RelatedOrigins {
  /** A new host of a tenant is known to browsers after that long. */
  private static final String FOR_MINUTES = "public, max-age=300";

  private final Database database;
  private final Tenants tenants;
  private final Factors factors;
  private final Scenes scenes;

  RelatedOrigins(Database database, Tenants tenants, Factors factors, Scenes scenes) {
    this.database = database;
    this.tenants = tenants;
    this.factors = factors;
    this.scenes = scenes;
  }

  List<Route> routes() {
    return List.of(Route.get("/.well-known/webauthn", this::origins));
  }

  private Reply origins(Request request) {
    var tenant = request.site().tenant();
    var host = Optional.ofNullable(URI.create(request.site().origin()).getHost());
    var origins =
        database.read(tx ->
            factors.of(tenant).inOrder().stream()
                    .filter(Discoverable.class::isInstance)
                    .map(Discoverable.class::cast)
                    .map(factor ->
                        factor.sharedDomain(scenes.settings(tx, tenant, factor.profile().id())))
                    .anyMatch(shared -> shared.isPresent() && shared.equals(host))
                ? tenants.origins(tx, tenant)
                : List.<String>of());
    if (origins.isEmpty()) {
      throw new Refused(Problem.NOT_FOUND, "", "");
    }
    ArrayNode all = Json.array();
    origins.forEach(all::add);
    return Reply.json(Json.object().set("origins", all)).withHeader("Cache-Control", FOR_MINUTES);
  }
}
