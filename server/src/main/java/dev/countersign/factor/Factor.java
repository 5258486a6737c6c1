package dev.countersign.factor;

import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Secret;
import dev.countersign.proof.Claim;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One way to give a second proof. A factor sees values only: no HTTP, no database, no clock, no other factor. None of its
 * methods that may compute or ask for long runs within a transaction, so that it holds nobody up. Stateless and
 * thread-safe.
 *
 * <p>What a factor keeps between question and answer is a memo, in its own form: the server seals it, binds it to person,
 * sign-in and purpose, and sees to it that it is answered once. What a factor keeps of an enrolment is a document, sealed
 * as well.
 */
public interface Factor {
  FactorProfile profile();

  /** Whether this person could use it at all, whatever the policy. */
  default boolean suits(Holder holder) {
    return true;
  }

  /** Whether it was given up: nobody can set it up or answer it any more. */
  default boolean isGivenUp() {
    return false;
  }

  /** What is kept of it for people who have it without setting it up; empty where it has to be set up. */
  default Optional<Secret> forEverybody() {
    return Optional.empty();
  }

  /** What a tenant has set for it, completed by what is usual, by the names of the Management API. */
  default Map<String, Object> inForce(String document) {
    return Map.of();
  }

  /**
   * What the Management API may show of an active one beside its name, by the names there, such as where codes go; masked.
   */
  default Map<String, Object> shown(Enrolment enrolment) {
    return Map.of();
  }

  /** How an application asks for it by itself; nothing of one that is answered on pages only. */
  default Optional<MfaMethod> mfaMethod() {
    return Optional.empty();
  }

  /** Whether a person can set it up, be it only when an admin asks them to. */
  default boolean isSetUpByPeople() {
    return true;
  }

  /** Whether a tenant that has set nothing offers it. */
  default boolean isOnAtFirst() {
    return true;
  }

  /** What a tenant may set for it. */
  default List<Setting> settings() {
    return List.of();
  }

  /** What a flag among its settings is while nobody has set it. */
  default boolean usually(Setting flag) {
    return false;
  }

  /** What is wrong with settings of the right form, for a tenant at these origins. */
  default Optional<Brought.Unfit> unfit(String settings, List<String> origins) {
    return Optional.empty();
  }

  // Setting up

  /**
   * Begins to set it up.
   *
   * @param given what the person has said so far; empty at first
   */
  Opening beginEnrolment(Scene scene, Answer given);

  /** Puts the confirming question of a set-up again: sends another code, asks the browser anew. */
  default Posed poseEnrolment(Scene scene, Enrolment pending) {
    return Posed.plainly(enrolling(scene, pending, Secret.of("")));
  }

  /** Shows again what was begun, for a page that is loaded again. */
  Prompt enrolling(Scene scene, Enrolment pending, Secret memo);

  /**
   * Judges the answer that is to confirm a set-up.
   *
   * @param memo empty when the question has run out, or none was needed
   */
  Finish finishEnrolment(Scene scene, Enrolment pending, Optional<Secret> memo, Answer answer);

  /**
   * Reads one that an admin brings from elsewhere, confirmed there.
   *
   * @param brought its fields by the names of the Management API, such as {@code totp_secret}
   */
  default Brought bring(Map<String, Secret> brought) {
    return new Brought.Impossible();
  }

  /** What is told where it reached its person when it is taken off; nothing of one that reaches nobody. */
  default Optional<Dispatch> farewell(Enrolment leaving) {
    return Optional.empty();
  }

  /** What reaches its person without asking anything, when the account is being recovered; nothing of one that reaches nobody. */
  default Optional<Dispatch> warning(Enrolment active) {
    return Optional.empty();
  }

  /**
   * What is kept of one that goes to the mail address which the account has whenever it is asked; nothing of a factor that
   * cannot.
   */
  default Optional<Secret> forOwnAddress() {
    return Optional.empty();
  }

  /** Whether an active one can be used by its person as they are known now. */
  default boolean isUsable(Holder holder, Enrolment active) {
    return true;
  }

  /** The mail address that one reaches, so that its person can be told there what concerns them. */
  default Optional<String> mailAddress(Enrolment enrolment) {
    return Optional.empty();
  }

  /** Whether an answer can prove two kinds of things at once, as the tenant has set it. */
  default boolean mayProveBoth(String settings) {
    return profile().kind() == ProofKind.BOTH;
  }

  /** The same for a tenant that has set this; where it makes no difference, as without. */
  default Brought bring(String settings, Map<String, Secret> brought) {
    return bring(brought);
  }

  /** How an answer is tied to the transaction that it approves. */
  default Binding binding() {
    return Binding.SHOWN;
  }

  /** How an answer is tied to the transaction that it approves, the loosest first. */
  enum Binding {
    /** The page on which it was given showed it. */
    SHOWN,
    /** What the answer is reached its person together with it. */
    TOLD,
    /** The answer is a signature that covers it. */
    SIGNED;

    /** The stable word of receipts. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether the key of this one cannot leave its device (SP 800-63B-4 section 2.3.1). */
  default boolean hardwareBound(Enrolment enrolment) {
    return profile().evidence().hardwareBound();
  }

  // Answering

  /**
   * Puts a question.
   *
   * @param mine the person's active enrolments of this factor, at least one
   */
  Posed pose(Scene scene, List<Enrolment> mine);

  /** Shows a question again, for a page that is loaded again. Called only for what keeps a memo. */
  default Prompt asking(Scene scene, List<Enrolment> mine, Secret memo) {
    return pose(scene, mine).prompt();
  }

  /**
   * Judges an answer. What it accepts still has to be redeemed.
   *
   * @param memo empty when the question has run out, or none was needed
   */
  Verdict check(Scene scene, List<Enrolment> mine, Optional<Secret> memo, Answer answer);

  /**
   * Whether an answer is judged well within a millisecond, without asking anybody: then {@link #check} runs within the
   * transaction that settles the answer, which spares reading everything once before it and once in it. Only of one that
   * keeps no memo.
   */
  default boolean judgesAtOnce() {
    return false;
  }

  /**
   * A question put.
   *
   * @param memo what the server keeps to judge the answer, sealed; empty where the profile says that nothing is kept
   * @param lasts how long it can be answered
   * @param dispatch what has to reach the person first
   */
  record Posed(Secret memo, Duration lasts, Optional<Dispatch> dispatch, Prompt prompt) {
    /** One that nothing is kept of and nothing is sent for. */
    public static Posed plainly(Prompt prompt) {
      return new Posed(Secret.of(""), Duration.ZERO, Optional.empty(), prompt);
    }

    /** One that is answered with what the person has at hand. */
    public static Posed keeping(Secret memo, Duration lasts, Prompt prompt) {
      return new Posed(memo, lasts, Optional.empty(), prompt);
    }
  }

  /** How a set-up begins. */
  sealed interface Opening {
    /**
     * Begun.
     *
     * @param document what the server keeps of the enrolment, sealed
     * @param posed the question whose answer confirms it
     */
    record Begun(Secret document, Posed posed) implements Opening {}

    /** Something has to be said first. */
    record Asks(Prompt.Details details) implements Opening {}

    /** What was said will not do; it is asked again. */
    record Unfit(Prompt.Details details, String field, Refusal why) implements Opening {}
  }

  /** What came of bringing one from elsewhere. */
  sealed interface Brought {
    /**
     * It can be kept.
     *
     * @param handles as of a {@link Finish.Confirmed}
     */
    record Ready(Secret document, List<String> handles) implements Brought {
      public Ready(Secret document) {
        this(document, List.of());
      }
    }

    /** A field is missing or cannot be right. */
    record Unfit(String field, String why) implements Brought {}

    /** This factor is only ever set up by the person. */
    record Impossible() implements Brought {}
  }

  /** How a set-up ends. */
  sealed interface Finish {
    /**
     * Right.
     *
     * @param document what is kept from now on
     * @param evidence what this confirming answer is worth as a proof
     * @param name what to call it when the person gives it no name; may be empty
     * @param handles digests of what makes it this one thing, which nobody may register twice; at most 64 characters each
     */
    record Confirmed(
        Secret document, Claim claim, Evidence evidence, String name, List<String> handles)
        implements Finish {
      public Confirmed {
        handles = List.copyOf(handles);
      }

      /** One that can be set up as often as one likes. */
      public Confirmed(Secret document, Claim claim, Evidence evidence, String name) {
        this(document, claim, evidence, name, List.of());
      }
    }

    record Refused(Refusal why) implements Finish {}

    /** No answer yet: it comes from elsewhere. */
    record NotYet(Duration askAgainIn) implements Finish {}
  }

  /** What a factor says of an answer. */
  sealed interface Verdict {
    /**
     * Right.
     *
     * @param enrolment which of the person's it was
     * @param document what is kept of it from now on, when that has changed
     */
    record Accepted(Enrolment enrolment, Claim claim, Evidence evidence, Optional<Secret> document)
        implements Verdict {
      public Accepted(Enrolment enrolment, Claim claim, Evidence evidence) {
        this(enrolment, claim, evidence, Optional.empty());
      }
    }

    record Refused(Refusal why) implements Verdict {}

    /** No answer yet: it comes from elsewhere. */
    record NotYet(Duration askAgainIn) implements Verdict {}
  }
}
