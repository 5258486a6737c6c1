package dev.countersign.delivery.sms;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.config.Keys;
import dev.countersign.config.Settings;
import dev.countersign.delivery.Courier;
import dev.countersign.delivery.Dispatch;
import dev.countersign.delivery.sandbox.SandboxMessages;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.outbound.Outbound;
import dev.countersign.outbound.Outcome.Answered;
import dev.countersign.outbound.Outcome.Unanswered;
import dev.countersign.proof.Allowances;
import dev.countersign.storage.Database;
import dev.countersign.storage.Digester;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends texts, and has calls made, by the provider that the tenant has chosen, or by the one behind it when that one fails. At most one provider
 * takes a text; when one does not answer in time it may still deliver what it was given, which is the same text. Thread-safe.
 */
public final class Texts implements Courier {
  /** How long each provider is waited for, so that even the second has answered before somebody gives up. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final String SANDBOX = "sandbox";

  private static final Pattern CODE = Pattern.compile("\\{\\{\\s*code\\s*}}");
  private static final Pattern TENANT = Pattern.compile("\\{\\{\\s*tenant\\.friendly_name\\s*}}");

  private final Database database;
  private final TextSettings settings;
  private final Tenants tenants;
  private final Words words;
  private final Outbound outbound;
  private final Audit audit;
  private final InstantSource clock;
  private final Digester digester;
  private final TextLimits limits;
  private final Provider.Bases bases;
  private final SandboxMessages sandboxes;
  private final Cache<Account, Breaker> breakers = Caches.begin().maximumSize(10_000).build();

  private record Account(TenantId tenant, Provider.Name provider) {}

  public Texts(
      Database database,
      TextSettings settings,
      Tenants tenants,
      Words words,
      Outbound outbound,
      Audit audit,
      Allowances allowances,
      Digester digester,
      InstantSource clock,
      Settings configuration,
      SandboxMessages sandboxes) {
    this.sandboxes = sandboxes;
    this.database = database;
    this.settings = settings;
    this.tenants = tenants;
    this.words = words;
    this.outbound = outbound;
    this.audit = audit;
    this.clock = clock;
    this.digester = digester;
    this.limits = new TextLimits(allowances, digester);
    this.bases =
        new Provider.Bases(
            configuration.get(Keys.TWILIO_URL),
            configuration.get(Keys.VONAGE_URL),
            configuration.get(Keys.SNS_URL));
  }

  /** Whether a tenant has somebody to reach phones so. */
  public boolean serves(Tx tx, TenantId tenant, Dispatch.Via via) {
    return sandboxes.takes(tenant) || !settings.of(tx, tenant).providers(bases, via).isEmpty();
  }

  @Override
  public Admission admit(Tx tx, Errand errand, Occasion occasion) {
    var plan = settings.of(tx, errand.tenant());
    if (!sandboxes.takes(errand.tenant()) && plan.providers(bases, via(errand)).isEmpty()) {
      return new Admission.Refused("no_channel", Optional.empty());
    }
    var number = number(errand);
    return limits
        .take(tx, errand, id(errand, occasion), number, plan, occasion)
        .<Admission>map(blocked -> {
          audit.record(
              tx,
              errand.tenant(),
              about(
                      AuditEvent.of(AuditType.SMS_BLOCKED, AuditEvent.Outcome.DENIED, occasion),
                      errand)
                  .with("reason", blocked.reason())
                  .with("because", blocked.because())
                  .with("range", TextLimits.range(number) + "••••"));
          return new Admission.Refused(blocked.reason(), blocked.until());
        })
        .orElseGet(Admission.Admitted::new);
  }

  @Override
  public Outcome send(Errand errand, Occasion occasion) {
    var plan = database.read(tx -> settings.of(tx, errand.tenant()));
    var text = worded(errand, plan, occasion);
    if (sandboxes.takes(errand.tenant())) {
      boolean spoken = text.via() == Dispatch.Via.VOICE;
      sandboxes.keep(
          errand.tenant(),
          spoken ? SandboxMessages.Channel.CALL : SandboxMessages.Channel.TEXT,
          text.to(),
          SandboxMessages.Content.of(text.body()),
          now());
      return new Outcome.Handed(SANDBOX);
    }
    var reason = "no_channel";
    for (var provider : plan.providers(bases, via(errand))) {
      var breaker =
          Objects.requireNonNull(
              breakers.get(new Account(errand.tenant(), provider.name()), _ -> new Breaker()));
      if (!breaker.admits(now())) {
        reason = "provider_resting";
        continue;
      }
      var failure = hand(provider, text);
      if (failure.isEmpty()) {
        breaker.worked();
        return new Outcome.Handed(provider.name().word());
      }
      breaker.failed(now());
      reason = "provider_failed";
      told(errand, provider, failure.get(), occasion);
    }
    return new Outcome.Failed(reason);
  }

  /** Asks a provider to send it; why it was not taken, or nothing. */
  private Optional<String> hand(Provider provider, Text text) {
    return switch (outbound.send(provider.call(text, now()), PATIENCE)) {
      case Unanswered(var why) -> Optional.of(why.word());
      case Answered answer ->
          provider.taken(answer).isPresent()
              ? Optional.empty()
              : Optional.of(answer.isSuccess() ? "refused" : "status_" + answer.status());
    };
  }

  private void told(Errand errand, Provider provider, String failure, Occasion occasion) {
    database.run(tx ->
        audit.record(
            tx,
            errand.tenant(),
            about(AuditEvent.failure(AuditType.SMS_FAILED, occasion, failure), errand)
                .with("by", provider.name().word())));
  }

  private static AuditEvent about(AuditEvent event, Errand errand) {
    return event
        .by(errand.user())
        .in(errand.signIn(), null)
        .with("factor", errand.factor())
        .with("purpose", purpose(errand));
  }

  private static String purpose(Errand errand) {
    if (errand.dispatch() instanceof Dispatch.Farewell) {
      return "farewell";
    }
    if (errand.dispatch() instanceof Dispatch.Warning) {
      return "recovery";
    }
    return errand.enrolling() ? "enrolment" : "sign_in";
  }

  private Text worded(Errand errand, TextPlan plan, Occasion occasion) {
    return switch (errand.dispatch()) {
      case Dispatch.Text code when code.via() == Dispatch.Via.VOICE ->
          spoken(errand, code, occasion);
      case Dispatch.Text code -> worded(errand, code, plan, occasion);
      case Dispatch.Farewell(var number) -> plain(errand, number, words::farewell, occasion);
      case Dispatch.Warning(var number) -> plain(errand, number, words::recovery, occasion);
      case Dispatch.Mail _, Dispatch.Push _, Dispatch.Alert _, Dispatch.Hook _ -> throw notOurs();
    };
  }

  private Text plain(Errand errand, String number, UnaryOperator<String> said, Occasion occasion) {
    var tenant = errand.tenant();
    var language = words.language(tenant, errand.locales(), occasion.languages());
    var body = fill(TENANT, tenants.get(tenant).displayName()).apply(said.apply(language));
    return new Text(
        id(errand, occasion),
        number,
        Secret.of(body),
        Secret.of(""),
        false,
        language,
        Dispatch.Via.SMS,
        Optional.empty());
  }

  /** In our words: those that a tenant has for texts are written to be read. The digits come one by one. */
  private Text spoken(Errand errand, Dispatch.Text dispatch, Occasion occasion) {
    var tenant = errand.tenant();
    var language = words.language(tenant, errand.locales(), occasion.languages());
    var transaction = errand.transaction();
    var said =
        fill(TENANT, tenants.get(tenant).displayName())
            .apply(
                transaction == null
                    ? words.spoken(language, errand.enrolling())
                    : words.spokenApproval(language, transaction));
    var digits = String.join(", ", dispatch.code().reveal().split(""));
    return new Text(
        id(errand, occasion),
        dispatch.number(),
        Secret.of(fill(CODE, digits).apply(said)),
        dispatch.code(),
        errand.enrolling(),
        language,
        Dispatch.Via.VOICE,
        Optional.empty());
  }

  /**
   * The words, and in a last line of its own what lets phones offer the code to this site and to no other. What a code approves
   * is said in ours: those that a tenant has know no place for it.
   */
  private Text worded(Errand errand, Dispatch.Text dispatch, TextPlan plan, Occasion occasion) {
    var tenant = errand.tenant();
    var language = words.language(tenant, errand.locales(), occasion.languages());
    var transaction = errand.transaction();
    var template =
        transaction == null
            ? plan.template(language, errand.enrolling())
                .orElseGet(() -> words.usual(language, errand.enrolling()))
            : words.approval(language, transaction);
    var origin = occasion.origin().isEmpty() ? tenants.origin(tenant) : occasion.origin();
    var code = dispatch.code().reveal();
    var said = fill(TENANT, tenants.get(tenant).displayName()).apply(template);
    var body = fill(CODE, code).apply(said) + "\n\n@" + URI.create(origin).getHost() + " #" + code;
    return new Text(
        id(errand, occasion),
        dispatch.number(),
        Secret.of(body),
        dispatch.code(),
        errand.enrolling(),
        language,
        Dispatch.Via.SMS,
        receipts(tenants.origin(tenant)));
  }

  /** The same when it is admitted and when it is sent, without anything being kept in between: nobody gets two at once. */
  private String id(Errand errand, Occasion occasion) {
    var what =
        String.join(
            "\n",
            errand.tenant().value(),
            errand.user().value(),
            errand.factor(),
            purpose(errand),
            number(errand),
            String.valueOf(occasion.at().millis()));
    return "txt_" + digester.digest("text", Secret.of(what)).text().substring(0, 20);
  }

  /** Providers call no address that is this machine's own, and refuse texts that name one. */
  private static Optional<String> receipts(String origin) {
    var uri = URI.create(origin);
    var host = String.valueOf(uri.getHost());
    boolean reachable =
        "https".equals(uri.getScheme())
            && host.contains(".")
            && !host.endsWith(".localhost")
            && !host.startsWith("127.");
    return reachable ? Optional.of(origin) : Optional.empty();
  }

  private static UnaryOperator<String> fill(Pattern place, String value) {
    return text -> place.matcher(text).replaceAll(Matcher.quoteReplacement(value));
  }

  private static String number(Errand errand) {
    return switch (errand.dispatch()) {
      case Dispatch.Text text -> text.number();
      case Dispatch.Farewell(var number) -> number;
      case Dispatch.Warning(var number) -> number;
      case Dispatch.Mail _, Dispatch.Push _, Dispatch.Alert _, Dispatch.Hook _ -> throw notOurs();
    };
  }

  private static Dispatch.Via via(Errand errand) {
    return errand.dispatch() instanceof Dispatch.Text text ? text.via() : Dispatch.Via.SMS;
  }

  private static IllegalArgumentException notOurs() {
    return new IllegalArgumentException("texts carry nothing else");
  }

  private Moment now() {
    return Moment.of(clock.instant());
  }

  /** What a tenant may set otherwise: how many texts at most, by the names of the Management API, as usual. */
  public static Map<String, Integer> usualLimits() {
    Map<String, Integer> out = new LinkedHashMap<>();
    TextLimits.SETTABLE.forEach((name, usual) -> out.put(name, usual.most()));
    return out;
  }

  /** Removes what is no longer needed to see how ranges fare. */
  public int tidy(Tx tx, TenantId tenant, Moment now, int most) {
    return limits.tidy(tx, tenant, now, most);
  }
}
