package dev.countersign.management.settings;

import dev.countersign.audit.Audit;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.TenantId;
import dev.countersign.management.api.Absent;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.KeptSettings;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Reply;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * What pages look like: the colour and the picture, which are followed, and what tools say of pages besides. The words and the
 * parts of pages are ours; they read as empty.
 */
public final class Looks {
  private static final String BRANDING = "/branding";
  private static final String PROMPTS = "/prompts";
  private static final String CUSTOM_TEXT = "/prompts/{prompt}/custom-text/{language}";
  private static final String PARTIALS = "/prompts/{prompt}/partials";
  private static final Pattern COLOUR = Pattern.compile("#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})");

  private static final Shape BRAND =
      Shape.fields()
          .with(
              "colors",
              Shape.fields()
                  .with("primary", Shape.text(4, 7))
                  .with("page_background", new Shape.Anything()))
          .with("logo_url", Shape.text(0, 1_000).orNull())
          .with("favicon_url", Shape.text(0, 1_000).orNull())
          .with("font", Shape.fields().with("url", Shape.text(0, 1_000)).orNull());

  private static final Shape PAGES =
      Shape.fields()
          .with("universal_login_experience", Shape.word("new", "classic"))
          .with("identifier_first", Shape.flag().orNull())
          .with("webauthn_platform_first_factor", Shape.flag().orNull());

  private final Database database;
  private final Tenants tenants;
  private final KeptSettings kept;
  private final Audit audit;

  public Looks(Database database, Tenants tenants, KeptSettings kept, Audit audit) {
    this.database = database;
    this.tenants = tenants;
    this.kept = kept;
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(
                BRANDING,
                "read:branding",
                call -> Reply.json(database.read(tx -> brand(tx, call.tenant()))))
            .does("Shows colour and picture of pages and mails")
            .answers(200, BRAND),
        Endpoint.patch(BRANDING, "update:branding", BRAND, this::changeBrand)
            .does("Changes colour and picture of pages and mails")
            .answers(200, BRAND),
        Endpoint.get(
                PROMPTS,
                "read:prompts",
                call -> Reply.json(database.read(tx -> pages(tx, call.tenant()))))
            .does("Shows how people are asked")
            .answers(200, PAGES),
        Endpoint.patch(PROMPTS, "update:prompts", PAGES, this::changePages)
            .does("Takes how people are asked already, and refuses anything else")
            .answers(200, PAGES),
        Endpoint.get(CUSTOM_TEXT, "read:prompts", _ -> Reply.json(Json.object()))
            .does("Shows that no words were replaced")
            .answers(200, Shape.fields()),
        Endpoint.put(CUSTOM_TEXT, "update:prompts", Shape.fields(), _ -> Reply.json(Json.object()))
            .does("Takes no words, and refuses any")
            .answers(200, Shape.fields()),
        Endpoint.get(PARTIALS, "read:prompts", _ -> Reply.json(Json.object()))
            .does("Shows that nothing was put into pages")
            .answers(200, Shape.fields()),
        Endpoint.put(PARTIALS, "update:prompts", Shape.fields(), _ -> Reply.json(Json.object()))
            .does("Takes nothing to put into pages, and refuses anything")
            .answers(200, Shape.fields()));
  }

  // Branding

  private ObjectNode brand(Tx tx, TenantId tenant) {
    var settings = tenants.newest(tx, tenant).settings();
    var noted = kept.of(tx, tenant, "branding");
    var colours = Json.object().put("primary", settings.accent());
    if (noted.has("page_background")) {
      colours.set("page_background", noted.get("page_background"));
    }
    var out = Json.object();
    out.set("colors", colours);
    if (!settings.logoUrl().isEmpty()) {
      out.put("logo_url", settings.logoUrl());
    }
    Stream.of("favicon_url", "font").filter(noted::has).forEach(it -> out.set(it, noted.get(it)));
    return out;
  }

  private Reply changeBrand(Call call) {
    var sent = call.body();
    var colour = sent.path("colors").path("primary");
    var refused =
        TenantEndpoints.url(sent, "logo_url", true)
            .or(() -> TenantEndpoints.url(sent, "favicon_url", true))
            .or(() ->
                !colour.isString() || COLOUR.matcher(colour.stringValue()).matches()
                    ? Optional.<ApiError>empty()
                    : Optional.of(
                        ApiError.body(
                            "Object didn't pass validation for format html-color",
                            "colors.primary")))
            .or(() ->
                sent.path("colors").path("page_background").toString().length() > 1_000
                    ? Optional.of(ApiError.body("Object is larger than 1000 characters", "colors"))
                    : Optional.<ApiError>empty());
    if (refused.isPresent()) {
      return refused.get().reply();
    }
    var reply =
        database.write(tx -> {
          var before = tenants.newest(tx, call.tenant()).settings();
          var after =
              before.withBrand(
                  colour.stringValue(before.accent()),
                  sent.has("logo_url") ? sent.path("logo_url").stringValue("") : before.logoUrl());
          boolean noted =
              kept.change(
                  tx,
                  call.tenant(),
                  "branding",
                  document -> {
                    Stream.of("favicon_url", "font")
                        .filter(sent::has)
                        .forEach(it -> document.set(it, sent.get(it)));
                    if (sent.path("colors").has("page_background")) {
                      document.set("page_background", sent.path("colors").get("page_background"));
                    }
                    return document;
                  },
                  call.occasion().at());
          if (noted || !after.equals(before)) {
            tenants.change(tx, call.tenant(), _ -> after);
            audit.record(
                tx,
                call.tenant(),
                call.did("changed", "branding", "branding")
                    .with("changed", String.join(", ", sent.propertyNames())));
          }
          return Reply.json(brand(tx, call.tenant()));
        });
    tenants.read(call.tenant());
    return reply;
  }

  // Prompts

  private ObjectNode pages(Tx tx, TenantId tenant) {
    var out = Json.object().put("universal_login_experience", "new").put("identifier_first", false);
    out.put("webauthn_platform_first_factor", false);
    out.setAll(kept.of(tx, tenant, "prompts"));
    return out;
  }

  private Reply changePages(Call call) {
    if ("classic".equals(call.text("universal_login_experience"))) {
      return ApiError.unsupported("universal_login_experience", "there is one; send new.").reply();
    }
    var refused = Absent.refused("identifier_first", call.body().path("identifier_first"));
    if (refused.isPresent()) {
      return refused.get().reply();
    }
    return database.write(tx -> {
      boolean noted =
          kept.change(
              tx,
              call.tenant(),
              "prompts",
              document -> {
                if (call.field("webauthn_platform_first_factor") != null) {
                  document.put(
                      "webauthn_platform_first_factor",
                      call.flag("webauthn_platform_first_factor", false));
                }
                return document;
              },
              call.occasion().at());
      if (noted) {
        audit.record(tx, call.tenant(), call.did("changed", "prompts", "prompts"));
      }
      return Reply.json(pages(tx, call.tenant()));
    });
  }
}
