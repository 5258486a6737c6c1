package dev.countersign.factor.webauthn;

import dev.countersign.factor.Answer;
import dev.countersign.factor.Discoverable;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.factor.Scriptable;
import dev.countersign.factor.Setting;
import dev.countersign.factor.Signal;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.proof.Claim;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.ProofKind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keys that sign for one site only (WebAuthn Level 3): those built into devices, which always verify their user, and
 * security keys, which admins register. A challenge is 32 random bytes, stands for five minutes and for one answer.
 */
public final class WebAuthn implements Discoverable, Scriptable.Keys {
  private static final Duration LASTS = Duration.ofMinutes(5);
  private static final GuessLimits LIMITS =
      new GuessLimits(5, Duration.ofMinutes(5), Duration.ofMinutes(5), 100);

  private static final FactorProfile PLATFORM =
      profile(
          "webauthn-platform",
          "passkey",
          FactorProfile.Audience.EVERYONE,
          10,
          new FactorProfile.Look(
              "passkey", "fingerprint", 1, FactorProfile.Needs.BUILT_IN_AUTHENTICATOR));
  private static final FactorProfile ROAMING =
      profile(
          "webauthn-roaming",
          "webauthn-roaming",
          FactorProfile.Audience.ADMIN_DRIVEN,
          15,
          new FactorProfile.Look("security-key", "key", 1));

  private final Entropy entropy;
  private final FactorProfile profile;

  private WebAuthn(Entropy entropy, FactorProfile profile) {
    this.entropy = entropy;
    this.profile = profile;
  }

  /** What is built into phones and computers, synced passkeys included. */
  public static WebAuthn platform(Entropy entropy) {
    return new WebAuthn(entropy, PLATFORM);
  }

  /** Security keys. */
  public static WebAuthn roaming(Entropy entropy) {
    return new WebAuthn(entropy, ROAMING);
  }

  /** Keys as a factor of another name, attached as its settings say. */
  public static WebAuthn of(Entropy entropy, FactorProfile profile) {
    return new WebAuthn(entropy, profile);
  }

  private static FactorProfile profile(
      String id,
      String methodType,
      FactorProfile.Audience audience,
      int order,
      FactorProfile.Look look) {
    return new FactorProfile(
        new FactorId(id),
        id,
        methodType,
        audience,
        new Evidence(ProofKind.HAS, List.of("hwk", "user"), true, false),
        FactorProfile.Memory.ONE_ANSWER,
        LIMITS,
        10,
        Duration.ofMinutes(10),
        order,
        look);
  }

  @Override
  public FactorProfile profile() {
    return profile;
  }

  private boolean isPlatform() {
    return profile.equals(PLATFORM);
  }

  /** Which keys it takes: one of the values of WebAuthn Level 3 section 5.4.5, or {@code any}. */
  private String attachment(Settings settings) {
    if (isPlatform() || profile.equals(ROAMING)) {
      return isPlatform() ? Settings.PLATFORM : Settings.CROSS_PLATFORM;
    }
    return settings.attachment() == null ? Settings.ANY : settings.attachment();
  }

  /** A synced key is somewhere else, too; so is one that may yet be (WebAuthn Level 3 section 6.1.3). */
  @Override
  public boolean hardwareBound(Enrolment enrolment) {
    return !Credential.of(enrolment).eligible();
  }

  @Override
  public boolean mayProveBoth(String settings) {
    var set = Settings.read(settings);
    return set.isMultiFactor() && !verification(set).equals("discouraged");
  }

  @Override
  public List<Setting> settings() {
    var all =
        new ArrayList<>(
            List.of(
                Setting.flag("overrideRelyingParty"),
                Setting.text("relyingPartyIdentifier"),
                Setting.word("attestation", "none", "required"),
                Setting.texts("trustedRoots"),
                Setting.texts("allowedModels"),
                Setting.texts("deniedModels"),
                Setting.flag("passkeyIsMultiFactor")));
    if (!isPlatform()) {
      all.add(Setting.word("userVerification", "discouraged", "preferred", "required"));
    }
    return all;
  }

  @Override
  public boolean usually(Setting flag) {
    return flag.name().equals("passkeyIsMultiFactor");
  }

  @Override
  public Optional<Brought.Unfit> unfit(String settings, List<String> origins) {
    return Settings.read(settings).unfit(origins);
  }

  // Setting up

  @Override
  public Opening beginEnrolment(Scene scene, Answer given) {
    return new Opening.Begun(Secret.of("{}"), ask(scene));
  }

  @Override
  public Posed poseEnrolment(Scene scene, Enrolment pending) {
    return ask(scene);
  }

  private Posed ask(Scene scene) {
    var question = question(scene);
    return Posed.keeping(question.write(), LASTS, creation(scene, question));
  }

  @Override
  public Prompt enrolling(Scene scene, Enrolment pending, Secret memo) {
    return creation(scene, Question.read(memo));
  }

  private Prompt creation(Scene scene, Question question) {
    var settings = Settings.read(scene.settings());
    return new Prompt.Credential(
        Prompt.Credential.Ceremony.CREATE,
        Options.create(
            scene,
            question,
            handle(scene),
            scene.mine().stream().map(Credential::of).toList(),
            attachment(settings),
            settings.wantsAttestation(),
            LASTS));
  }

  /** One that the person's keys know already, or else the server's. */
  private static String handle(Scene scene) {
    return scene.mine().stream()
        .map(it -> Credential.of(it).handle())
        .filter(it -> !it.isEmpty())
        .findFirst()
        .orElseGet(() ->
            Credential.text(
                Steps.sha256(scene.holder().handle().getBytes(StandardCharsets.UTF_8))));
  }

  private Question question(Scene scene) {
    var settings = Settings.read(scene.settings());
    var party = relyingParty(scene.site(), settings);
    boolean verified = verification(settings).equals("required");
    var transaction = scene.asking().transaction();
    return transaction == null
        ? Question.fresh(entropy, party, verified)
        : Question.approving(entropy, party, verified, transaction);
  }

  private static String relyingParty(Scene.Site site, Settings settings) {
    var origin = site.origin().isEmpty() ? site.origins().getFirst() : site.origin();
    var host = Objects.requireNonNull(URI.create(origin).getHost(), "an origin has a host");
    return settings.relyingParty(host, site.origins());
  }

  private String verification(Settings settings) {
    return attachment(settings).equals(Settings.PLATFORM) ? "required" : settings.verification();
  }

  @Override
  public Finish finishEnrolment(
      Scene scene, Enrolment pending, Optional<Secret> memo, Answer answer) {
    if (memo.isEmpty()) {
      return new Finish.Refused(Refusal.of(Refusal.Reason.CODE_EXPIRED));
    }
    var settings = Settings.read(scene.settings());
    try {
      var made =
          Registration.verified(scene, settings, handle(scene), Question.read(memo.get()), answer);
      return new Finish.Confirmed(
          made.credential().write(),
          new Claim.Advances(pending.id(), made.counter()),
          evidence(settings, made.credential(), made.verified()),
          Models.name(made.credential().aaguid()),
          made.credential().handles());
    } catch (Refused e) {
      return new Finish.Refused(e.refusal());
    }
  }

  /**
   * Counted as both factors where it verified its user, unless the tenant wants another beside it. What cannot leave its
   * device is hardware (RFC 8176 section 2: {@code hwk}).
   */
  private static Evidence evidence(Settings settings, Credential credential, boolean verified) {
    boolean bound = !credential.eligible();
    return new Evidence(
        verified && settings.isMultiFactor() ? ProofKind.BOTH : ProofKind.HAS,
        List.of(bound ? "hwk" : "swk", "user"),
        true,
        bound);
  }

  @Override
  public Brought bring(Map<String, Secret> brought) {
    var id = text(brought, "key_id");
    var key = text(brought, "public_key");
    var party = text(brought, "relying_party_identifier");
    if (!isBase64(id) || decoded(id).length == 0 || decoded(id).length > 1023) {
      return new Brought.Unfit("key_id", "The credential's id in base64url is needed");
    }
    if (!isBase64(key) || !isUsable(decoded(key))) {
      return new Brought.Unfit(
          "public_key", "A public key in COSE form (ES256, EdDSA or RS256) in base64 is needed");
    }
    if (party.isEmpty()) {
      return new Brought.Unfit(
          "relying_party_identifier", "The domain that the key was made for is needed");
    }
    var handle = text(brought, "user_handle");
    if (!isBase64(handle)) {
      return new Brought.Unfit("user_handle", "Has to be in base64url");
    }
    boolean eligible = text(brought, "credential_device_type").equals("multi_device");
    boolean backedUp = text(brought, "credential_backed_up").equals("true");
    if (backedUp && !eligible) {
      return new Brought.Unfit(
          "credential_backed_up", "A key of a single device cannot be backed up");
    }
    var transports = new ArrayList<String>();
    if (brought.containsKey("transports")) {
      Json.tree(text(brought, "transports")).forEach(it -> transports.add(it.asString("")));
    }
    var credential =
        new Credential(
            Credential.text(decoded(id)),
            Credential.text(decoded(key)),
            text(brought, "aaguid"),
            eligible,
            backedUp,
            transports,
            Credential.text(decoded(handle)),
            party);
    return new Brought.Ready(credential.write(), credential.handles());
  }

  /** All of it is public; the key as the base64 in which it is brought. */
  @Override
  public Map<String, Object> shown(Enrolment enrolment) {
    var credential = Credential.of(enrolment);
    Map<String, Object> shown = new TreeMap<>();
    shown.put("key_id", credential.id());
    shown.put("public_key", Base64.getEncoder().encodeToString(Credential.bytes(credential.key())));
    shown.put("credential_device_type", credential.eligible() ? "multi_device" : "single_device");
    shown.put("credential_backed_up", credential.backedUp());
    shown.put("transports", credential.transports());
    shown.put("relying_party_identifier", credential.relyingParty());
    if (!credential.aaguid().isEmpty()) {
      shown.put("aaguid", credential.aaguid());
    }
    if (!credential.handle().isEmpty()) {
      shown.put("user_handle", credential.handle());
    }
    return shown;
  }

  private static String text(Map<String, Secret> brought, String name) {
    return brought.getOrDefault(name, Secret.of("")).reveal();
  }

  private static boolean isBase64(String text) {
    try {
      decoded(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** Either alphabet. */
  private static byte[] decoded(String text) {
    return Base64.getUrlDecoder().decode(text.replace('+', '-').replace('/', '_'));
  }

  private static boolean isUsable(byte[] key) {
    try {
      var algorithm = Response.key(key).getAlgorithm();
      return algorithm != null
          && Registration.ALGORITHMS.contains(Math.toIntExact(algorithm.getValue()));
    } catch (Refused _) {
      return false;
    }
  }

  // Coming first

  /** Asks for whichever key the person picks. That it verifies its user is hoped for, and judged by what it did. */
  @Override
  public Posed invite(Scene.Site site, String settings) {
    var question = Question.toAnybody(entropy, relyingParty(site, Settings.read(settings)));
    return Posed.keeping(
        question.write(),
        LASTS,
        new Prompt.Credential(
            Prompt.Credential.Ceremony.GET, Options.get(question, List.of(), "preferred", LASTS)));
  }

  @Override
  public Optional<Named> named(Secret memo, Answer answer) {
    try {
      var id = Credential.text(Response.of(answer).id());
      return Optional.of(
          new Named(Credential.handle(id), Signal.unknown(Question.read(memo).relyingParty(), id)));
    } catch (Refused _) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> sharedDomain(String settings) {
    return Settings.read(settings).shared();
  }

  @Override
  public List<Signal.Keys> keys(Scene scene) {
    var here = relyingParty(scene.site(), Settings.read(scene.settings()));
    List<Signal.Keys> all = new ArrayList<>();
    all.add(new Signal.Keys(here, handle(scene), List.of()));
    for (var enrolment : scene.mine()) {
      var credential = Credential.of(enrolment);
      if (!credential.handle().isEmpty()) {
        all.add(
            new Signal.Keys(
                credential.relyingParty(), credential.handle(), List.of(credential.id())));
      }
    }
    return all;
  }

  // Answering

  @Override
  public Binding binding() {
    return Binding.SIGNED;
  }

  @Override
  public Posed pose(Scene scene, List<Enrolment> mine) {
    var question = question(scene);
    return Posed.keeping(question.write(), LASTS, request(scene, mine, question));
  }

  @Override
  public Prompt asking(Scene scene, List<Enrolment> mine, Secret memo) {
    return request(scene, mine, Question.read(memo));
  }

  private Prompt request(Scene scene, List<Enrolment> mine, Question question) {
    var all = mine.stream().map(Credential::of).toList();
    var fitting =
        all.stream().filter(it -> it.relyingParty().equals(question.relyingParty())).toList();
    return new Prompt.Credential(
        Prompt.Credential.Ceremony.GET,
        Options.get(
            question,
            fitting.isEmpty() ? all : fitting,
            verification(Settings.read(scene.settings())),
            LASTS));
  }

  @Override
  public Verdict check(Scene scene, List<Enrolment> mine, Optional<Secret> memo, Answer answer) {
    if (memo.isEmpty()) {
      return new Verdict.Refused(Refusal.of(Refusal.Reason.CODE_EXPIRED));
    }
    var question = Question.read(memo.get());
    if (!question.commitsTo(scene.asking().transaction())) {
      return new Verdict.Refused(Refusal.of(Refusal.Reason.CHALLENGE_MISMATCH));
    }
    try {
      var it = Assertion.verified(scene, mine, question, answer);
      Claim claim =
          it.counter() == 0
              ? new Claim.Repeatable()
              : new Claim.Advances(it.enrolment().id(), it.counter());
      var seen =
          it.backedUp() == it.credential().backedUp()
              ? Optional.<Secret>empty()
              : Optional.of(it.credential().seen(it.backedUp()).write());
      return new Verdict.Accepted(
          it.enrolment(),
          claim,
          evidence(Settings.read(scene.settings()), it.credential(), it.verified()),
          seen);
    } catch (Refused e) {
      return new Verdict.Refused(e.refusal());
    }
  }

  // Answering by script

  @Override
  public boolean isScripted(Enrolment enrolment) {
    return enrolment.isActive() && Credential.of(enrolment).ours() != null;
  }

  @Override
  public Brought.Ready make(Scene scene, boolean synced) {
    var party = relyingParty(scene.site(), Settings.read(scene.settings()));
    var made = ScriptedKey.make(entropy, party, handle(scene), synced);
    return new Brought.Ready(made.write(), made.handles());
  }

  @Override
  public Optional<Loadable> loadable(Enrolment enrolment) {
    var it = Credential.of(enrolment);
    return Optional.ofNullable(it.ours())
        .map(key ->
            new Loadable(
                it.id(),
                it.relyingParty(),
                Secret.of(key),
                it.handle(),
                Math.max(0, enrolment.highWater()),
                it.eligible()));
  }

  @Override
  public Signing sign(Enrolment enrolment, Asked asked) {
    var it = Credential.of(enrolment);
    var key = Objects.requireNonNull(it.ours(), "only a key of ours signs here");
    return ScriptedKey.sign(enrolment, it, key, asked);
  }
}
