package dev.countersign.enforcement;

import dev.countersign.factor.FactorProfile;
import dev.countersign.kernel.FactorId;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The factors that somebody has and those they could set up, as far as the policy takes them. */
record Means(Policy policy, Policy.Effective effective, Facts facts) {

  // What the policy takes

  boolean isSwitchedOn(Facts.Offer offer) {
    return policy.allowed().contains(offer.factor());
  }

  /** Recovery narrows with the tenant's switch alone: a rule that names factors speaks of those that people set up. */
  boolean isAllowed(Facts.Offer offer) {
    return offer.recovers() ? isSwitchedOn(offer) : effective.allowed().contains(offer.factor());
  }

  // What they have

  /** What could be answered now, ways back in among it. */
  List<Facts.Offer> usable(Predicate<Facts.Offer> which) {
    return enrolled()
        .filter(offer -> raises(offer) && which.test(offer))
        .filter(offer -> !offer.recovers() || facts.backupCodes().left() > 0)
        .toList();
  }

  /** Whether that is enough to be asked for it; a way back in alone is, where a factor was closed. */
  boolean suffice(List<Facts.Offer> usable) {
    return usable.stream().anyMatch(offer -> !offer.recovers())
        || (hasDisabled() && !usable.isEmpty());
  }

  boolean hasUsable() {
    return factors().anyMatch(this::isAllowed);
  }

  boolean hasDisabled() {
    return facts.offers().stream().anyMatch(offer -> offer.disabled() > 0);
  }

  /** Whether the person's account is protected by a second factor, be it one that a rule no longer takes. */
  boolean isProtected() {
    return hasDisabled() || factors().anyMatch(this::isSwitchedOn);
  }

  /**
   * What a person has whose factors a rule no longer takes. Answering one satisfies nothing, but only whoever can may set
   * up a new one (SP 800-63B-4 section 4.1.2.1).
   */
  List<FactorId> steppingStones() {
    return ids(factors().filter(this::isSwitchedOn));
  }

  /** What a person has that raises no level: it reaches an address, or asks for something known. */
  List<FactorId> addresses() {
    return ids(enrolled().filter(offer -> !raises(offer) && isSwitchedOn(offer)));
  }

  /** What proves two kinds of things at once, be it one that a rule no longer takes. */
  List<FactorId> both() {
    return ids(enrolled().filter(offer -> offer.both() && isSwitchedOn(offer)));
  }

  boolean lacksBackupCodes() {
    boolean on = facts.offers().stream().anyMatch(offer -> offer.recovers() && isAllowed(offer));
    var codes = facts.backupCodes();
    return on && hasUsable() && (!codes.issued() || !codes.acknowledged() || codes.left() == 0);
  }

  private Stream<Facts.Offer> enrolled() {
    return facts.offers().stream().filter(offer -> offer.enrolled() > 0);
  }

  /** Second factors in the narrow sense. */
  private Stream<Facts.Offer> factors() {
    return enrolled().filter(offer -> !offer.recovers() && raises(offer));
  }

  // What they could set up

  /** What a person without a factor can set up now, strongest first. */
  List<FactorId> offered(Predicate<Facts.Offer> which) {
    return ids(
        facts.offers().stream()
            .filter(offer ->
                offer.audience() == FactorProfile.Audience.EVERYONE
                    && offer.suits()
                    && raises(offer)
                    && isAllowed(offer)
                    && which.test(offer)));
  }

  List<FactorId> offered() {
    return offered(_ -> true);
  }

  List<FactorId> offeredForThird() {
    return ids(facts.offers().stream().filter(offer -> offer.mayReachThird() && isAllowed(offer)));
  }

  /** Whether the third level can be reached at all, by what they have or could have. */
  boolean mayReachThird() {
    return facts.offers().stream()
        .anyMatch(offer -> (offer.reachesThird() || offer.mayReachThird()) && isAllowed(offer));
  }

  /** What a ticket asks the person to set up, as far as they may have it. */
  List<FactorId> invitedTo() {
    return facts.invitedTo().stream().filter(effective.allowed()::contains).toList();
  }

  boolean isInvited() {
    return !invitedTo().isEmpty();
  }

  static List<FactorId> ids(Stream<Facts.Offer> offers) {
    return offers.map(Facts.Offer::factor).toList();
  }

  private static boolean raises(Facts.Offer offer) {
    return offer.kind().isMoreThanPassword();
  }
}
