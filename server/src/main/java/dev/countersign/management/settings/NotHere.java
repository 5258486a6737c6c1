package dev.countersign.management.settings;

import dev.countersign.kernel.Json;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Listing;
import dev.countersign.management.api.Paging;
import dev.countersign.management.api.Shape;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * What Auth0's tools ask for whatever a tenant uses: lists of things that there are not here, which are empty, and settings that
 * stand fixed, which can be read, and written as they are. Paths that stand nowhere answer 404, which tools take as well.
 */
public final class NotHere {
  private static final String ANYTHING = "read:tenant_settings";

  /**
   * A list with nothing in it.
   *
   * @param key its name in answers that are objects
   * @param bare whether it is an array unless pages are asked for; otherwise always an object
   */
  private record Empty(String path, String scope, String key, boolean bare) {}

  private static final List<Empty> EMPTY =
      List.of(
          new Empty("/actions/actions", "read:actions", "actions", false),
          new Empty("/actions/triggers", "read:actions", "triggers", false),
          new Empty("/branding/phone/templates", "read:phone_templates", "templates", false),
          new Empty("/branding/phone/providers", "read:phone_providers", "providers", false),
          new Empty("/custom-domains", "read:custom_domains", "custom_domains", true),
          new Empty("/event-streams", "read:event_streams", "eventStreams", false),
          new Empty("/flows", "read:flows", "flows", true),
          new Empty(
              "/flows/vault/connections", "read:flows_vault_connections", "connections", true),
          new Empty("/forms", "read:forms", "forms", true),
          new Empty("/prompts/rendering", "read:prompts", "configs", true),
          new Empty("/rules", "read:rules", "rules", true),
          new Empty("/rules-configs", "read:rules_configs", "rules_configs", true),
          new Empty(
              "/self-service-profiles",
              "read:self_service_profiles",
              "self_service_profiles",
              true),
          new Empty(
              "/token-exchange-profiles",
              "read:token_exchange_profiles",
              "token_exchange_profiles",
              false));

  /** Settings that nobody can change; {@code as} is what they are. */
  private record Fixed(String path, String scope, ObjectNode as) {}

  private static List<Fixed> fixed() {
    // Numbers as in docs/lockout.md. What answers with nothing is skipped when it is written back.
    var guessing =
        Json.object()
            .put("enabled", true)
            .put("mode", "count_per_identifier")
            .put("max_attempts", 10);
    guessing.set("shields", Json.texts(List.of("block", "user_notification")));
    guessing.set("allowlist", Json.array());
    var networks = Json.object().put("enabled", true);
    networks.set("shields", Json.texts(List.of("block")));
    networks.set("allowlist", Json.array());
    var breached = Json.object().put("enabled", false).put("method", "standard");
    breached.set("shields", Json.array());
    breached.set("admin_notification_frequency", Json.array());
    var attacks = "attack_protection";
    return List.of(
        new Fixed("/attack-protection/bot-detection", attacks, Json.object()),
        new Fixed("/attack-protection/breached-password-detection", attacks, breached),
        new Fixed("/attack-protection/brute-force-protection", attacks, guessing),
        new Fixed("/attack-protection/captcha", attacks, Json.object()),
        new Fixed("/attack-protection/suspicious-ip-throttling", attacks, networks),
        new Fixed("/supplemental-signals", attacks, Json.object().put("akamai_enabled", false)));
  }

  public List<Endpoint> endpoints() {
    return Stream.concat(
            EMPTY.stream().map(NotHere::list),
            fixed().stream().flatMap(it -> settings(it).stream()))
        .toList();
  }

  private static Endpoint list(Empty it) {
    return Endpoint.of(
            Method.GET, it.path(), List.of(it.scope(), ANYTHING), call -> empty(call, it))
        .does("Answers an empty list: there is no such thing here")
        .query(Listing.QUERY)
        .answers(200, new Shape.Anything());
  }

  private static Reply empty(Call call, Empty it) {
    if (it.bare()) {
      return Listing.<String>answer(call, it.key(), List.of(), id -> id, _ -> Json.object());
    }
    var paging = Paging.of(call);
    var out =
        Json.object()
            .put("total", 0)
            .put("start", paging.offset())
            .put("page", call.queryNumber("page", 0))
            .put("limit", paging.limit())
            .put("per_page", paging.limit());
    out.set(it.key(), Json.array());
    return Reply.json(out);
  }

  private static List<Endpoint> settings(Fixed it) {
    var shape = Shape.fields();
    for (var name : it.as().propertyNames()) {
      shape = shape.with(name, new Shape.Anything());
    }
    return List.of(
        Endpoint.of(
                Method.GET,
                it.path(),
                List.of("read:" + it.scope(), ANYTHING),
                _ -> Reply.json(it.as()))
            .does("Shows what always holds")
            .answers(200, shape),
        Endpoint.patch(it.path(), "update:" + it.scope(), shape, call -> same(call, it))
            .does("Takes what holds already, and refuses anything else")
            .answers(200, shape));
  }

  private static Reply same(Call call, Fixed it) {
    return call.body()
        .propertyStream()
        .filter(sent -> !sent.getValue().equals(it.as().get(sent.getKey())))
        .findFirst()
        .map(sent ->
            ApiError.unsupported(
                    sent.getKey(), "this stands fixed at " + it.as().get(sent.getKey()) + ".")
                .reply())
        .orElseGet(() -> Reply.json(it.as()));
  }
}
