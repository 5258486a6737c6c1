package dev.countersign.hosted;

import dev.countersign.factor.Factors;
import dev.countersign.hosted.view.AccountPage;
import dev.countersign.hosted.view.ApprovalPage;
import dev.countersign.hosted.view.ApproverPage;
import dev.countersign.hosted.view.BackupCodesGonePage;
import dev.countersign.hosted.view.BackupCodesPage;
import dev.countersign.hosted.view.BackupCodesReadyPage;
import dev.countersign.hosted.view.Brand;
import dev.countersign.hosted.view.BrowserSignal;
import dev.countersign.hosted.view.ChangePasswordPage;
import dev.countersign.hosted.view.CheckMailPage;
import dev.countersign.hosted.view.CodeChallengePage;
import dev.countersign.hosted.view.CodeSetupPage;
import dev.countersign.hosted.view.ConfirmPage;
import dev.countersign.hosted.view.Context;
import dev.countersign.hosted.view.ContinuePage;
import dev.countersign.hosted.view.CredentialChallengePage;
import dev.countersign.hosted.view.CredentialSetupPage;
import dev.countersign.hosted.view.DetailsPage;
import dev.countersign.hosted.view.ElsewherePage;
import dev.countersign.hosted.view.ErrorPage;
import dev.countersign.hosted.view.FactorCard;
import dev.countersign.hosted.view.ForgotPasswordPage;
import dev.countersign.hosted.view.FormPostPage;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.HelpCallPage;
import dev.countersign.hosted.view.Icon;
import dev.countersign.hosted.view.IdentifierPage;
import dev.countersign.hosted.view.Letter;
import dev.countersign.hosted.view.Link;
import dev.countersign.hosted.view.LockedPage;
import dev.countersign.hosted.view.LogoutPage;
import dev.countersign.hosted.view.LostFactorPage;
import dev.countersign.hosted.view.MfaSetupPage;
import dev.countersign.hosted.view.NewPasswordPage;
import dev.countersign.hosted.view.NotMePage;
import dev.countersign.hosted.view.Notice;
import dev.countersign.hosted.view.Page;
import dev.countersign.hosted.view.PairingPage;
import dev.countersign.hosted.view.PasswordChangedPage;
import dev.countersign.hosted.view.PasswordPage;
import dev.countersign.hosted.view.PickerPage;
import dev.countersign.hosted.view.SignedOutPage;
import dev.countersign.hosted.view.TenantIndexPage;
import dev.countersign.hosted.view.ThrottledPage;
import dev.countersign.hosted.view.TicketPage;
import dev.countersign.hosted.view.TooManyRequestsPage;
import dev.countersign.hosted.view.TotpSetupPage;
import dev.countersign.hosted.view.UnsentPage;
import dev.countersign.hosted.view.WaitPage;
import dev.countersign.hosted.view.WebMessagePage;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Secret;
import dev.countersign.outbound.Callout;
import dev.countersign.tenant.TenantSettings;
import dev.countersign.web.Assets;
import dev.countersign.web.BrandCss;
import dev.countersign.web.Messages;
import io.nayuki.qrcodegen.QrCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every page in every state, filled with samples: for the tests of the pages, and as files to look at. Run {@code main}
 * with a folder; each language has its own folder in it.
 */
public final class PagePreviews {
  static {
    Factors.all(new LiveEntropy(), Callout.CLOSED, _ -> TenantSettings.usual(), _ -> {})
        .speakers()
        .forEach(Messages::include);
  }

  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
  private static final Instant NOW = Instant.parse("2026-11-23T13:05:00Z");
  private static final Brand ACME =
      new Brand("Acme Bank", null, "/assets/brand/sample.css", "help@acme.example", false);
  private static final String ADDRESS = "https://acme.example/u/x?state=hKFo2SB6";

  private final Messages t;
  private final Map<String, Page> pages = new LinkedHashMap<>();
  private final Map<String, Letter> letters = new LinkedHashMap<>();

  private PagePreviews(Messages t) {
    this.t = t;
    signIn();
    passwords();
    setUp();
    challenges();
    errors();
    account();
    mails();
  }

  /** The words of pages and factors. */
  static Messages words(Locale language) {
    return Messages.in(language);
  }

  static Map<String, Page> pages(Locale language) {
    return new PagePreviews(Messages.in(language)).pages;
  }

  static Map<String, Letter> letters(Locale language) {
    return new PagePreviews(Messages.in(language)).letters;
  }

  private Frame anyone() {
    return Frame.of(ACME, t, "/u/here?state=hKFo2SB6", "c5rf", "hKFo2SB6")
        .application("Acme Online Banking")
        .leaving("common.cancel_sign_in", "/u/cancel?state=hKFo2SB6");
  }

  private Frame ana() {
    return anyone().person("ana@acme.example", "/u/switch?state=hKFo2SB6");
  }

  private void signIn() {
    var key =
        new IdentifierPage.Key(
            "/u/passkey?state=hKFo2SB6", "/u/here?state=hKFo2SB6", "{}", "c2Vh", "cXVlc3Rpb24");
    pages.put("identifier", new IdentifierPage(anyone(), "", key));
    pages.put("identifier-without-passkeys", new IdentifierPage(anyone(), "", null));
    pages.put(
        "identifier-error",
        new IdentifierPage(anyone().wrong("identifier", "identifier.missing"), "", key));
    pages.put(
        "identifier-passkey-unknown",
        new IdentifierPage(
            anyone().saying(Notice.Tone.PROBLEM, "identifier.passkey_unknown"),
            "",
            key,
            List.of(new BrowserSignal("signalUnknownCredential", "{}"))));
    for (var said : List.of("refused", "locked")) {
      pages.put(
          "identifier-passkey-" + said,
          new IdentifierPage(
              anyone().saying(Notice.Tone.PROBLEM, "identifier.passkey_" + said), "", key));
    }
    for (var said : List.of("late", "stopped")) {
      pages.put(
          "identifier-passkey-" + said,
          new IdentifierPage(
              anyone().saying(Notice.Tone.INFORMATION, "identifier.passkey_" + said), "", key));
    }
    pages.put("password", new PasswordPage(ana(), "/u/forgot", "cXVlc3Rpb24"));
    pages.put(
        "password-beside-passkey",
        new PasswordPage(
            ana().saying(Notice.Tone.INFORMATION, "password.beside_key"),
            "/u/forgot",
            "cXVlc3Rpb24"));
    pages.put(
        "password-error",
        new PasswordPage(ana().wrong("password", "password.refused"), "/u/forgot", "cXVlc3Rpb24"));
    pages.put(
        "password-throttled",
        new PasswordPage(
            ana().saying(Notice.Tone.PROBLEM, "password.throttled", "14:05"),
            "/u/forgot",
            "cXVlc3Rpb24"));
    pages.put("tenant-index", new TenantIndexPage(Frame.of(ACME, t, "/", "c5rf", ""), "/account"));
    pages.put(
        "signed-out",
        new SignedOutPage(
            Frame.of(ACME, t, "/v2/logout", "", ""),
            new Link("Acme Online Banking", ADDRESS),
            "/login"));
    pages.put(
        "signed-out-alone", new SignedOutPage(Frame.of(ACME, t, "/v2/logout", "", ""), null, null));
    pages.put("logout", new LogoutPage(anyone(), "ana@acme.example", ADDRESS));
    for (var kind : ContinuePage.Kind.values()) {
      var subject =
          kind == ContinuePage.Kind.SIGNED_IN ? "ana@acme.example" : "Acme Online Banking";
      var other = kind == ContinuePage.Kind.SIGNED_IN ? "/u/switch" : null;
      pages.put(
          "continue-" + kind.name().toLowerCase(Locale.ROOT),
          new ContinuePage(
              anyone(), kind, subject, kind == ContinuePage.Kind.DONE ? null : "/u/resume", other));
    }
    pages.put(
        "form-post",
        new FormPostPage(
            anyone(), "https://app.example/callback", Map.of("code", "\"<x>&", "state", "abc")));
    pages.put(
        "web-message",
        new WebMessagePage(
            anyone(), "https://app.example", "{\"code\":\"</script>\\\"\",\"state\":\"abc\"}"));
  }

  private void passwords() {
    pages.put("forgot-password", new ForgotPasswordPage(anyone(), "", "/u/login"));
    pages.put(
        "check-mail", new CheckMailPage(anyone(), "ana@acme.example", 15, "/u/forgot", "/u/login"));
    for (var why : NewPasswordPage.Why.values()) {
      pages.put(
          "new-password-" + why.name().toLowerCase(Locale.ROOT),
          new NewPasswordPage(anyone(), why, "ana@acme.example", 15));
    }
    pages.put(
        "new-password-error",
        new NewPasswordPage(
            anyone().wrong("new_password", "new_password.too_short", 15),
            NewPasswordPage.Why.RESET,
            "ana@acme.example",
            15));
    pages.put("password-changed", new PasswordChangedPage(anyone(), "/u/resume"));
  }

  private void setUp() {
    var app = new FactorCard("otp", Icon.PHONE, "factor.totp.name", "factor.totp.line", 2, true);
    var biometrics =
        new FactorCard(
            "webauthn-platform",
            Icon.FINGERPRINT,
            "factor.codes.name",
            "factor.codes.line",
            1,
            true);
    var sms = new FactorCard("sms", Icon.CHAT, "factor.totp.name", "factor.totp.line", 1, false);
    var later = new FactorCard(app.id(), app.icon(), app.nameKey(), app.lineKey(), 2, false);
    pages.put(
        "mfa-setup-one",
        new MfaSetupPage(
            ana().step(1, 3), MfaSetupPage.Occasion.REQUIRED, "Acme Bank", List.of(app), null));
    pages.put(
        "mfa-setup-many",
        new MfaSetupPage(
            ana().step(1, 3),
            MfaSetupPage.Occasion.REQUIRED,
            "Acme Bank",
            List.of(biometrics, later, sms),
            null));
    pages.put(
        "mfa-setup-grace",
        new MfaSetupPage(
            ana().step(1, 3),
            MfaSetupPage.Occasion.REQUIRED,
            "Acme Bank",
            List.of(app),
            new MfaSetupPage.Skip(2, t.date(NOW, ZONE))));
    pages.put(
        "mfa-setup-over",
        new MfaSetupPage(
            ana().step(1, 3),
            MfaSetupPage.Occasion.REQUIRED,
            "Acme Bank",
            List.of(app),
            MfaSetupPage.Skip.OVER));
    pages.put(
        "mfa-setup-optional",
        new MfaSetupPage(
            ana().step(1, 3),
            MfaSetupPage.Occasion.INVITED,
            "Acme",
            List.of(app),
            new MfaSetupPage.Skip(null, null)));
    for (var occasion :
        List.of(
            MfaSetupPage.Occasion.STRONGER,
            MfaSetupPage.Occasion.ANOTHER,
            MfaSetupPage.Occasion.RENEWED)) {
      pages.put(
          "mfa-setup-" + occasion.name().toLowerCase(Locale.ROOT),
          new MfaSetupPage(ana().step(1, 2), occasion, "Acme Bank", List.of(biometrics), null));
    }
    pages.put(
        "mfa-setup-none",
        new MfaSetupPage(ana(), MfaSetupPage.Occasion.REQUIRED, "Acme Bank", List.of(), null));
    pages.put("totp-setup", totp(ana().step(2, 3), false, false));
    pages.put("totp-setup-phone", totp(ana().step(2, 3), true, false));
    pages.put("totp-setup-replaced", totp(ana().step(2, 3), false, true));
    pages.put("totp-setup-wrong", totp(ana().step(2, 3).wrong("code", "code.wrong"), false, false));
    pages.put(
        "totp-setup-clock",
        totp(ana().step(2, 3).wrong("code", "code.clock_slow", 70), true, false));
    for (var occasion : BackupCodesPage.Occasion.values()) {
      pages.put(
          "backup-codes-" + occasion.name().toLowerCase(Locale.ROOT),
          codes(ana().step(3, 3), occasion));
    }
    pages.put(
        "backup-codes-error",
        codes(
            ana().step(3, 3).wrong("saved", "codes.saved_missing"),
            BackupCodesPage.Occasion.FIRST));
    pages.put("pairing", pairing(false, false, false));
    pages.put("pairing-phone", pairing(true, false, false));
    pages.put("pairing-replaced", pairing(false, false, true));
    pages.put("pairing-over", pairing(false, true, false));
    pages.put("sms-details", details(ana().step(2, 3), "+1 202-555-0143"));
    pages.put(
        "sms-details-wrong",
        details(ana().step(2, 3).wrong("phone", "sms.details.number_invalid"), "0171 12"));
    pages.put("sms-setup", smsSetUp(ana().step(2, 3)));
    pages.put(
        "sms-setup-wrong", smsSetUp(ana().step(2, 3).wrong("code", "sms.setup.code_invalid")));
    pages.put("backup-codes-ready", new BackupCodesReadyPage(ana().step(3, 3)));
    pages.put(
        "backup-codes-gone", new BackupCodesGonePage(ana().step(3, 3), "dev_7k2m9qw4thx3vdc4"));
  }

  private static DetailsPage details(Frame frame, String number) {
    return new DetailsPage(
        frame,
        "sms",
        List.of(new DetailsPage.Field("phone", number, "tel", "tel")),
        "/u/mfa/set-up");
  }

  private static CodeSetupPage smsSetUp(Frame frame) {
    return new CodeSetupPage(
        frame, "sms", "+1 202-555-0143", 6, true, "/u/mfa/set-up/sms?change=1", "/u/mfa/set-up");
  }

  private static CodeChallengePage sms(Frame frame) {
    return new CodeChallengePage(
        frame,
        new Context("Acme Online Banking", "Berlin, DE", "Firefox, Linux"),
        "sms",
        null,
        "+1 ••• ••43",
        6,
        true,
        null,
        null,
        null,
        "/u/mfa/other");
  }

  private TotpSetupPage totp(Frame frame, boolean phone, boolean replaced) {
    var uri =
        "otpauth://totp/Acme%20Bank:ana%40acme.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Acme%20Bank";
    return new TotpSetupPage(
        frame,
        "totp",
        qr(uri),
        "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP",
        uri,
        "Acme Bank: ana@acme.example",
        t.text("factor.totp.name"),
        6,
        phone,
        replaced,
        "/u/mfa");
  }

  private PairingPage pairing(boolean phone, boolean over, boolean replaced) {
    var uri = "https://acme.example/approver#enr_0123456789abcdefghjk.Zm9vYmFyYmF6cXV4cXV1eHF1dXg";
    return new PairingPage(
        ana().step(2, 3),
        "push",
        over ? null : qr(uri),
        over ? "" : uri,
        phone,
        false,
        2,
        replaced,
        replaced
            ? new PairingPage.App(
                "Acme Approve",
                "https://apps.apple.com/app/id1",
                "https://play.google.com/store/apps/details?id=acme")
            : null,
        "/u/mfa");
  }

  private static TotpSetupPage.Qr qr(String text) {
    var code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
    var path = new StringBuilder();
    for (var y = 0; y < code.size; y++) {
      for (var x = 0; x < code.size; x++) {
        if (code.getModule(x, y)) {
          path.append("M%d %dh1v1h-1z".formatted(x + 4, y + 4));
        }
      }
    }
    return new TotpSetupPage.Qr(code.size + 8, path.toString());
  }

  private BackupCodesPage codes(Frame frame, BackupCodesPage.Occasion occasion) {
    var codes =
        List.of(
            "7k2m-9qw4t-hx3vd",
            "c4pn-62rfy-8gjtm",
            "w9xh-kd37b-4mqzr",
            "3vtg-fy86p-n2xck",
            "qm5r-t7hwj-d94fb",
            "8zbd-xn4kc-76ygp",
            "hj2w-3mvrt-qk9xf",
            "p6fy-c8dzn-2twhb",
            "r4kx-97gqm-vj3td",
            "n8ct-wb5hp-y6mzk");
    return new BackupCodesPage(
        frame, occasion, "dev_7k2m9qw4thx3vdc4", codes, "ana@acme.example", t.date(NOW, ZONE));
  }

  private static CodeChallengePage code(
      Frame frame,
      Context context,
      @Nullable String device,
      @Nullable String reason,
      @Nullable Integer left,
      @Nullable String other) {
    return new CodeChallengePage(
        frame, context, "totp", device, null, 6, false, reason, null, left, other);
  }

  private CodeChallengePage backup(
      Frame frame, Context context, @Nullable Integer few, @Nullable Integer left) {
    var warning =
        few == null ? null : new Notice(Notice.Tone.WARNING, t.text("codes.challenge.few", few));
    return new CodeChallengePage(
        frame, context, "codes", null, null, 0, false, null, warning, left, "/u/mfa/other");
  }

  /** Factors that a tenant has named: one of each kind of page, in the tenant's words. */
  private void own(Context here) {
    var own =
        t.calling(
            Map.of(
                "custom:pager",
                new Messages.Called("custom-code", "Night desk pager", "A code on your pager."),
                "custom:desk",
                new Messages.Called("custom-confirm", "Front desk", "Somebody vouches for you."),
                "custom:badge",
                new Messages.Called("custom-redirect", "Door badge", "The badge for the doors."),
                "custom:vault",
                new Messages.Called("custom-totp", "Vault code", "Eight digits."),
                "custom:token",
                new Messages.Called("custom-key", "Staff token", "The token on your lanyard.")));
    var ana =
        Frame.of(ACME, own, "/u/here?state=hKFo2SB6", "c5rf", "hKFo2SB6")
            .application("Acme Online Banking")
            .leaving("common.cancel_sign_in", "/u/cancel?state=hKFo2SB6")
            .person("ana@acme.example", "/u/switch?state=hKFo2SB6");
    var page = "https://badge.example/?request=eyJhbGciOiJIUzI1NiJ9";
    var reason = t.text("reason.policy");
    pages.put(
        "custom-code-challenge",
        new CodeChallengePage(
            ana, here, "custom:pager", null, null, 6, true, reason, null, null, "/u/mfa/other"));
    pages.put(
        "custom-code-setup",
        new CodeSetupPage(ana.step(2, 3), "custom:pager", null, 6, true, null, "/u/mfa/other"));
    pages.put(
        "custom-code-over",
        new UnsentPage(ana, "custom:pager", "service_failed", "/u/mfa/other", "/u/lost"));
    pages.put(
        "custom-code-unsent",
        new UnsentPage(
            ana.saying(Notice.Tone.PROBLEM, "unsent.provider_failed"),
            "custom:pager",
            "/u/mfa/other",
            "/u/lost"));
    pages.put(
        "custom-confirm-challenge",
        new ElsewherePage(
            SharedPages.notYet(ana, "custom:desk"),
            "custom:desk.challenge",
            here,
            null,
            true,
            true,
            reason,
            "/u/mfa/other"));
    pages.put(
        "custom-confirm-setup",
        new ElsewherePage(
            ana.step(2, 3), "custom:desk.setup", null, null, true, true, null, "/u/mfa/other"));
    pages.put(
        "custom-redirect-challenge",
        new ElsewherePage(
            ana, "custom:badge.challenge", here, page, false, false, reason, "/u/mfa/other"));
    pages.put(
        "custom-redirect-wrong",
        new ElsewherePage(
            ana.wrong("code", "custom:badge.challenge.wrong"),
            "custom:badge.challenge",
            here,
            page,
            false,
            false,
            reason,
            "/u/mfa/other"));
    pages.put(
        "custom-redirect-setup",
        new ElsewherePage(
            ana.step(2, 3).wrong("code", "custom:badge.setup.cancelled"),
            "custom:badge.setup",
            null,
            null,
            false,
            true,
            null,
            "/u/mfa/other"));
    pages.put(
        "custom-totp-challenge",
        new CodeChallengePage(
            ana, here, "custom:vault", "Pixel 9", null, 8, false, reason, null, 2, null));
    pages.put(
        "custom-key-challenge",
        new CredentialChallengePage(ana, here, "custom:token", "{}", reason, "/u/mfa/other"));
    pages.put(
        "custom-key-setup",
        new CredentialSetupPage(ana.step(2, 3), "custom:token", "{}", "", "/u/mfa/other"));
  }

  private void challenges() {
    var here = new Context("Acme Online Banking", "Berlin, DE", "Firefox, Linux");
    var nowhere = new Context(null, null, null);
    pages.put(
        "totp-challenge",
        code(ana(), here, null, t.text("reason.new_device"), null, "/u/mfa/other"));
    pages.put("totp-challenge-bare", code(ana(), nowhere, "Pixel 9", null, null, null));
    pages.put(
        "totp-challenge-wrong",
        code(ana().wrong("code", "code.wrong"), here, null, null, 2, "/u/mfa/other"));
    pages.put(
        "totp-challenge-used",
        code(ana().wrong("code", "code.used"), here, null, null, null, "/u/mfa/other"));
    pages.put(
        "totp-challenge-clock",
        code(ana().wrong("code", "code.clock_fast", 65), here, null, null, null, "/u/mfa/other"));
    pages.put(
        "totp-challenge-trust",
        code(ana(), here.trusting(30, false), "Pixel 9", null, null, "/u/mfa/other"));
    pages.put(
        "totp-challenge-trust-wrong",
        code(
            ana().wrong("code", "totp.challenge.wrong"),
            here.trusting(1, true),
            "Pixel 9",
            null,
            null,
            "/u/mfa/other"));
    pages.put(
        "approval-trust",
        new ApprovalPage(
            ana(),
            here.trusting(30, false),
            "push",
            "Pixel 9",
            "42",
            ApprovalPage.State.WAITING,
            2,
            null,
            "/u/mfa/other"));
    pages.put(
        "credential-challenge-trust",
        new CredentialChallengePage(
            ana(), here.trusting(30, false), "passkey", "{}", null, "/u/mfa/other"));
    pages.put(
        "email-challenge",
        new CodeChallengePage(
            ana(), here, "email", null, "a•••@acme.example", 6, true, null, null, null, null));
    pages.put(
        "email-challenge-wrong",
        new CodeChallengePage(
            ana().wrong("code", "email.challenge.wrong"),
            here,
            "email",
            null,
            "a•••@acme.example",
            6,
            true,
            null,
            null,
            2,
            "/u/mfa/other"));
    pages.put(
        "token-challenge",
        new CodeChallengePage(
            ana(), here, "token", "A-10442", null, 6, false, null, null, null, "/u/mfa/other"));
    for (var state : ApprovalPage.State.values()) {
      pages.put(
          "approval-" + state.name().toLowerCase(Locale.ROOT),
          new ApprovalPage(
              ana(),
              here,
              "push",
              state == ApprovalPage.State.ANSWERED ? "Pixel 9" : null,
              "47",
              state,
              2,
              t.text("reason.policy"),
              "/u/mfa/other"));
    }
    pages.put(
        "approver", new ApproverPage(Frame.of(ACME, t, "/approver", "c5rf", ""), "Pixel", "BAx"));
    own(here);
    var asked = t.text("reason.new_device");
    pages.put(
        "passkey-challenge",
        new CredentialChallengePage(ana(), here, "passkey", "{}", asked, "/u/mfa/other"));
    pages.put(
        "passkey-challenge-stopped",
        new CredentialChallengePage(
            ana().saying(Notice.Tone.PROBLEM, "credential.stopped.notallowederror"),
            here,
            "passkey",
            "{}",
            null,
            "/u/mfa/other"));
    pages.put(
        "security-key-challenge",
        new CredentialChallengePage(ana(), here, "security-key", "{}", null, null));
    pages.put(
        "passkey-setup",
        new CredentialSetupPage(ana().step(2, 3), "passkey", "{}", "", "/u/mfa/other"));
    pages.put("sms-challenge", sms(ana()));
    pages.put("sms-challenge-wrong", sms(ana().wrong("code", "sms.challenge.wrong")));
    pages.put(
        "sms-challenge-again", sms(ana().saying(Notice.Tone.SUCCESS, "challenge.sent_again")));
    pages.put(
        "sms-challenge-too-often",
        sms(ana().saying(Notice.Tone.PROBLEM, "unsent.too_often", "14:05")));
    for (var why : List.of("unsent.provider_failed", "unsent.no_channel")) {
      pages.put(
          "sms-" + why.replace('.', '-'),
          new UnsentPage(ana().saying(Notice.Tone.PROBLEM, why), "sms", "/u/mfa/other", "/u/lost"));
    }
    pages.put("backup-code-challenge", backup(ana(), here, null, null));
    pages.put("backup-code-challenge-few", backup(ana(), here, 2, null));
    pages.put("backup-code-challenge-last", backup(ana(), here, 1, null));
    pages.put(
        "backup-code-challenge-wrong",
        backup(ana().wrong("code", "codes.challenge.wrong"), here, 8, 3));
    var used = t.text("account.used", t.ago(NOW.minusSeconds(3 * 86_400), NOW, ZONE));
    pages.put(
        "picker",
        new PickerPage(
            ana(),
            List.of(
                new PickerPage.Choice("a", Icon.PHONE, "Pixel 9", t.text("factor.totp.name"), used),
                new PickerPage.Choice(
                    "b", Icon.PHONE, t.text("factor.totp.name"), t.text("factor.totp.line"), null),
                new PickerPage.Choice(
                    "codes",
                    Icon.SHEET,
                    t.text("factor.codes.name"),
                    t.text("picker.codes_left", 7),
                    null)),
            "/u/lost"));
    pages.put(
        "lost-factor",
        new LostFactorPage(
            ana(),
            "/u/codes",
            true,
            "/u/help",
            "/u/wait",
            t.text("lost.wait_line", 72),
            "/u/mfa/other"));
    pages.put(
        "lost-factor-no-codes",
        new LostFactorPage(ana(), null, false, "/u/help", null, "", "/u/mfa/other"));
    pages.put("wait", new WaitPage(ana(), WaitPage.State.OFFERED, 72, null, null, "/u/lost"));
    pages.put(
        "wait-code",
        new WaitPage(ana(), WaitPage.State.OFFERED, 72, null, "a•••@acme.example", "/u/lost"));
    pages.put(
        "wait-begun",
        new WaitPage(ana(), WaitPage.State.WAITING, 72, "5 March 2026, 10:00", null, "/u/lost"));
    pages.put(
        "wait-over",
        new WaitPage(ana(), WaitPage.State.DUE, 72, "12 March 2026, 10:00", null, "/u/lost"));
    pages.put(
        "wait-no-mail", new WaitPage(ana(), WaitPage.State.NO_MAIL, 0, null, null, "/u/lost"));
    pages.put("help-call", new HelpCallPage(ana(), "483 921", "kemito lubana", "/u/lost"));
    pages.put(
        "help-call-wrong",
        new HelpCallPage(
            ana().wrong("code", "help_call.wrong"), "483 921", "kemito lubana", "/u/lost"));
    pages.put("locked", new LockedPage(ana(), "14:35", "/u/mfa/other", "/u/lost"));
    pages.put("locked-for-good", new LockedPage(ana(), null, null, "/u/lost"));
    pages.put("throttled", new ThrottledPage(ana(), "14:05", 28, "/u/mfa", "/u/mfa/other"));
  }

  private void errors() {
    for (var kind : ErrorPage.Kind.values()) {
      var again =
          kind == ErrorPage.Kind.EXPIRED ? new Link(t.text("error.start_again"), ADDRESS) : null;
      pages.put(
          "error-" + kind.name().toLowerCase(Locale.ROOT),
          new ErrorPage(
              Frame.of(ACME, t, "/u/here", "", ""),
              kind,
              "login_session.expired",
              "01JDC9Y7Q3M8",
              again));
    }
    pages.put(
        "too-many-requests",
        new TooManyRequestsPage(Frame.of(ACME, t, "/", "", ""), "14:05", 90, "01JDC9Y7Q3M8"));
  }

  private void account() {
    var frame = Frame.of(ACME, t, "/account", "c5rf", "").leaving("common.sign_out", "/v2/logout");
    var app = t.text("factor.totp.name");
    var berlin = "Berlin, DE";
    var method =
        new AccountPage.Method(
            "Pixel 9",
            app,
            Icon.PHONE,
            t.date(NOW.minusSeconds(86_400 * 200), ZONE),
            t.ago(NOW.minusSeconds(7200), NOW, ZONE),
            true,
            "/account/methods/1/name",
            "/account/methods/1/remove");
    var token =
        new AccountPage.Method(
            "A-10442",
            t.text("factor.token.name"),
            Icon.KEY,
            t.date(NOW.minusSeconds(86_400 * 20), ZONE),
            null,
            true,
            "/account/methods/2/name",
            null);
    var session = new AccountPage.Session("Firefox, Linux", berlin, t.text("ago.now"), true, null);
    var phone =
        new AccountPage.Session(
            "Chrome, Android", "Porto, PT", t.text("ago.days", 2), false, "/account/sessions/2");
    var events =
        List.of(
            new AccountPage.Event(
                t.text("event.signed_in"),
                "Firefox, Linux, " + berlin,
                t.dateTime(NOW, ZONE),
                false),
            new AccountPage.Event(
                t.text("event.code_replayed"),
                "Chrome, Android, Porto, PT",
                t.dateTime(NOW, ZONE),
                true),
            new AccountPage.Event(
                t.text("event.method_added"), "Pixel 9", t.dateTime(NOW, ZONE), false));
    pages.put(
        "account",
        new AccountPage(
            frame.saying(Notice.Tone.SUCCESS, "account.method_added", "Pixel 9"),
            "ana@acme.example",
            List.of(method, token),
            7,
            List.of(
                new AccountPage.Add(t.text("factor.totp.name"), Icon.PHONE, "/account/set-up/otp")),
            "/account/codes",
            t.date(NOW.minusSeconds(86_400 * 90), ZONE),
            "/account/password",
            List.of(session, phone),
            events,
            "/account/everywhere",
            List.of(
                new AccountPage.First("otp", t.text("factor.totp.name"), true),
                new AccountPage.First("push-notification", t.text("factor.push.name"), false)),
            List.of(
                new AccountPage.Browser(
                    "Firefox, Linux",
                    "203.0.113.7",
                    t.date(NOW.minusSeconds(86_400 * 3), ZONE),
                    t.ago(NOW.minusSeconds(3_600), NOW, ZONE),
                    t.date(NOW.plusSeconds(86_400 * 27), ZONE),
                    true,
                    "/account/browsers/tb_1/forget"),
                new AccountPage.Browser(
                    "Chrome, Android",
                    "2001:db8::7",
                    t.date(NOW.minusSeconds(86_400 * 9), ZONE),
                    t.ago(NOW.minusSeconds(86_400 * 9), NOW, ZONE),
                    t.date(NOW.plusSeconds(86_400 * 21), ZONE),
                    false,
                    "/account/browsers/tb_2/forget"))));
    pages.put(
        "account-unprotected",
        new AccountPage(
            frame,
            "ana@acme.example",
            List.of(),
            null,
            List.of(
                new AccountPage.Add(t.text("factor.totp.name"), Icon.PHONE, "/account/set-up/otp")),
            null,
            null,
            null,
            List.of(session),
            List.of(),
            "/account/everywhere",
            List.of(),
            List.of()));
    var mail =
        new AccountPage.Method(
            t.text("factor.email.name"),
            t.text("factor.email.name"),
            Icon.MAIL,
            t.date(NOW, ZONE),
            t.text("ago.now"),
            false,
            "/account/methods/3/name",
            null);
    pages.put(
        "account-extra",
        new AccountPage(
            frame,
            "ana@acme.example",
            List.of(mail),
            null,
            List.of(
                new AccountPage.Add(t.text("factor.totp.name"), Icon.PHONE, "/account/set-up/otp")),
            null,
            null,
            null,
            List.of(session),
            List.of(),
            "/account/everywhere",
            List.of(),
            List.of()));
    pages.put("change-password", new ChangePasswordPage(frame, "ana@acme.example", 15, "/account"));
    for (var consequence : ConfirmPage.Consequence.values()) {
      pages.put(
          "confirm-removal-" + consequence.name().toLowerCase(Locale.ROOT),
          ConfirmPage.removal(frame, "Pixel 9", consequence, "/account"));
    }
    pages.put("confirm-codes", ConfirmPage.newCodes(frame, 7, "/account"));
    pages.put("not-me", NotMePage.asking(frame, "ana@acme.example", true));
    pages.put("ticket", new TicketPage(frame));
    pages.put("not-me-plain", NotMePage.asking(frame, "ana@acme.example", false));
    pages.put("not-me-done", NotMePage.done(frame, "ana@acme.example", "/u/password/forgot"));
    pages.put("confirm-everywhere", ConfirmPage.everywhere(frame, "/account"));
  }

  private void mails() {
    var to =
        new Letter.Envelope(
            t, "Acme Bank", null, "#0a7d5a", "Ana", "ana@acme.example", "help@acme.example");
    var then =
        new Letter.Circumstances(
            t.dateTime(NOW, ZONE), "Berlin, DE", "Firefox, Linux", "Acme Online Banking");
    var account = "https://acme.example/account";
    letters.put(
        "password-reset",
        Letter.passwordReset(
            to, "https://acme.example/u/reset?ticket=q8Zt4Jm2Vw7Lx1Rk9Pd3Hs6Yb5Nc0Gf", 15, then));
    letters.put(
        "enrolment-ticket",
        Letter.enrolmentTicket(
            to,
            "https://acme.example/mfa/enrollment?ticket=q8Zt4Jm2Vw7Lx1Rk9Pd3Hs6Yb5Nc0GfA",
            5,
            then));
    letters.put("code", Letter.code(to, Secret.of("402117"), 10, "https://acme.example", then));
    var notMe = "https://acme.example/u/not-me?ticket=q8Zt4Jm2Vw7Lx1Rk9Pd3Hs6Yb5Nc0Gf";
    letters.put("method-added", Letter.methodAdded(to, "Pixel 9", then, account, notMe));
    letters.put("method-added-bare", Letter.methodAdded(to, "Pixel 9", then, account, null));
    letters.put("method-removed", Letter.methodRemoved(to, "Pixel 9", then, account, notMe));
    letters.put(
        "method-used-elsewhere", Letter.methodUsedElsewhere(to, "Pixel 9", then, account, notMe));
    letters.put("backup-code-used", Letter.backupCodeUsed(to, 3, then, account));
    letters.put("backup-code-used-last", Letter.backupCodeUsed(to, 0, then, account));
    letters.put("backup-codes-renewed", Letter.backupCodesRenewed(to, then, account));
    letters.put("locked", Letter.locked(to, "Pixel 9", "14:35", then, account));
    letters.put("locked-for-good", Letter.locked(to, "Pixel 9", null, then, account));
    letters.put("password-locked", Letter.passwordLocked(to, "14:35", then, account));
    letters.put("password-locked-for-good", Letter.passwordLocked(to, null, then, account));
    letters.put("factors-reset", Letter.factorsReset(to, then, account, notMe));
    letters.put("access-code-issued", Letter.accessCodeIssued(to, "14:35", then, account, notMe));
    letters.put("access-code-used", Letter.accessCodeUsed(to, then, account, notMe));
    letters.put(
        "recovery-waiting", Letter.recoveryWaiting(to, "14:35", false, then, account, notMe));
    letters.put(
        "recovery-waiting-still", Letter.recoveryWaiting(to, "14:35", true, then, account, notMe));
    letters.put("recovery-cancelled", Letter.recoveryCancelled(to, then, account));
    letters.put("recovery-completed", Letter.recoveryCompleted(to, then, account, notMe));
    letters.put("code-replayed", Letter.codeReplayed(to, "Pixel 9", then, account));
    letters.put("sign-in-disowned", Letter.signInDisowned(to, then, account));
    letters.put("password-changed", Letter.passwordChanged(to, then, account));
  }

  /** Writes everything below the folder named by the first argument; a second one is the tenant's colour. */
  public static void main(String[] arguments) throws IOException {
    var folder = Path.of(arguments[0]);
    var colour = arguments.length > 1 ? arguments[1] : BrandCss.DEFAULT_COLOUR;
    var pages = new Pages();
    for (var language : Messages.LANGUAGES) {
      var out = Files.createDirectories(folder.resolve(language.getLanguage()));
      for (var entry : pages(language).entrySet()) {
        Files.writeString(
            out.resolve(entry.getKey() + ".html"), local(pages.html(entry.getValue())));
      }
      for (var entry : letters(language).entrySet()) {
        Files.writeString(
            out.resolve("mail-" + entry.getKey() + ".html"), pages.html(entry.getValue()));
        Files.writeString(
            out.resolve("mail-" + entry.getKey() + ".txt"), pages.plain(entry.getValue()));
      }
      for (var asset : List.of("app.css", "app.js", "credential.js", "post.js", "message.js")) {
        var url = Assets.url(asset);
        var name = url.substring("/assets/".length());
        Files.createDirectories(out.resolve("assets"));
        Files.write(out.resolve("assets").resolve(name), Assets.find(name).orElseThrow().plain());
      }
      Files.createDirectories(out.resolve("assets/brand"));
      Files.writeString(out.resolve("assets/brand/sample.css"), BrandCss.render(colour));
    }
  }

  /** Files know no root: the assets lie beside them. */
  private static String local(String html) {
    return html.replace("\"/assets/", "\"assets/");
  }
}
