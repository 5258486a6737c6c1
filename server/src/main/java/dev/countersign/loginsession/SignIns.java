package dev.countersign.loginsession;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.proof.Proof;
import dev.countersign.proof.ProofLedger;
import dev.countersign.storage.Digest;
import dev.countersign.storage.Digester;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All sign-ins under way. A sign-in lives for {@link #LIFE} and belongs to the browser that began it. Thread-safe. */
public final class SignIns {
  public static final Duration LIFE = Duration.ofMinutes(60);

  /** How long one lives that its application leads by itself. */
  public static final Duration DIRECT_LIFE = Duration.ofMinutes(10);

  /** Begins the names of the cookies that bind sign-ins to their browser; the sign-in's id follows. */
  public static final String COOKIES = "cs_signin_";

  private static final String PURPOSE = "sign-in browser";

  private final Entropy entropy;
  private final Digester digester;
  private final ProofLedger ledger;
  private final SignInStore store;

  public SignIns(Entropy entropy, Digester digester, Sealer sealer, ProofLedger ledger) {
    this.entropy = entropy;
    this.digester = digester;
    this.ledger = ledger;
    this.store = new SignInStore(sealer);
  }

  /** The cookie that binds this sign-in to its browser. */
  public static String cookie(SignInId id) {
    return COOKIES + id.value();
  }

  /** A sign-in just begun, with the secret for the browser's cookie. */
  public record Begun(SignIn signIn, Secret browser) {}

  /** What came of looking for one. */
  public sealed interface Finding {
    record Found(SignIn signIn) implements Finding {}

    record Unknown() implements Finding {}

    /** It is another browser's. */
    record OtherBrowser() implements Finding {}

    /** Its time is up. Where to begin again is still known. */
    record Expired(SignIn.Destination destination) implements Finding {}

    /**
     * It completed, failed or was cancelled before.
     *
     * @param who whose it was, where it completed
     * @param disowned whether the person said on another device that it was not theirs
     */
    record Over(SignIn.Destination destination, Optional<UserId> who, boolean disowned)
        implements Finding {}
  }

  /**
   * What stands for the cookie of a browser where an application leads the sign-in by itself: no cookie can bear it, so that
   * what the application holds opens no page, and what a browser holds is no handle.
   */
  public static Secret handle(Secret held) {
    return Secret.of("\0" + held.reveal());
  }

  private Digest digest(SignIn.Destination destination, Secret held) {
    return digester.digest(PURPOSE, destination.isDirect() ? handle(held) : held);
  }

  /** A sign-in at its start; not saved yet. */
  public Begun begin(
      TenantId tenant,
      SignIn.Destination destination,
      SignIn.Asked asked,
      SignIn.Notes notes,
      Moment now) {
    var browser = Secret.fresh(entropy, 256);
    var signIn =
        new SignIn(
            tenant,
            SignInId.fresh(entropy),
            0,
            digest(destination, browser),
            destination,
            asked,
            new LoginSession.Pending(Optional.empty()),
            notes,
            now,
            now.plus(destination.isDirect() ? DIRECT_LIFE : LIFE));
    return new Begun(signIn, browser);
  }

  public void insert(Tx tx, SignIn signIn) {
    store.insert(tx, signIn);
  }

  /**
   * Finds a sign-in for the browser that holds this cookie.
   *
   * @param lock whether it is about to be moved: others wait until this transaction ends
   */
  public Finding find(
      Tx tx, TenantId tenant, SignInId id, Optional<Secret> browser, boolean lock, Moment now) {
    return tx.once(new Sought(tenant, id, browser), () -> find(tx, tenant, id, browser, now, lock));
  }

  private record Sought(TenantId tenant, SignInId id, Optional<Secret> browser) {}

  private Finding find(
      Tx tx, TenantId tenant, SignInId id, Optional<Secret> browser, Moment now, boolean lock) {
    var found = store.find(tx, tenant, id, lock);
    if (found.isEmpty()) {
      return new Finding.Unknown();
    }
    var row = found.get();
    if (browser.isEmpty() || !digester.matches(PURPOSE, browser.get(), row.browser())) {
      return new Finding.OtherBrowser();
    }
    var destination = SignInStore.destination(row.document());
    if (row.state().equals("completed") || row.state().equals("failed")) {
      return new Finding.Over(
          destination,
          Optional.ofNullable(row.user()).filter(_ -> row.state().equals("completed")),
          SignInStore.isDisowned(row.document()));
    }
    if (row.state().equals("expired") || now.reached(row.expiresAt())) {
      return new Finding.Expired(destination);
    }
    return new Finding.Found(alive(tx, tenant, row));
  }

  /** One that goes on, locked, for what happens to it from elsewhere than its browser. */
  public Optional<SignIn> hold(Tx tx, TenantId tenant, SignInId id, Moment now) {
    return living(tx, tenant, id, true, now);
  }

  /** The same, only to look at. */
  public Optional<SignIn> look(Tx tx, TenantId tenant, SignInId id, Moment now) {
    return living(tx, tenant, id, false, now);
  }

  /** What the person was about to do in a sign-in to that application, whatever became of it; nothing in one to another. */
  public List<String> acts(Tx tx, TenantId tenant, SignInId id, String application) {
    return store
        .find(tx, tenant, id, false)
        .filter(row -> row.document().application().equals(application))
        .map(row -> SignInStore.asked(row.document()).acts())
        .orElse(List.of());
  }

  private Optional<SignIn> living(Tx tx, TenantId tenant, SignInId id, boolean lock, Moment now) {
    return store
        .find(tx, tenant, id, lock)
        .filter(row -> !List.of("completed", "failed", "expired").contains(row.state()))
        .filter(row -> now.isBefore(row.expiresAt()))
        .map(row -> alive(tx, tenant, row));
  }

  private SignIn alive(Tx tx, TenantId tenant, SignInStore.Stored row) {
    var document = row.document();
    var notes = SignInStore.notes(document);
    return new SignIn(
        tenant,
        row.id(),
        row.version(),
        row.browser(),
        SignInStore.destination(document),
        SignInStore.asked(document),
        state(tx, tenant, row, notes),
        notes,
        row.createdAt(),
        row.expiresAt());
  }

  private LoginSession state(Tx tx, TenantId tenant, SignInStore.Stored row, SignIn.Notes notes) {
    var user = row.user();
    if (user == null) {
      return new LoginSession.Pending(store.claimed(tenant, row));
    }
    var soFar = new LoginSession.Authenticated(user, counted(tx, tenant, row.id(), notes, user));
    var owed = row.document().owed();
    return owed == null
        ? soFar
        : new LoginSession.AwaitingMfa(soFar, SignInStore.demand(owed), owed.because());
  }

  /** All proofs of this person that count in a sign-in: its own, and those of the session that it goes on from. */
  public List<Proof> counted(Tx tx, SignIn signIn, UserId user) {
    return counted(tx, signIn.tenant(), signIn.id(), signIn.notes(), user);
  }

  private List<Proof> counted(
      Tx tx, TenantId tenant, SignInId id, SignIn.Notes notes, UserId user) {
    List<SignInId> counted = new ArrayList<>(notes.earlier());
    counted.add(id);
    return ledger.of(tx, tenant, counted, id).stream()
        .filter(proof -> proof.user().equals(user))
        .toList();
  }

  /** Saves a move; false when somebody else moved it since it was read. */
  public boolean save(Tx tx, SignIn moved) {
    return store.update(tx, moved);
  }

  /** A fresh secret for the browser, and the sign-in bound to it: done at every rise, so that a planted cookie gains nothing. */
  public Begun rotate(SignIn signIn) {
    var browser = Secret.fresh(entropy, 256);
    return new Begun(signIn.withBrowser(digest(signIn.destination(), browser)), browser);
  }

  /** Those of a person that wait for a second proof, in any browser; the newest first. */
  public List<SignInId> challenged(Tx tx, TenantId tenant, UserId user, Moment now) {
    return store.challenged(tx, tenant, user, now);
  }

  /** Ends what a person has under way in any browser: it began with a password that is none any more. */
  public int endUnfinished(Tx tx, TenantId tenant, UserId user) {
    return store.endUnfinished(tx, tenant, user);
  }

  /** The same, but for this one. */
  public int endUnfinishedBut(Tx tx, TenantId tenant, UserId user, SignInId kept) {
    return store.endUnfinishedBut(tx, tenant, user, kept);
  }

  /** Removes sign-ins that ended before this time, at most {@code most} rows; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment before, int most) {
    return store.deleteExpired(tx, tenant, before, most);
  }
}
