package dev.countersign.enforcement;

import dev.countersign.factor.CodeByPhone;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorProfile;
import dev.countersign.identity.Person;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.proof.ProofKind;
import dev.countersign.risk.Finding;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
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
 * @param circumstances where and how it is asked
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
    List<FactorId> invitedTo,
    Circumstances circumstances) {

  /** Of somebody who came without a ticket, from nowhere in particular. */
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
        List.of(),
        Circumstances.UNKNOWN);
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
    // Older records have none of these.
    invitedTo = invitedTo == null ? List.of() : List.copyOf(invitedTo);
    circumstances = circumstances == null ? Circumstances.UNKNOWN : circumstances;
  }

  /**
   * The person, as policies see them.
   *
   * @param connection how they came first
   * @param emailDomain what stands behind the {@code @} of their address, in lower case; empty without one
   * @param traits those that the policy's rules name, by name
   */
  public record Who(
      String user,
      Set<String> groups,
      Set<String> roles,
      boolean blocked,
      String connection,
      String emailDomain,
      Map<String, String> traits) {
    /** As much of a trait is looked at and kept. */
    private static final int LONGEST_TRAIT = 200;

    public Who {
      groups = new TreeSet<>(groups);
      roles = new TreeSet<>(roles);
      connection = connection == null ? "" : connection; // Older records have none of these.
      emailDomain = emailDomain == null ? "" : emailDomain;
      traits = traits == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(traits));
    }

    /** Somebody of whom no more is known. */
    public Who(String user, Set<String> groups, Set<String> roles, boolean blocked) {
      this(user, groups, roles, blocked, "", "", Map.of());
    }

    /**
     * A person.
     *
     * @param traits names of those that are looked at, such as {@code app_metadata.plan}
     */
    public static Who of(Person person, Set<String> traits) {
      var had = new TreeMap<String, String>();
      traits.forEach(name -> {
        var value = trait(person, name);
        if (value != null) {
          var text = String.valueOf(value);
          had.put(name, text.length() <= LONGEST_TRAIT ? text : text.substring(0, LONGEST_TRAIT));
        }
      });
      var email = person.email();
      return new Who(
          person.id().value(),
          person.groups(),
          person.roles(),
          person.blocked(),
          person.connection(),
          email == null ? "" : email.substring(email.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT),
          had);
    }

    private static @Nullable Object trait(Person person, String name) {
      int dot = name.indexOf('.');
      var in = dot < 0 ? "" : name.substring(0, dot);
      var key = name.substring(dot + 1);
      return switch (in) {
        case "app_metadata" -> person.appMetadata().get(key);
        case "user_metadata" -> person.userMetadata().get(key);
        default ->
            switch (name) {
              case "name" -> person.name();
              case "username" -> person.username();
              case "email_verified" -> person.emailVerified();
              default -> null;
            };
      };
    }
  }

  /**
   * Where the question comes from.
   *
   * @param address by the trusted-proxy rule; empty where it is none of the person's
   * @param country as ISO 3166-1 alpha-2 has it; null where it is not known
   */
  public record Where(String address, @Nullable String country) {
    public static final Where UNKNOWN = new Where("", null);
  }

  /**
   * What is around the question.
   *
   * @param begun when the sign-in began in which it is asked; null outside of one
   * @param findings what is noteworthy about that sign-in
   * @param graces how often the person has put off what a rule requires, by the rule's id
   * @param recovering whether a way back in lets the person, who lost every factor, set up a new one in place of a challenge
   */
  public record Circumstances(
      Where where,
      @Nullable Moment begun,
      List<Finding> findings,
      Map<String, Grace> graces,
      boolean recovering) {
    public static final Circumstances UNKNOWN =
        new Circumstances(Where.UNKNOWN, null, List.of(), Map.of());

    /** Around somebody who is on no way back. */
    public Circumstances(
        Where where, @Nullable Moment begun, List<Finding> findings, Map<String, Grace> graces) {
      this(where, begun, findings, graces, false);
    }

    public Circumstances {
      findings = List.copyOf(findings);
      graces = Collections.unmodifiableMap(new TreeMap<>(graces));
    }

    public Circumstances with(Map<String, Grace> changed) {
      return new Circumstances(where, begun, findings, changed, recovering);
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
   * @param acts what the person is about to do, in the words that {@link StepUp}s know
   * @param approval how it stands with a transaction that is to be approved; null where there is none
   */
  public record Asked(
      String application,
      Level level,
      @Nullable Moment firstProofAfter,
      @Nullable Moment secondProofAfter,
      boolean guarded,
      List<String> acts,
      @Nullable Approval approval) {
    public Asked {
      acts = acts == null ? List.of() : List.copyOf(acts); // Older records have none.
    }

    /** Where no transaction is to be approved. */
    public Asked(
        String application,
        Level level,
        @Nullable Moment firstProofAfter,
        @Nullable Moment secondProofAfter,
        boolean guarded,
        List<String> acts) {
      this(application, level, firstProofAfter, secondProofAfter, guarded, acts, null);
    }

    /** For anything but changing factors. */
    public Asked(
        String application,
        Level level,
        @Nullable Moment firstProofAfter,
        @Nullable Moment secondProofAfter) {
      this(application, level, firstProofAfter, secondProofAfter, false, List.of(), null);
    }

    public static Asked plain(String application) {
      return new Asked(application, Level.NONE, null, null);
    }
  }

  /** How it stands with a transaction that is to be approved. */
  public enum Approval {
    /** Nobody has given a second proof for it, or too long ago. */
    OWED,
    GIVEN
  }

  /**
   * Something proven.
   *
   * @param method {@code password} or a factor's id
   * @param bySetUp whether it was proven by setting the factor up, which nobody had asked them for before
   */
  public record Proven(
      String method,
      ProofKind kind,
      boolean phishingResistant,
      boolean hardwareBound,
      boolean first,
      Moment at,
      boolean bySetUp) {
    /** Something that was there before. */
    public Proven(
        String method,
        ProofKind kind,
        boolean phishingResistant,
        boolean hardwareBound,
        boolean first,
        Moment at) {
      this(method, kind, phishingResistant, hardwareBound, first, at, false);
    }
  }

  /**
   * A factor, as far as this person goes.
   *
   * @param enrolled how many active ones the person has
   * @param disabled how many were disabled after too many wrong answers; they protect still, and let nobody in
   * @param suits whether the person could use it at all
   * @param bound how many of the active ones cannot leave their device
   * @param both whether answering one can prove two kinds of things at once; looked up only while nothing known is proven
   * @param byTelephone whether it reaches the person by the telephone network (SP 800-63B-4 section 3.1.3.3)
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
      boolean both,
      boolean byTelephone) {
    /** That factor, for somebody who has so many of it. */
    public static Offer of(
        Factor factor, int enrolled, int disabled, boolean suits, int bound, boolean both) {
      var profile = factor.profile();
      return new Offer(
          profile.id(),
          profile.kind(),
          profile.phishingResistant(),
          profile.audience(),
          enrolled,
          profile.recovers() ? 0 : disabled,
          suits,
          bound,
          both,
          factor instanceof CodeByPhone);
    }

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
      this(
          factor,
          kind,
          phishingResistant,
          audience,
          enrolled,
          disabled,
          suits,
          bound,
          false,
          false);
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

  /** The same with everything proven so much later, as if it had been just now. */
  public Facts withProofsLater(Duration by) {
    return with(it ->
        it.proofs =
            proofs.stream()
                .map(proof ->
                    new Proven(
                        proof.method(),
                        proof.kind(),
                        proof.phishingResistant(),
                        proof.hardwareBound(),
                        proof.first(),
                        proof.at().plus(by),
                        proof.bySetUp()))
                .toList());
  }

  /** The same for somebody whom a ticket asks to set up one of these. */
  public Facts inviting(List<FactorId> anyOf) {
    return with(it -> it.invitedTo = anyOf);
  }

  /** The same, asked so. */
  public Facts in(Circumstances changed) {
    return with(it -> it.circumstances = changed);
  }

  /** The same for somebody who is about to do this. */
  public Facts before(List<String> acts) {
    return with(it ->
        it.asked =
            new Asked(
                asked.application(),
                asked.level(),
                asked.firstProofAfter(),
                asked.secondProofAfter(),
                asked.guarded(),
                acts,
                asked.approval()));
  }

  private Facts with(Consumer<Draft> edit) {
    var draft = new Draft();
    edit.accept(draft);
    return new Facts(
        at,
        who,
        draft.asked,
        draft.proofs,
        offers,
        backupCodes,
        interactive,
        declined,
        trust,
        password,
        draft.invitedTo,
        draft.circumstances);
  }

  /** What of them changes, while it does. */
  private final class Draft {
    private Asked asked = Facts.this.asked;
    private List<Proven> proofs = Facts.this.proofs;
    private List<FactorId> invitedTo = Facts.this.invitedTo;
    private Circumstances circumstances = Facts.this.circumstances;
  }

  Optional<Offer> offer(String method) {
    return offers.stream().filter(offer -> offer.factor().value().equals(method)).findFirst();
  }
}
