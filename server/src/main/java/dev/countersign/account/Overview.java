package dev.countersign.account;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enrolment.CodeSets;
import dev.countersign.enrolment.OwnFactors;
import dev.countersign.factor.Catalogue;
import dev.countersign.factor.Discoverable;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Habits;
import dev.countersign.factor.Scenes;
import dev.countersign.factor.Signal;
import dev.countersign.hosted.BrowserName;
import dev.countersign.hosted.FactorLook;
import dev.countersign.hosted.Frames;
import dev.countersign.hosted.Reader;
import dev.countersign.hosted.TrustCookies;
import dev.countersign.hosted.view.AccountPage;
import dev.countersign.hosted.view.BrowserSignal;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.Notice;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.loginsession.SignIn;
import dev.countersign.newpassword.ChangePassword;
import dev.countersign.session.Session;
import dev.countersign.session.Sessions;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.signin.password.Passwords;
import dev.countersign.stepup.Freshness;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The first page: how the account is protected, where it is signed in, and what happened lately. Thread-safe. */
public final class Overview {
  private static final int EVENTS = 12;

  /** How far back is looked for events that have words on this page. */
  private static final int LOOKED_AT = 100;

  /** What is worth telling the person, and by which words. */
  private static final Map<AuditType, String> WORDS =
      Map.ofEntries(
          Map.entry(AuditType.SIGNED_IN, "event.signed_in"),
          Map.entry(AuditType.SIGN_IN_FAILED, "event.sign_in_failed"),
          Map.entry(AuditType.MFA_FAILED, "event.code_refused"),
          Map.entry(AuditType.FACTOR_REMOVED, "event.method_removed"),
          Map.entry(AuditType.FACTOR_ADMIN_RESET, "event.method_removed"),
          Map.entry(AuditType.FACTOR_DISABLED, "event.locked"),
          Map.entry(AuditType.BACKUP_CODES_REGENERATED, "event.codes_made"),
          Map.entry(AuditType.BACKUP_CODE_USED, "event.backup_code_used"),
          Map.entry(AuditType.PASSWORD_CHANGED, "event.password_changed"),
          Map.entry(AuditType.PASSWORD_RESET_REQUESTED, "event.password_reset_asked"),
          Map.entry(AuditType.USER_LOCKED, "event.locked"),
          Map.entry(AuditType.SIGNED_OUT, "event.signed_out"),
          Map.entry(AuditType.SESSION_ENDED, "event.signed_out"),
          Map.entry(AuditType.BROWSER_TRUSTED, "event.browser_trusted"),
          Map.entry(AuditType.FACTOR_USED_ELSEWHERE, "event.used_elsewhere"),
          Map.entry(AuditType.REPORTED_NOT_ME, "event.reported_not_me"),
          Map.entry(AuditType.ACCESS_CODE_ISSUED, "event.access_code_issued"),
          Map.entry(AuditType.ACCESS_CODE_USED, "event.access_code_used"),
          Map.entry(AuditType.RECOVERY_STARTED, "event.recovery_started"),
          Map.entry(AuditType.RECOVERY_CANCELLED, "event.recovery_cancelled"),
          Map.entry(AuditType.RECOVERY_COMPLETED, "event.recovery_completed"));

  private static final Set<String> ALARMING =
      Set.of("event.code_replayed", "event.locked", "event.reported_not_me");

  /** Messages about a change that was just made, by the word in the query. */
  private static final Set<String> DONE =
      Set.of(
          "codes_renewed",
          "invited",
          "session_ended",
          "sessions_ended",
          "password_saved",
          "first_saved",
          "browser_forgotten",
          "browsers_forgotten");

  private static final Set<String> DONE_TO_METHOD = Set.of("method_added", "method_removed");

  private final Frames frames;
  private final Database database;
  private final Sessions sessions;
  private final Freshness freshness;
  private final People people;
  private final Passwords passwords;
  private final Factors factors;
  private final Enrolments enrolments;
  private final CodeSets codeSets;
  private final OwnFactors ownFactors;
  private final Scenes scenes;
  private final Audit audit;
  private final TrustedBrowsers trustedBrowsers;
  private final Habits habits;

  public Overview(
      Frames frames,
      Database database,
      Sessions sessions,
      Freshness freshness,
      People people,
      Passwords passwords,
      Factors factors,
      Enrolments enrolments,
      CodeSets codeSets,
      OwnFactors ownFactors,
      Scenes scenes,
      Audit audit,
      TrustedBrowsers trustedBrowsers,
      Habits habits) {
    this.frames = frames;
    this.database = database;
    this.sessions = sessions;
    this.freshness = freshness;
    this.people = people;
    this.passwords = passwords;
    this.factors = factors;
    this.enrolments = enrolments;
    this.codeSets = codeSets;
    this.ownFactors = ownFactors;
    this.scenes = scenes;
    this.audit = audit;
    this.trustedBrowsers = trustedBrowsers;
    this.habits = habits;
  }

  sealed interface Look {
    record Shown(AccountPage page) implements Look {}

    /** What has to be proven before anything is shown. */
    record SignInFirst(SignIn.Asked asked) implements Look {}
  }

  Look look(Request request, Optional<Secret> cookie, Frame frame) {
    var tenant = request.site().tenant();
    return database.write(tx -> {
      var session = sessions.find(tx, tenant, cookie, request.at());
      if (session.isEmpty()) {
        return new Look.SignInFirst(SignIn.Asked.NOTHING);
      }
      var missing = freshness.missingToLook(tx, tenant, session.get(), request.at());
      if (missing.isPresent()) {
        return new Look.SignInFirst(missing.get());
      }
      sessions.seen(tx, tenant, session.get(), request.at());
      return new Look.Shown(page(tx, request, session.get(), frame));
    });
  }

  /** What has to be proven before anything is shown; nothing when the session will do. */
  Optional<SignIn.Asked> missingToLook(Request request, Optional<Secret> cookie) {
    var tenant = request.site().tenant();
    return database.read(tx -> {
      var session = sessions.find(tx, tenant, cookie, request.at());
      return session.isEmpty()
          ? Optional.of(SignIn.Asked.NOTHING)
          : freshness.missingToLook(tx, tenant, session.get(), request.at());
    });
  }

  /** Who comes to change their password. */
  sealed interface Admission {
    record Admitted(ChangePassword.Whose whose, Person person) implements Admission {}

    record SignInFirst(SignIn.Asked asked) implements Admission {}
  }

  Admission admitToPassword(Request request, Optional<Secret> cookie) {
    var tenant = request.site().tenant();
    return database.read(tx -> {
      var session = sessions.find(tx, tenant, cookie, request.at());
      if (session.isEmpty()) {
        return new Admission.SignInFirst(SignIn.Asked.NOTHING);
      }
      var it = session.get();
      return freshness
          .missingToChangePassword(tx, tenant, it, request.at())
          .<Admission>map(Admission.SignInFirst::new)
          .orElseGet(() ->
              new Admission.Admitted(
                  new ChangePassword.Whose(tenant, it.user(), it.id()),
                  people.find(tx, tenant, it.user()).orElseThrow()));
    });
  }

  /** The name by which the person whose session this is knows their account. */
  String label(Request request, Optional<Secret> cookie) {
    var tenant = request.site().tenant();
    return database.read(tx ->
        sessions
            .find(tx, tenant, cookie, request.at())
            .flatMap(session -> people.find(tx, tenant, session.user()))
            .map(Person::label)
            .orElse(""));
  }

  private AccountPage page(Tx tx, Request request, Session session, Frame frame) {
    var tenant = request.site().tenant();
    var user = session.user();
    var reader = frames.reader(request, null);
    var history = enrolments.history(tx, tenant, user);
    var mine =
        history.stream()
            .filter(it ->
                it.state() == Enrolment.State.ACTIVE
                    && !factors.of(tenant).profile(it.factor()).recovers())
            .toList();
    var offered = ownFactors.offered(tx, tenant, session, request.at());
    var adds =
        offered.stream()
            .filter(factor ->
                mine.stream().filter(it -> it.factor().equals(factor)).count()
                    < factors.of(tenant).profile(factor).perPerson())
            .map(factor -> add(factors.of(tenant), factor, frame))
            .toList();
    var password = passwords.find(tx, tenant, user);
    var codes = codeSets.left(tx, tenant, user, request.at());
    return new AccountPage(
        told(request, frame, history),
        people.find(tx, tenant, user).map(Person::label).orElse(""),
        mine.stream().map(it -> method(factors.of(tenant), it, reader)).toList(),
        codes.orElse(null),
        adds,
        mine.stream().noneMatch(it -> factors.of(tenant).profile(it.factor()).protects())
            ? null
            : "/account/codes",
        password.map(kept -> reader.date(kept.changedAt())).orElse(null),
        password.map(_ -> "/account/password").orElse(null),
        Stream.concat(
                Stream.of(session),
                sessions.of(tx, tenant, user, request.at()).stream()
                    .filter(it -> !it.id().equals(session.id())))
            .map(it -> line(it, it.id().equals(session.id()), reader))
            .toList(),
        events(tx, request, session, reader),
        "/account/everywhere",
        firsts(tx, session, tenant, mine, frame),
        browsers(tx, request, session, reader),
        people
            .find(tx, tenant, user)
            .map(person -> signals(tx, request, person, history))
            .orElse(List.of()));
  }

  /** A choice there is only between methods of different kinds that mean more than a password. */
  private List<AccountPage.First> firsts(
      Tx tx, Session session, TenantId tenant, List<Enrolment> mine, Frame frame) {
    var kinds =
        mine.stream()
            .map(it -> factors.of(tenant).profile(it.factor()))
            .filter(FactorProfile::protects)
            .distinct()
            .toList();
    if (kinds.size() < 2) {
      return List.of();
    }
    var chosen = habits.first(tx, tenant, session.user());
    return kinds.stream()
        .map(kind ->
            new AccountPage.First(
                kind.id().value(),
                frame.text().text(FactorLook.of(kind).nameKey()),
                chosen.equals(Optional.of(kind.id()))))
        .toList();
  }

  private List<AccountPage.Browser> browsers(
      Tx tx, Request request, Session session, Reader reader) {
    var tenant = request.site().tenant();
    var all = trustedBrowsers.of(tx, tenant, session.user(), request.at());
    var here =
        all.isEmpty()
            ? List.<String>of()
            : trustedBrowsers.shownBy(tx, tenant, session.user(), TrustCookies.of(request));
    return all.stream()
        .map(it ->
            new AccountPage.Browser(
                browser(it.userAgent(), reader),
                it.address(),
                reader.date(it.createdAt()),
                reader.ago(it.usedAt()),
                reader.date(it.expiresAt()),
                here.contains(it.id()),
                "/account/browsers/" + it.id() + "/forget"))
        .toList();
  }

  /** What the browser may know of the keys of whoever had some: which there are, and what their owner is called. */
  private List<BrowserSignal> signals(
      Tx tx, Request request, Person person, List<Enrolment> history) {
    var tenant = request.site().tenant();
    List<Signal.Keys> keys = new ArrayList<>();
    for (var factor : factors.of(tenant).inOrder()) {
      var id = factor.profile().id();
      var theirs =
          history.stream()
              .filter(it -> it.factor().equals(id) && it.state() != Enrolment.State.PENDING)
              .toList();
      if (factor instanceof Discoverable discoverable && !theirs.isEmpty()) {
        var standing = theirs.stream().filter(it -> it.state() != Enrolment.State.REMOVED).toList();
        keys.addAll(
            discoverable.keys(
                scenes.of(tx, tenant, person, id, request.occasion()).having(standing)));
      }
    }
    return Signal.all(keys, person.label()).stream()
        .map(signal -> new BrowserSignal(signal.method(), signal.options()))
        .toList();
  }

  private static AccountPage.Add add(Catalogue factors, FactorId factor, Frame frame) {
    var look = FactorLook.of(factors.profile(factor));
    return new AccountPage.Add(
        frame.text().text(look.nameKey()), look.icon(), "/account/set-up/" + factor.value());
  }

  /** Says what was just done. */
  private Frame told(Request request, Frame frame, List<Enrolment> history) {
    var done = request.query().text("done");
    if (DONE.contains(done)) {
      return frame.saying(Notice.Tone.SUCCESS, "account." + done);
    }
    if (done.equals("codes_outdated")) {
      return frame.saying(Notice.Tone.PROBLEM, "codes.outdated");
    }
    if (!DONE_TO_METHOD.contains(done)) {
      return frame;
    }
    var method = request.query().text("method");
    return history.stream()
        .filter(it -> it.id().value().equals(method))
        .findFirst()
        .map(it ->
            frame.saying(
                Notice.Tone.SUCCESS,
                "account." + done,
                name(factors.of(request.site().tenant()), it, frame)))
        .orElse(frame);
  }

  private static String name(Catalogue factors, Enrolment it, Frame frame) {
    return it.name().isEmpty()
        ? frame.text().text(FactorLook.of(factors.profile(it.factor())).nameKey())
        : it.name();
  }

  private static AccountPage.Method method(Catalogue factors, Enrolment it, Reader reader) {
    var look = FactorLook.of(factors.profile(it.factor()));
    var kind = reader.text().text(look.nameKey());
    var path = "/account/methods/" + it.id().value();
    return new AccountPage.Method(
        it.name().isEmpty() ? kind : it.name(),
        kind,
        look.icon(),
        reader.date(it.confirmedAt().orElse(it.createdAt())),
        it.lastUsedAt().map(reader::ago).orElse(null),
        factors.profile(it.factor()).protects(),
        path + "/name",
        factors.profile(it.factor()).audience() == FactorProfile.Audience.EVERYONE
            ? path + "/remove"
            : null);
  }

  private static AccountPage.Session line(Session it, boolean current, Reader reader) {
    return new AccountPage.Session(
        browser(it.userAgent(), reader),
        it.address(),
        reader.ago(it.seenAt()),
        current,
        current ? null : "/account/sessions/" + it.id().value() + "/end");
  }

  private static String browser(String userAgent, Reader reader) {
    var name = BrowserName.of(userAgent);
    return name == null ? reader.text().text("account.unknown_browser") : name;
  }

  private List<AccountPage.Event> events(Tx tx, Request request, Session session, Reader reader) {
    return audit
        .newestFirst(tx, request.site().tenant(), Audit.Filter.about(session.user()), 0, LOOKED_AT)
        .stream()
        .map(event -> event(factors.of(request.site().tenant()), event, reader))
        .flatMap(Optional::stream)
        .limit(EVENTS)
        .toList();
  }

  private static Optional<AccountPage.Event> event(
      Catalogue factors, AuditEvent event, Reader reader) {
    var key = words(factors, event);
    if (key == null) {
      return Optional.empty();
    }
    var detail =
        Stream.of(
                Optional.ofNullable(BrowserName.of(event.userAgent())),
                Optional.of(event.address()).filter(it -> !it.isEmpty()))
            .flatMap(Optional::stream)
            .collect(Collectors.joining(", "));
    return Optional.of(
        new AccountPage.Event(
            reader.text().text(key),
            detail,
            reader.dateTime(event.occurredAt()),
            ALARMING.contains(key)));
  }

  private static @Nullable String words(Catalogue factors, AuditEvent event) {
    var reason = event.details().getOrDefault("reason", "");
    if (event.type() == AuditType.SIGN_IN_FAILED && reason.equals("cancelled")) {
      return null;
    }
    if (event.type() == AuditType.MFA_FAILED && reason.equals("code_reused")) {
      return "event.code_replayed";
    }
    if (event.type() == AuditType.FACTOR_ENROLLED) {
      var factor = event.details().getOrDefault("factor", "");
      return factors.known().stream()
          .filter(it -> it.id().value().equals(factor) && !it.protects())
          .findFirst()
          .map(it -> it.recovers() ? "event.codes_made" : "event.extra_added")
          .orElse("event.method_added");
    }
    return WORDS.get(event.type());
  }
}
