package dev.countersign.session;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.Completed;
import dev.countersign.loginsession.SignIn;
import dev.countersign.proof.Proof;
import dev.countersign.storage.Digester;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All single sign-on sessions. A session ends by the tenant's overall and idle limits, neither longer than SP 800-63B-4
 * section 2.1.3 advises for the first assurance level; that a second proof in it grows stale sooner is enforcement's to
 * say. The limits are the server's, whatever the cookie says. Thread-safe.
 */
public final class Sessions {
  /** The cookie that opens a session. */
  public static final String COOKIE = "cs_session";

  /** After this much quiet a second proof of the session no longer counts (SP 800-63B-4 section 2.2.3). */
  public static final Duration SECOND_PROOF_IDLE = Duration.ofHours(1);

  /** How far {@code seen_at} may lag behind, so that not every request has to write. */
  private static final Duration SEEN_STEP = Duration.ofMinutes(1);

  private static final Duration REMEMBERED = Duration.ofDays(30);
  private static final String PURPOSE = "session cookie";

  private final Entropy entropy;
  private final Digester digester;
  private final Tenants tenants;
  private final SessionStore store = new SessionStore();

  public Sessions(Entropy entropy, Digester digester, Tenants tenants) {
    this.entropy = entropy;
    this.digester = digester;
    this.tenants = tenants;
  }

  /** A session with the new secret for its cookie. */
  public record Opened(Session session, Secret cookie) {}

  /** The living session that this cookie opens. */
  public Optional<Session> find(Tx tx, TenantId tenant, Optional<Secret> cookie, Moment now) {
    return cookie
        .flatMap(secret ->
            digester.candidates(PURPOSE, secret).stream()
                .flatMap(digest -> store.byCookie(tx, tenant, digest).stream())
                .findFirst())
        .filter(it -> isAlive(tenant, it, now));
  }

  public Optional<Session> find(Tx tx, TenantId tenant, SessionId id, Moment now) {
    return store
        .find(tx, tenant, id)
        .filter(it -> it.endedAt().isEmpty() && isAlive(tenant, it, now));
  }

  /** Whether somebody ended it, as opposed to its time being up; one that is not there counts as ended. */
  public boolean wasEnded(Tx tx, TenantId tenant, SessionId id) {
    return store.find(tx, tenant, id).filter(it -> it.endedAt().isEmpty()).isEmpty();
  }

  /** Whether this session is alive and stays so until this transaction ends. */
  public boolean holds(Tx tx, TenantId tenant, SessionId id, Moment now) {
    return store
        .hold(tx, tenant, id)
        .filter(it -> it.endedAt().isEmpty() && isAlive(tenant, it, now))
        .isPresent();
  }

  /** From when on second proofs count that were given in this session; null when all do. */
  public static @Nullable Moment secondProofsAfter(Session it, Moment now) {
    return now.since(it.seenAt()).compareTo(SECOND_PROOF_IDLE) >= 0 ? now : it.secondProofsAfter();
  }

  private boolean isAlive(TenantId tenant, Session it, Moment now) {
    var settings = tenants.get(tenant).settings();
    return !now.reached(it.createdAt().plus(Duration.ofSeconds(settings.sessionSeconds())))
        && !now.reached(it.seenAt().plus(Duration.ofSeconds(settings.idleSeconds())));
  }

  /** Notes that it was used. If that was after a quiet time, the second proofs in it count no more. */
  public void seen(Tx tx, TenantId tenant, Session it, Moment now) {
    if (now.since(it.seenAt()).compareTo(SEEN_STEP) >= 0) {
      store.seen(tx, tenant, it.id(), now.minus(SECOND_PROOF_IDLE), now);
    }
  }

  /** Opens a session for a completed sign-in, or raises the one that it went on from; the cookie is new either way. */
  public Opened open(Tx tx, SignIn signIn, Completed completed, Occasion occasion) {
    var tenant = signIn.tenant();
    var now = occasion.at();
    var cookie = Secret.fresh(entropy, 256);
    var digest = digester.digest(PURPOSE, cookie);
    var from = signIn.notes().session();
    var before = from == null ? Optional.<Session>empty() : find(tx, tenant, from, now);
    if (before.isPresent() && before.get().user().equals(completed.who())) {
      var raised = raised(before.get(), signIn, completed, occasion);
      if (store.update(tx, tenant, raised, digest)) {
        return new Opened(raised, cookie);
      }
    }
    before.ifPresent(other -> store.end(tx, tenant, other.id(), now));
    var session =
        new Session(
            SessionId.fresh(entropy),
            completed.who(),
            restsOn(completed),
            completed.level(),
            applications(Set.of(), signIn),
            signIn.notes().declined(),
            occasion.address(),
            occasion.userAgent(),
            now,
            completed.authenticatedAt(),
            now,
            signIn.asked().secondProofAfter(),
            Optional.empty());
    store.insert(tx, tenant, session, digest);
    return new Opened(session, cookie);
  }

  private static Session raised(
      Session before, SignIn signIn, Completed completed, Occasion occasion) {
    return new Session(
        before.id(),
        before.user(),
        restsOn(completed),
        completed.level(),
        applications(before.applications(), signIn),
        before.declined() || signIn.notes().declined(),
        occasion.address(),
        occasion.userAgent(),
        before.createdAt(),
        completed.authenticatedAt(),
        occasion.at(),
        signIn.asked().secondProofAfter(),
        Optional.empty());
  }

  private static List<SignInId> restsOn(Completed completed) {
    var all = new LinkedHashSet<SignInId>();
    completed.proofs().stream().map(Proof::signIn).forEach(all::add);
    return List.copyOf(all);
  }

  private static Set<String> applications(Set<String> before, SignIn signIn) {
    var all = new TreeSet<>(before);
    all.add(signIn.destination().application().value());
    return all;
  }

  public List<Session> of(Tx tx, TenantId tenant, UserId user, Moment now) {
    return store.of(tx, tenant, user).stream().filter(it -> isAlive(tenant, it, now)).toList();
  }

  public boolean end(Tx tx, TenantId tenant, SessionId id, Moment now) {
    return store.end(tx, tenant, id, now);
  }

  /** Ends all sessions of a person: sign-out everywhere, a changed password, a blocked account. */
  public int endAll(Tx tx, TenantId tenant, UserId user, Moment now) {
    return store.endAll(tx, tenant, user, now);
  }

  /** Ends all sessions of a person but one: the one in which they ask for it. */
  public int endAllBut(Tx tx, TenantId tenant, UserId user, SessionId kept, Moment now) {
    return store.endAllBut(tx, tenant, user, kept, now);
  }

  /** Removes sessions a month after the last moment at which they can have been alive, at most {@code most}; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment now, int most) {
    var longest = Duration.ofSeconds(tenants.get(tenant).settings().sessionSeconds());
    return store.deleteBegunBefore(tx, tenant, now.minus(longest).minus(REMEMBERED), now, most);
  }
}
