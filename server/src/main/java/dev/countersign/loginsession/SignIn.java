package dev.countersign.loginsession;

import dev.countersign.enforcement.Level;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.Transaction;
import dev.countersign.risk.Finding;
import dev.countersign.storage.Digest;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One sign-in: its state, who asked for it, and to which browser it belongs. A value; changes are saved by {@link
 * SignIns#save}.
 *
 * @param version the row's version, for compare-and-set
 * @param browser digest of the cookie of the browser that began it
 */
public record SignIn(
    TenantId tenant,
    SignInId id,
    long version,
    Digest browser,
    Destination destination,
    Asked asked,
    LoginSession state,
    Notes notes,
    Moment createdAt,
    Moment expiresAt) {

  /**
   * Where the person goes when signed in.
   *
   * @param application the client id, or {@code account} for our own security page
   * @param onward what the destination needs to go on, in its own form
   */
  public record Destination(ClientId application, String onward) {
    /** Stands for our own security page where an application's id is wanted. */
    public static final ClientId ACCOUNT = new ClientId("account");

    public boolean isAccount() {
      return application.equals(ACCOUNT);
    }

    private static final String DIRECT = "direct ";

    /**
     * Where an application asks its person itself and shows no page of ours: the tokens of this request are what it comes for.
     */
    public static Destination direct(ClientId application, String request) {
      return new Destination(application, DIRECT + request);
    }

    public boolean isDirect() {
      return onward.startsWith(DIRECT);
    }

    /** What the application asked for, in its own form. */
    public String request() {
      return onward.substring(DIRECT.length());
    }
  }

  /**
   * What the application asked for.
   *
   * @param level the least assurance level; {@link Level#NONE} when it named none
   * @param acr the {@code acr} value by which it asked, to be answered in the same words
   * @param loginHint a name to begin with
   * @param locales languages in order of preference, as {@code ui_locales} has them
   * @param interactive whether a person may be asked for anything; false for {@code prompt=none}
   * @param guarded whether it is for changing factors, so that whoever has one proves it, whatever the policy
   * @param acts what the person is about to do, in the words that {@link dev.countersign.enforcement.StepUp}s know
   * @param transaction what the person is to approve; null where there is nothing
   */
  public record Asked(
      Level level,
      @Nullable String acr,
      @Nullable Moment firstProofAfter,
      @Nullable Moment secondProofAfter,
      @Nullable String loginHint,
      @Nullable String locales,
      boolean interactive,
      boolean guarded,
      List<String> acts,
      @Nullable Transaction transaction) {
    public Asked {
      acts = List.copyOf(acts);
    }

    /** For anything but changing factors. */
    public Asked(
        Level level,
        @Nullable String acr,
        @Nullable Moment firstProofAfter,
        @Nullable Moment secondProofAfter,
        @Nullable String loginHint,
        @Nullable String locales,
        boolean interactive) {
      this(
          level,
          acr,
          firstProofAfter,
          secondProofAfter,
          loginHint,
          locales,
          interactive,
          false,
          List.of(),
          null);
    }

    public static final Asked NOTHING = new Asked(Level.NONE, null, null, null, null, null, true);

    /** The same, but second proofs from before this moment do not count. */
    public Asked withFreshSecondProof(Moment after) {
      return with(it -> it.secondProofAfter = after);
    }

    /** The same for somebody who is to approve this. */
    public Asked approving(@Nullable Transaction what) {
      return with(it -> it.transaction = what);
    }

    /** The same for changing factors: with proofs of both kinds since these moments, as far as the person has them. */
    public Asked guarding(Moment first, Moment second) {
      return with(it -> {
        it.firstProofAfter =
            firstProofAfter == null || firstProofAfter.isBefore(first) ? first : firstProofAfter;
        it.secondProofAfter = second;
        it.guarded = true;
      });
    }

    /** The same for who is about to do this. */
    public Asked before(List<String> doing) {
      return with(it -> it.acts = doing);
    }

    private Asked with(Consumer<Asking> edit) {
      var draft = new Asking();
      edit.accept(draft);
      return new Asked(
          level,
          acr,
          draft.firstProofAfter,
          draft.secondProofAfter,
          loginHint,
          locales,
          interactive,
          draft.guarded,
          draft.acts,
          draft.transaction);
    }

    /** What of it changes, while it does. */
    private final class Asking {
      private @Nullable Moment firstProofAfter = Asked.this.firstProofAfter;
      private @Nullable Moment secondProofAfter = Asked.this.secondProofAfter;
      private boolean guarded = Asked.this.guarded;
      private List<String> acts = Asked.this.acts;
      private @Nullable Transaction transaction = Asked.this.transaction;
    }
  }

  /**
   * What is noteworthy about a sign-in: found out once, when the first proof is there.
   *
   * @param country where it comes from; null where that is not known
   * @param key the thumbprint of the key that its browser holds; empty when it showed none; null where it could not be asked
   */
  public record Assessed(List<Finding> findings, @Nullable String country, @Nullable String key) {
    public Assessed {
      findings = List.copyOf(findings);
    }
  }

  /**
   * What the sign-in remembers between its pages.
   *
   * @param session the single sign-on session that it goes on from, if any
   * @param earlier sign-ins of that session whose proofs count
   * @param declined whether 'not now' was said
   * @param settingUp the factor that is being set up
   * @param keysTried how many answers of keys came as a first proof; each ends the questions put until then
   * @param asked which factor an application asked for last, where the answer does not tell which it is of
   * @param trusting whether the browser is to be trusted when its person, who was sent elsewhere, comes back with a right answer
   * @param invitation the ticket that it began with, until it is used; null of most
   * @param assessed what is noteworthy about it; null until the first proof is there
   * @param recovering by what somebody who lost every factor may set up a new one here; null of most
   */
  public record Notes(
      @Nullable SessionId session,
      List<SignInId> earlier,
      boolean declined,
      @Nullable EnrolmentId settingUp,
      int keysTried,
      @Nullable FactorId asked,
      boolean trusting,
      @Nullable Invitation invitation,
      @Nullable Assessed assessed,
      @Nullable Recovering recovering) {
    public static final Notes NONE =
        new Notes(null, List.of(), false, null, 0, null, false, null, null, null);

    public Notes {
      earlier = List.copyOf(earlier);
    }

    /** Going on from a session. */
    public static Notes goingOn(SessionId session, List<SignInId> earlier, boolean declined) {
      return new Notes(session, earlier, declined, null, 0, null, false, null, null, null);
    }

    /** For another name: the session is still known, so that it can be replaced, but nothing in it counts. */
    public Notes startingOver() {
      return new Notes(
          session, List.of(), false, null, keysTried, null, false, invitation, null, null);
    }

    /** The session has ended: it is neither counted on nor replaced. */
    Notes withoutSession() {
      return with(it -> {
        it.session = null;
        it.earlier = List.of();
      });
    }

    public Notes decliningInvitation() {
      return with(it -> it.declined = true);
    }

    public Notes settingUp(@Nullable EnrolmentId enrolment) {
      return with(it -> it.settingUp = enrolment);
    }

    public Notes trusting(boolean wanted) {
      return with(it -> it.trusting = wanted);
    }

    public Notes keyTried() {
      return with(it -> it.keysTried++);
    }

    public Notes asking(FactorId factor) {
      return with(it -> it.asked = factor);
    }

    /** Beginning with this ticket, or having used it. */
    public Notes invited(@Nullable Invitation by) {
      return with(it -> it.invitation = by);
    }

    /** Being on a way back in, or having come to its end. */
    public Notes recovering(@Nullable Recovering by) {
      return with(it -> it.recovering = by);
    }

    public Notes assessed(Assessed by) {
      return with(it -> it.assessed = by);
    }

    private Notes with(Consumer<Noting> edit) {
      var draft = new Noting();
      edit.accept(draft);
      return new Notes(
          draft.session,
          draft.earlier,
          draft.declined,
          draft.settingUp,
          draft.keysTried,
          draft.asked,
          draft.trusting,
          draft.invitation,
          draft.assessed,
          draft.recovering);
    }

    /** What is noted, while that changes. */
    private final class Noting {
      private @Nullable SessionId session = Notes.this.session;
      private List<SignInId> earlier = Notes.this.earlier;
      private boolean declined = Notes.this.declined;
      private @Nullable EnrolmentId settingUp = Notes.this.settingUp;
      private int keysTried = Notes.this.keysTried;
      private @Nullable FactorId asked = Notes.this.asked;
      private boolean trusting = Notes.this.trusting;
      private @Nullable Invitation invitation = Notes.this.invitation;
      private @Nullable Assessed assessed = Notes.this.assessed;
      private @Nullable Recovering recovering = Notes.this.recovering;
    }
  }

  /** A way back in for somebody who lost every factor. It proves nothing; it opens the setting up of a new one. */
  public enum Recovering {
    BY_ACCESS_CODE,
    BY_WAITING
  }

  public SignIn withState(LoginSession changed) {
    return new SignIn(
        tenant, id, version, browser, destination, asked, changed, notes, createdAt, expiresAt);
  }

  public SignIn withNotes(Notes changed) {
    return new SignIn(
        tenant, id, version, browser, destination, asked, state, changed, createdAt, expiresAt);
  }

  SignIn withBrowser(Digest changed) {
    return new SignIn(
        tenant, id, version, changed, destination, asked, state, notes, createdAt, expiresAt);
  }

  SignIn saved() {
    return new SignIn(
        tenant, id, version + 1, browser, destination, asked, state, notes, createdAt, expiresAt);
  }

  /** The person, once the first proof is there. */
  public Optional<dev.countersign.kernel.UserId> who() {
    return switch (state) {
      case LoginSession.Authenticated soFar -> Optional.of(soFar.who());
      case LoginSession.AwaitingMfa waiting -> Optional.of(waiting.soFar().who());
      case Completed completed -> Optional.of(completed.who());
      case LoginSession.Pending _, LoginSession.Ended _ -> Optional.empty();
    };
  }
}
