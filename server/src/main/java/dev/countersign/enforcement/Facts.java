package dev.countersign.enforcement;

import dev.countersign.factor.FactorProfile;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision may rest on. Stored with it, so that the same question can be asked again.
 *
 * @param proofs what counts as proven now, oldest first
 * @param offers the factors there are for this person, in the order of offering
 * @param interactive whether a person is there to be asked; without one, nobody is invited
 * @param declined whether the person has turned the invitation down in this sign-in
 * @param trust of a browser that its person trusts; null of any other
 * @param password whether the person has a password that could be asked for; looked up only while nothing known is proven
 * @param invitedTo which factors an admin's ticket asks the person to set up one of; empty without one
 */
public record Facts(
    Moment at,
    Who who,
    Asked asked,
    List<Proven> proofs,
    List<Offer> offers,
    BackupCodes backupCodes,
    boolean interactive,
    boolean declined,
    @Nullable Trust trust,
    boolean password,
    List<FactorId> invitedTo) {

  /** Of somebody who came without a ticket. */
  public Facts(
      Moment at,
      Who who,
      Asked asked,
      List<Proven> proofs,
      List<Offer> offers,
      BackupCodes backupCodes,
      boolean interactive,
      boolean declined,
      @Nullable Trust trust,
      boolean password) {
    this(
        at,
        who,
        asked,
        proofs,
        offers,
        backupCodes,
        interactive,
        declined,
        trust,
        password,
        List.of());
  }

  /** Of a browser that nobody trusts, and of somebody whose password need not be asked for. */
  public Facts(
      Moment at,
      Who who,
      Asked asked,
      List<Proven> proofs,
      List<Offer> offers,
      BackupCodes backupCodes,
      boolean interactive,
      boolean declined) {
    this(at, who, asked, proofs, offers, backupCodes, interactive, declined, null, false);
  }

  public Facts {
    proofs = List.copyOf(proofs);
    offers = List.copyOf(offers);
    invitedTo = invitedTo == null ? List.of() : List.copyOf(invitedTo); // Older records have none.
  }

  /** The person, as policies see them. */
  public record Who(String user, Set<String> groups, Set<String> roles, boolean blocked) {
    public Who {
      groups = new TreeSet<>(groups);
      roles = new TreeSet<>(roles);
    }
  }

  /**
   * What the application asks for.
   *
   * @param application its client id, or {@code account} for our own security page
   * @param level the least assurance level
   * @param firstProofAfter a first proof older than this does not count ({@code max_age}, {@code prompt=login}); null when any age does
   * @param secondProofAfter the same of the second proof, where a sensitive action wants it fresh
   * @param guarded whether it is for changing factors, so that whoever has one proves it, whatever the policy
   */
  public record Asked(
      String application,
      Level level,
      @Nullable Moment firstProofAfter,
      @Nullable Moment secondProofAfter,
      boolean guarded) {
    /** For anything but changing factors. */
    public Asked(
        String application,
        Level level,
        @Nullable Moment firstProofAfter,
        @Nullable Moment secondProofAfter) {
      this(application, level, firstProofAfter, secondProofAfter, false);
    }

    public static Asked plain(String application) {
      return new Asked(application, Level.NONE, null, null);
    }
  }

  /** Something proven. {@code method} is {@code password} or a factor's id. */
  public record Proven(
      String method,
      ProofKind kind,
      boolean phishingResistant,
      boolean hardwareBound,
      boolean first,
      Moment at) {}

  /**
   * A factor, as far as this person goes.
   *
   * @param enrolled how many active ones the person has
   * @param disabled how many were disabled after too many wrong answers; they protect still, and let nobody in
   * @param suits whether the person could use it at all
   * @param bound how many of the active ones cannot leave their device
   * @param both whether answering one can prove two kinds of things at once; looked up only while nothing known is proven
   */
  public record Offer(
      FactorId factor,
      ProofKind kind,
      boolean phishingResistant,
      FactorProfile.Audience audience,
      int enrolled,
      int disabled,
      boolean suits,
      int bound,
      boolean both) {
    /** One that proves one kind of thing. */
    public Offer(
        FactorId factor,
        ProofKind kind,
        boolean phishingResistant,
        FactorProfile.Audience audience,
        int enrolled,
        int disabled,
        boolean suits,
        int bound) {
      this(factor, kind, phishingResistant, audience, enrolled, disabled, suits, bound, false);
    }

    /** One of which none is bound to a device. */
    public Offer(
        FactorId factor,
        ProofKind kind,
        boolean phishingResistant,
        FactorProfile.Audience audience,
        int enrolled,
        int disabled,
        boolean suits) {
      this(factor, kind, phishingResistant, audience, enrolled, disabled, suits, 0);
    }

    /** Whether answering it can be what the third level asks for. */
    boolean reachesThird() {
      return phishingResistant && bound > 0;
    }

    /**
     * Whether setting one up may bring the third level: nobody knows before whether it will be bound to its device, but
     * whoever has one that is not would only get another like it.
     */
    boolean mayReachThird() {
      return phishingResistant
          && audience == FactorProfile.Audience.EVERYONE
          && suits
          && enrolled == 0;
    }

    boolean recovers() {
      return audience == FactorProfile.Audience.RECOVERY;
    }
  }

  /**
   * That the sign-in goes on in a browser in which its person asked not to be challenged again.
   *
   * @param factor by which they had given the second proof
   * @param since when that was
   * @param until how long they were promised to be spared
   */
  public record Trust(FactorId factor, Moment since, Moment until) {}

  /** How a person stands with backup codes. */
  public record BackupCodes(boolean issued, boolean acknowledged, int left) {
    public static final BackupCodes NONE = new BackupCodes(false, false, 0);
  }

  /** The same at another time. */
  public Facts at(Moment then) {
    return new Facts(
        then,
        who,
        asked,
        proofs,
        offers,
        backupCodes,
        interactive,
        declined,
        trust,
        password,
        invitedTo);
  }

  /** The same for somebody whom a ticket asks to set up one of these. */
  public Facts inviting(List<FactorId> anyOf) {
    return new Facts(
        at, who, asked, proofs, offers, backupCodes, interactive, declined, trust, password, anyOf);
  }

  Optional<Offer> offer(String method) {
    return offers.stream().filter(offer -> offer.factor().value().equals(method)).findFirst();
  }
}
