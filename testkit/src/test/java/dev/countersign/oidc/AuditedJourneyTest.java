package dev.countersign.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.application.Api;
import dev.countersign.application.Apis;
import dev.countersign.application.Application;
import dev.countersign.application.ClientGrant;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.kernel.Json;
import dev.countersign.testkit.Browser;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.Visit;
import dev.countersign.testkit.Wire;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every flow there is, once, and all that the audit log tells of it. */
@WorldTest
class AuditedJourneyTest {
  private static final String ADDRESS = "192.0.2.7";

  /** Told where there is more to it than this journey: by operators, by floods, or not by what exists so far. */
  private static final Set<AuditType> TOLD_ELSEWHERE =
      EnumSet.of(
          AuditType.FACTOR_DISABLED,
          AuditType.TENANT_UNDER_ATTACK,
          AuditType.KEYS_ROTATED,
          AuditType.TENANT_CREATED,
          AuditType.TENANT_CHANGED,
          AuditType.APPLICATION_CREATED,
          AuditType.API_CHANGED,
          AuditType.MFA_CHALLENGE_SENT,
          AuditType.STEP_UP_DENIED,
          // Told in the stories of their factors.
          AuditType.PUSH_BLOCKED,
          AuditType.CHALLENGE_DISOWNED,
          AuditType.CHALLENGES_RESUMED,
          AuditType.TOKENS_IMPORTED,
          AuditType.TOKEN_FORGOTTEN,
          AuditType.TOKEN_RESYNCHRONISED,
          AuditType.BROWSER_TRUSTED,
          AuditType.BROWSER_FORGOTTEN,
          AuditType.FIRST_FACTOR_CHOSEN,
          AuditType.FACTOR_USED_ELSEWHERE,
          AuditType.FAREWELL_SENT,
          AuditType.REPORTED_NOT_ME,
          AuditType.PASSKEY_ACCEPTED,
          AuditType.SMS_BLOCKED,
          AuditType.SMS_FAILED,
          AuditType.SMS_LOST,
          AuditType.PUSH_FAILED,
          AuditType.ENROLMENT_TICKET_ISSUED,
          AuditType.LOG_STREAM_GAVE_UP,
          AuditType.DIRECT_TOKEN_ISSUED,
          AuditType.DIRECT_TOKEN_REFUSED,
          AuditType.BACKUP_CODE_REPLACED,
          // Told in the stories of risk, of the policy and of ways back.
          AuditType.RISK_ASSESSED,
          AuditType.RISK_FEED_FAILED,
          AuditType.EXEMPTION_USED,
          AuditType.ACCESS_CODE_ISSUED,
          AuditType.ACCESS_CODE_REVOKED,
          AuditType.ACCESS_CODE_USED,
          AuditType.ACCESS_CODE_REFUSED,
          AuditType.RECOVERY_STARTED,
          AuditType.RECOVERY_REFUSED,
          AuditType.RECOVERY_TOLD,
          AuditType.RECOVERY_CANCELLED,
          AuditType.RECOVERY_OPENED,
          AuditType.RECOVERY_COMPLETED);

  private static final Pattern RESET =
      Pattern.compile("https://\\S+/u/password/reset\\?ticket=\\S+");

  private record Story(
      World world, Company company, Someone ana, Client bank, Client admin, Set<AuditType> seen) {

    /** Does something half a minute later; the log tells exactly this of it, in this order. */
    void tells(Runnable deed, String... lines) {
      world.later(Duration.ofSeconds(30));
      int before = company.audit().events().size();
      deed.run();
      var events = company.audit().events();
      var fresh = events.subList(before, events.size());
      assertThat(fresh.stream().map(this::line)).containsExactly(lines);
      for (var event : fresh) {
        assertThat(event.occurredAt()).as("when %s", event).isEqualTo(world.clock().now());
        assertThat(event.address()).as("from where %s", event).isEqualTo(ADDRESS);
        assertThat(event.requestId()).as("in which request %s", event).matches("req_[a-z0-9]{8,}");
        assertThat(
                event.outcome() == AuditEvent.Outcome.SUCCESS
                    || event.details().containsKey("reason"))
            .as("why %s", event)
            .isTrue();
        seen.add(event.type());
      }
    }

    /** Kind, outcome, reason and factor; who did it, and to whom where that is somebody else; for which application. */
    private String line(AuditEvent event) {
      var words =
          Stream.of(
                  event.type().code(),
                  event.outcome() == AuditEvent.Outcome.SUCCESS
                      ? ""
                      : event.outcome().name().toLowerCase(Locale.ROOT),
                  event.details().getOrDefault("reason", ""),
                  event.details().getOrDefault("factor", ""),
                  "by " + name(event.actor()),
                  event.user() == null || event.user().value().equals(event.actor())
                      ? ""
                      : "to " + name(event.user().value()),
                  event.client() == null ? "" : "for " + name(event.client().value()),
                  event.signIn() == null ? "" : "in a sign-in")
              .filter(word -> !word.isEmpty());
      return words.collect(Collectors.joining(" "));
    }

    private String name(String id) {
      return id.replace(ana.id().value(), "ana")
          .replace(bank.id(), "bank")
          .replace(admin.id(), "admin")
          .replaceAll("auth0\\|[a-z0-9]+", "somebody");
    }

    Wire.Received calls(Method method, String path, Object body) {
      var token =
          Client.json(
                  admin.token(
                      Map.of(
                          "grant_type",
                          "client_credentials",
                          "audience",
                          Api.managementAudience(admin.issuer()))))
              .path("access_token")
              .asString();
      return world
          .node()
          .send(
              new Wire.Sent(
                  method,
                  URI.create(company.url("/api/v2" + path.replace("|", "%7C"))),
                  Map.of(
                      "authorization",
                      List.of("Bearer " + token),
                      "content-type",
                      List.of("application/json")),
                  body.equals("") ? new byte[0] : Json.writeBytes(body)));
    }

    void call(Method method, String path, Object body) {
      var answer = calls(method, path, body);
      assertThat(answer.status()).as("%s %s %s", method, path, answer.text()).isIn(200, 201, 204);
    }
  }

  private static Story story(World world) {
    var acme = world.tenant("acme").requiring("otp", "recovery-code");
    var admin = Client.of(world, acme, Application.Type.NON_INTERACTIVE, it -> it);
    var scopes = new HashSet<>(Apis.managementScopes());
    scopes.remove("read:logs");
    scopes.remove("read:logs_users");
    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .ground
                .apis
                .allow(tx, acme.id(), admin.application().id(), ClientGrant.MANAGEMENT, scopes));
    return new Story(
        world,
        acme,
        acme.person("ana"),
        Client.web(world, acme),
        admin,
        EnumSet.noneOf(AuditType.class));
  }

  private static String csrf(Browser browser) {
    return browser.page().element("input[name=csrf]").val();
  }

  @Test
  void AUD_01_every_flow_is_told_event_by_event_with_who_why_when_and_from_where(World world) {
    var story = story(world);
    var acme = story.company();
    var ana = story.ana();
    var bank = story.bank();
    var browser = world.browser();

    // The first sign-in, with an app set up at the second try.
    story.tells(() -> bank.opens(browser, Map.of()));
    story.tells(() -> browser.submit(Map.of("identifier", "ana")));
    story.tells(
        () -> browser.submit(Map.of("password", "not this one")),
        "user.sign_in_failed failure password_invalid by ana for bank in a sign-in");
    story.tells(
        () -> browser.submit(Map.of("password", ana.password())),
        "user.mfa_required policy_requires by ana for bank in a sign-in");
    story.tells(
        () -> browser.press("factor", "otp"),
        "mfa.factor_enrolment_begun otp by ana for bank in a sign-in");
    ana.type(browser.page().element("#key").text());
    story.tells(
        () -> browser.submit(Map.of("code", ana.wrongCode())),
        "mfa.factor_enrolment_failed failure code_invalid otp by ana for bank in a sign-in");
    story.tells(
        () -> browser.submit(Map.of("code", ana.codeNow())),
        "mfa.factor_enrolled otp by ana for bank in a sign-in",
        "mfa.factor_enrolled recovery-code by ana for bank in a sign-in");
    ana.keepCodes(browser.page().document().select("ol.codes code").eachText());
    story.tells(
        () -> browser.submit(Map.of("saved", "true")),
        "user.signed_in by ana for bank in a sign-in");

    // The application's side.
    var code = browser.page().parameters().get("code");
    var tokens = new AtomicReference<String>();
    story.tells(
        () -> tokens.set(Client.json(bank.redeem(code)).path("refresh_token").asString()),
        "token.issued by ana for bank");
    story.tells(() -> bank.refresh(tokens.get()), "token.refreshed by ana for bank");
    story.tells(
        () -> bank.refresh(tokens.get()),
        "token.reuse_detected failure refresh_token_reused by ana for bank");
    story.tells(
        () -> bank.redeem("nothing"),
        "token.refused failure code_unknown_or_expired by bank@clients for bank");
    story.tells(() -> bank.opens(browser, Map.of()), "user.signed_in by ana for bank in a sign-in");

    // The second sign-in: a wrong code, a replayed one, a right one; then a backup code.
    story.tells(
        () -> ana.signsIn().isAskedForCode().answers(ana.codeNow()).isIn(),
        "user.mfa_required policy_requires by ana for account in a sign-in",
        "user.mfa_succeeded otp by ana for account in a sign-in",
        "user.signed_in by ana for account in a sign-in");
    story.tells(
        () -> {
          var used = ana.codeNow();
          ana.signsIn().answers(ana.wrongCode()).answers(used).isIn();
          ana.signsIn().answers(used);
        },
        "user.mfa_required policy_requires by ana for account in a sign-in",
        "user.mfa_failed failure code_invalid otp by ana for account in a sign-in",
        "user.mfa_succeeded otp by ana for account in a sign-in",
        "user.signed_in by ana for account in a sign-in",
        "user.mfa_required policy_requires by ana for account in a sign-in",
        "user.mfa_failed failure code_reused otp by ana for account in a sign-in");
    var visit = new AtomicReference<Visit>();
    story.tells(
        () -> visit.set(ana.signsIn().triesAnotherWay("recovery-code").answers(ana.backupCode())),
        "user.mfa_required policy_requires by ana for account in a sign-in",
        "user.mfa_succeeded recovery-code by ana for account in a sign-in",
        "mfa.backup_code_used recovery-code by ana for account in a sign-in",
        "user.signed_in by ana for account in a sign-in");
    story.tells(() -> world.browser().open(acme.url("/account")));
    story.tells(
        () -> ana.comesWith(world.browser()).identifiesAs("nobody").givesPassword("what"),
        "user.sign_in_failed failure password_invalid by anonymous for account in a sign-in");
    story.tells(
        () -> {
          var leaving = ana.signsIn().browser();
          leaving.post(
              acme.url(leaving.page().element("form.leave").attr("action")),
              Map.of("csrf", csrf(leaving)));
        },
        "user.mfa_required policy_requires by ana for account in a sign-in",
        "user.sign_in_failed failure cancelled by ana for account in a sign-in");

    // Their own security page.
    var own = visit.get().browser();
    story.tells(() -> own.open(acme.url("/account/codes")));
    world.later(Duration.ofMinutes(6));
    story.tells(() -> own.open(acme.url("/account/codes")), "step_up.requested by ana for account");
    story.tells(
        () -> {
          visit.get().identifies().givesPassword(ana.password());
          own.submit(Map.of("code", ana.codeNow()));
        },
        "user.mfa_required policy_requires by ana for account in a sign-in",
        "user.mfa_succeeded otp by ana for account in a sign-in",
        "step_up.approved by ana for account in a sign-in");
    story.tells(
        () -> own.press("action", "confirm"),
        "mfa.backup_codes_regenerated recovery-code by ana for account in a sign-in");
    story.tells(() -> visit.get().savesBackupCodes());
    var first = ana.app();
    story.tells(
        () -> own.open(acme.url("/account/set-up/otp")),
        "mfa.factor_enrolment_begun otp by ana for account in a sign-in");
    story.tells(
        () -> {
          ana.type(own.page().element("#key").text());
          own.submit(Map.of("code", ana.codeNow(), "name", "Second"));
        },
        "mfa.factor_enrolled otp by ana for account in a sign-in");
    story.tells(
        () -> {
          own.open(acme.url("/account/methods/" + ana.enrolment("otp").value() + "/remove"));
          own.press("action", "confirm");
        },
        "mfa.factor_removed otp by ana for account in a sign-in");
    ana.type(first.key());
    story.tells(
        () -> {
          own.open(acme.url("/account/password"));
          own.submit(Map.of("present_password", ana.password(), "new_password", "nine brown mugs"));
        },
        "user.password_changed by ana");
    ana.remembering("nine brown mugs");
    story.tells(
        () -> {
          ana.signsIn().answers(ana.codeNow()).isIn();
          own.open(acme.url("/account"));
          own.post(
              acme.url(own.page().element("form[action$=/end]").attr("action")),
              Map.of("csrf", csrf(own)));
        },
        "user.mfa_required policy_requires by ana for account in a sign-in",
        "user.mfa_succeeded otp by ana for account in a sign-in",
        "user.signed_in by ana for account in a sign-in",
        "user.session_ended by ana for account");
    story.tells(
        () -> own.post(acme.url("/account/sign-out"), Map.of("csrf", csrf(own))),
        "user.signed_out by ana for account");

    // A forgotten password.
    story.tells(
        () -> {
          own.open(acme.url("/u/password/forgot"));
          own.submit(Map.of("identifier", "ana"));
        },
        "user.password_reset_requested by anonymous to ana");
    story.tells(
        () -> {
          // Mails of one moment come in any order.
          var link =
              ana.mails().stream()
                  .map(mail -> RESET.matcher(mail.plain()))
                  .filter(Matcher::find)
                  .map(Matcher::group)
                  .findFirst()
                  .orElseThrow();
          own.open(link);
          own.submit(Map.of("new_password", "eight green jars"));
        },
        "user.password_changed by ana");
    ana.remembering("eight green jars");

    // Guessing until the door closes.
    story.tells(
        () -> {
          var guessing = ana.signsIn();
          for (int i = 0; i < 5; i++) {
            guessing.answers(ana.wrongCode());
          }
        },
        "user.mfa_required policy_requires by ana for account in a sign-in",
        "user.mfa_failed failure code_invalid otp by ana for account in a sign-in",
        "user.mfa_failed failure code_invalid otp by ana for account in a sign-in",
        "user.mfa_failed failure code_invalid otp by ana for account in a sign-in",
        "user.mfa_failed failure code_invalid otp by ana for account in a sign-in",
        "user.mfa_failed failure code_invalid otp by ana for account in a sign-in",
        "user.locked failure too_many_failures otp by ana for account in a sign-in");

    admin(story);
    assertThat(EnumSet.complementOf(EnumSet.copyOf(TOLD_ELSEWHERE)))
        .as("all events that docs/audit-events.md names")
        .isEqualTo(story.seen());
    ids(acme);
  }

  /** What an admin does by the API, and what ana meets with afterwards. */
  private static void admin(Story story) {
    var acme = story.company();
    var ana = story.ana();
    var issued = "token.client_issued by admin@clients for admin";
    story.tells(
        () -> story.call(Method.DELETE, "/users/" + ana.id() + "/authentication-methods", ""),
        issued,
        "mfa.factor_admin_reset by admin@clients to ana");
    story.tells(
        () -> story.call(Method.PUT, "/enforcement", Map.of("mode", "optional")),
        issued,
        "mfa.policy_changed by admin@clients");
    story.tells(
        () -> ana.signsIn().saysNotNow().isIn(),
        "user.mfa_required invited by ana for account in a sign-in",
        "user.mfa_declined by ana for account in a sign-in",
        "user.signed_in by ana for account in a sign-in");
    story.tells(
        () -> story.call(Method.PUT, "/guardian/factors/recovery-code", Map.of("enabled", false)),
        issued,
        "mfa.settings_changed recovery-code by admin@clients");
    story.tells(
        () -> story.call(Method.PATCH, "/users/" + ana.id(), Map.of("name", "Ana")),
        issued,
        "user.changed by admin@clients to ana");
    story.tells(
        () -> story.call(Method.DELETE, "/users/" + ana.id() + "/sessions", ""),
        issued,
        "user.session_ended by admin@clients to ana");
    story.tells(
        () ->
            story.call(
                Method.POST,
                "/users",
                Map.of(
                    "connection",
                    "Username-Password-Authentication",
                    "username",
                    "zoe",
                    "password",
                    "seven quiet larks sing")),
        issued,
        "user.created by admin@clients to somebody");
    story.tells(
        () -> assertThat(story.calls(Method.GET, "/logs", "").status()).isEqualTo(403),
        issued,
        "api.denied denied insufficient_scope by admin@clients for admin");
    story.tells(
        () ->
            story
                .admin()
                .token(Map.of("grant_type", "client_credentials", "client_secret", "wrong")),
        "token.client_refused failure client_secret_invalid by admin@clients for admin");
    story.tells(
        () -> story.call(Method.DELETE, "/users/" + ana.id(), ""),
        issued,
        "user.deleted by admin@clients to ana");
    assertThat(acme.audit().events()).isNotEmpty();
  }

  /** What one request did is told with one id; two requests never share one. */
  private static void ids(Company company) {
    var events = company.audit().events();
    assertThat(events).extracting(AuditEvent::id).doesNotHaveDuplicates();
    events.stream()
        .collect(Collectors.groupingBy(AuditEvent::requestId))
        .forEach((request, together) ->
            assertThat(together)
                .as(request)
                .extracting(AuditEvent::occurredAt)
                .containsOnly(together.getFirst().occurredAt()));
    assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(events.toString())).isTrue();
  }
}
