package dev.countersign.management.settings;

import dev.countersign.audit.Audit;
import dev.countersign.delivery.mail.MailHost;
import dev.countersign.delivery.mail.MailHosts;
import dev.countersign.delivery.mail.MailTemplates;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.management.api.Absent;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Listing;
import dev.countersign.management.api.Shape;
import dev.countersign.newpassword.AskPasswordReset;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import dev.countersign.web.Reply;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A tenant's own mail host, whose password goes in and never comes out, and its own words for mails. */
public final class MailEndpoints {
  private static final String PROVIDER = "/emails/provider";
  private static final String TEMPLATES = "/email-templates";
  private static final String TEMPLATE = TEMPLATES + "/{template}";

  /** Sent back in place of a password, it leaves the password as it is. */
  private static final String MASK = "********";

  private static final ApiError NO_PROVIDER =
      new ApiError(404, "inexistent_email_provider", "There is no email provider.");

  private static final ApiError NO_TEMPLATE =
      new ApiError(404, "inexistent_email_template", "The email template does not exist.");

  private static final Shape.Fields ACCOUNT =
      Shape.fields()
          .with("smtp_host", Shape.text(1, 253))
          .with("smtp_port", new Shape.Whole(1, 65_535))
          .with("smtp_user", Shape.text(0, 320).orNull());

  private static final Shape.Fields PROVIDER_CHANGE =
      Shape.fields()
          .with(
              "name",
              Shape.word(
                  "smtp",
                  "mailgun",
                  "mandrill",
                  "sendgrid",
                  "ses",
                  "sparkpost",
                  "azure_cs",
                  "ms365",
                  "resend",
                  "custom"))
          .with("enabled", Shape.flag())
          .with("default_from_address", Shape.text(3, 320, Format.EMAIL))
          .with("credentials", ACCOUNT.with("smtp_pass", Shape.text(0, 1_000, Format.ANY).orNull()))
          .with("settings", new Shape.Anything());

  private static final Shape PROVIDER_ANSWER =
      Shape.fields()
          .with("name", Shape.word("smtp"))
          .with("enabled", Shape.flag())
          .with("default_from_address", Shape.text(3, 320))
          .with("credentials", ACCOUNT)
          .with("settings", new Shape.Open(100));

  private static final Shape NAME =
      Shape.word(
          "async_approval",
          "blocked_account",
          "change_password",
          "enrollment_email",
          "mfa_oob_code",
          "password_reset",
          "reset_email",
          "reset_email_by_code",
          "stolen_credentials",
          "user_invitation",
          "verify_email",
          "verify_email_by_code",
          "welcome_email");

  private static final Shape.Fields WORDS =
      Shape.fields()
          .with("template", NAME)
          .with("body", Shape.text(0, 200_000, Format.ANY).orNull())
          .with("from", Shape.text(0, 320).orNull())
          .with("subject", Shape.text(0, 300).orNull())
          .with("syntax", Shape.text(0, 20).orNull())
          .with("resultUrl", Shape.text(0, 2_000).orNull())
          .with("urlLifetimeInSeconds", new Shape.Whole(0, 100_000_000).orNull())
          .with("includeEmailInRedirect", Shape.flag().orNull())
          .with("enabled", Shape.flag().orNull());

  private static final Shape NEW_WORDS =
      WORDS
          .withRequired("template", NAME)
          .withRequired("body", Shape.text(0, 200_000, Format.ANY))
          .withRequired("enabled", Shape.flag());

  private final Database database;
  private final MailHosts hosts;
  private final MailTemplates templates;
  private final Audit audit;

  public MailEndpoints(Database database, MailHosts hosts, MailTemplates templates, Audit audit) {
    this.database = database;
    this.hosts = hosts;
    this.templates = templates;
    this.audit = audit;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(PROVIDER, "read:email_provider", this::provider)
            .does("Shows the tenant's mail host, without its password")
            .query(Listing.NARROWING)
            .answers(200, PROVIDER_ANSWER),
        Endpoint.post(PROVIDER, "create:email_provider", PROVIDER_CHANGE, call -> set(call, true))
            .does("Sets a mail host of the tenant's own")
            .answers(200, PROVIDER_ANSWER),
        Endpoint.patch(PROVIDER, "update:email_provider", PROVIDER_CHANGE, call -> set(call, false))
            .does("Changes what is sent of the tenant's mail host")
            .answers(200, PROVIDER_ANSWER),
        Endpoint.delete(PROVIDER, "delete:email_provider", this::forget)
            .does("Forgets the tenant's mail host; the server's carries its mails")
            .answersNothing(),
        Endpoint.post(TEMPLATES, "create:email_templates", NEW_WORDS, this::create)
            .does("Sets a tenant's own words for a mail")
            .answers(200, WORDS),
        Endpoint.get(TEMPLATE, "read:email_templates", this::template)
            .does("Shows a tenant's own words for a mail")
            .parameter("template", NAME)
            .answers(200, WORDS),
        Endpoint.patch(TEMPLATE, "update:email_templates", WORDS, call -> write(call, false))
            .does("Changes what is sent of a tenant's own words for a mail")
            .parameter("template", NAME)
            .answers(200, WORDS),
        Endpoint.put(TEMPLATE, "update:email_templates", NEW_WORDS, call -> write(call, true))
            .does("Replaces a tenant's own words for a mail")
            .parameter("template", NAME)
            .answers(200, WORDS));
  }

  // The mail host

  private Reply provider(Call call) {
    return database
        .read(tx -> hosts.find(tx, call.tenant()))
        .map(it -> Reply.json(call.narrowed(shown(it))))
        .orElseGet(NO_PROVIDER::reply);
  }

  private static ObjectNode shown(MailHost it) {
    var account = Json.object().put("smtp_host", it.name()).put("smtp_port", it.port());
    it.user().ifPresent(user -> account.put("smtp_user", user));
    var out =
        Json.object()
            .put("name", "smtp")
            .put("enabled", it.enabled())
            .put("default_from_address", it.from());
    out.set("credentials", account);
    out.set("settings", Json.object());
    return out;
  }

  private Reply set(Call call, boolean isNew) {
    try {
      return database.write(tx -> set(tx, call, isNew));
    } catch (StorageException.Duplicate e) {
      return alreadyThere();
    }
  }

  private static Reply alreadyThere() {
    return new ApiError(409, "conflict", "There is an email provider already.").reply();
  }

  private Reply set(Tx tx, Call call, boolean isNew) {
    var before = hosts.find(tx, call.tenant());
    if (isNew == before.isPresent()) {
      return isNew ? alreadyThere() : NO_PROVIDER.reply();
    }
    if (!"smtp".equals(call.body().path("name").stringValue("smtp"))) {
      return ApiError.unsupported("name", "mails are handed in by SMTP; send smtp.").reply();
    }
    var extra = Absent.refused("settings", call.body().path("settings"));
    if (extra.isPresent()) {
      return extra.get().reply();
    }
    var after = changed(call.body(), before);
    if (after.name().isEmpty() || after.port() == 0) {
      return ApiError.body("Missing required property: smtp_host or smtp_port", "credentials")
          .reply();
    }
    if (after.from().isEmpty()) {
      return ApiError.body(
              "Missing required property: default_from_address", "default_from_address")
          .reply();
    }
    if (after.user().isPresent() && after.password().isEmpty()) {
      return ApiError.body(
              "Send smtp_pass: it is not kept for another host, port or user",
              "credentials.smtp_pass")
          .reply();
    }
    if (after.equals(before.orElse(null))) {
      return Reply.json(shown(after));
    }
    if (!hosts.sends(call.tenant())) {
      return ApiError.unsupported("This server sends no mail (mail.smtp.host is not set).").reply();
    }
    if (!hosts.mayBe(after.name(), after.port())) {
      return ApiError.body(
              "Not a public mail host at one of the ports 25, 465, 587 and 2525",
              "credentials.smtp_host")
          .reply();
    }
    hosts.put(tx, call.tenant(), after, call.occasion().at());
    audit.record(
        tx,
        call.tenant(),
        call.did(isNew ? "created" : "changed", "email_provider", "smtp")
            .with("host", after.name() + ":" + after.port())
            .with("enabled", String.valueOf(after.enabled())));
    return Reply.json(shown(after));
  }

  /** The password stays only where everything stays that says to whom it is told. */
  private static MailHost changed(JsonNode sent, Optional<MailHost> before) {
    var account = sent.path("credentials");
    var name = account.path("smtp_host").stringValue(before.map(MailHost::name).orElse(""));
    int port = account.path("smtp_port").asInt(before.map(MailHost::port).orElse(0));
    var user =
        account.has("smtp_user")
            ? Optional.of(account.path("smtp_user").stringValue("")).filter(it -> !it.isEmpty())
            : before.flatMap(MailHost::user);
    var sentPassword =
        Optional.of(account.path("smtp_pass").stringValue(""))
            .filter(it -> !it.isEmpty() && !it.equals(MASK))
            .map(Secret::of);
    var kept =
        before
            .filter(it -> it.name().equals(name) && it.port() == port && it.user().equals(user))
            .flatMap(MailHost::password);
    return new MailHost(
        name,
        port,
        user,
        sentPassword.or(() -> kept),
        sent.path("default_from_address").stringValue(before.map(MailHost::from).orElse("")),
        sent.path("enabled").asBoolean(before.map(MailHost::enabled).orElse(true)));
  }

  private Reply forget(Call call) {
    return database.write(tx -> {
      if (!hosts.remove(tx, call.tenant())) {
        return NO_PROVIDER.reply();
      }
      audit.record(tx, call.tenant(), call.did("removed", "email_provider", "smtp"));
      return Reply.empty(204);
    });
  }

  // Words

  private Reply template(Call call) {
    return database
        .read(tx -> templates.find(tx, call.tenant(), call.parameter("template")))
        .map(Reply::json)
        .orElseGet(NO_TEMPLATE::reply);
  }

  private Reply create(Call call) {
    var name = String.valueOf(call.text("template"));
    try {
      return database.write(tx ->
          templates.find(tx, call.tenant(), name).isPresent()
              ? taken()
              : write(tx, call, name, Json.object(), "created"));
    } catch (StorageException.Duplicate e) {
      return taken();
    }
  }

  private static Reply taken() {
    return new ApiError(409, "conflict", "The email template already exists.").reply();
  }

  private Reply write(Call call, boolean whole) {
    var name = call.parameter("template");
    return database.write(tx -> {
      var before = templates.find(tx, call.tenant(), name);
      if (before.isEmpty()) {
        return NO_TEMPLATE.reply();
      }
      return write(tx, call, name, whole ? Json.object() : before.get(), "changed");
    });
  }

  private Reply write(Tx tx, Call call, String name, ObjectNode onto, String how) {
    if (!call.body().path("template").stringValue(name).equals(name)) {
      return ApiError.body("Not the template of the path", "template").reply();
    }
    var after = onto.deepCopy();
    after.setAll((ObjectNode) call.body());
    after.put("template", name);
    var refused =
        Stream.of(unsafe(after), faulty(name, after)).flatMap(Optional::stream).findFirst();
    if (refused.isPresent()) {
      return refused.get().reply();
    }
    if (!templates.find(tx, call.tenant(), name).equals(Optional.of(after))) {
      templates.put(tx, call.tenant(), name, after, call.occasion().at());
      audit.record(tx, call.tenant(), call.did(how, "email_template", name));
    }
    return Reply.json(after);
  }

  private static Optional<ApiError> faulty(String name, ObjectNode template) {
    return MailTemplates.fault(name, template).map(it -> ApiError.body(it.getValue(), it.getKey()));
  }

  private static Optional<ApiError> unsafe(ObjectNode template) {
    long life = AskPasswordReset.LINK_LIFE.toSeconds();
    var syntax = template.path("syntax").stringValue("liquid");
    if (!syntax.equals("liquid") && !syntax.isEmpty()) {
      return Optional.of(ApiError.unsupported("syntax", "templates are Liquid."));
    }
    long asked = template.path("urlLifetimeInSeconds").asLong(0);
    return asked > 0 && asked < life
        ? Optional.of(
            ApiError.unsupported(
                "urlLifetimeInSeconds", "links are good for " + life + " seconds."))
        : Optional.empty();
  }
}
