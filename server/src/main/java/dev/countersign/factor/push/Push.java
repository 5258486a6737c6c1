package dev.countersign.factor.push;

import dev.countersign.delivery.Dispatch;
import dev.countersign.factor.Answer;
import dev.countersign.factor.AnsweredElsewhere;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.MfaMethod;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Refusal;
import dev.countersign.factor.Scene;
import dev.countersign.kernel.ChallengeId;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.proof.Claim;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.ProofKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Approval on a paired phone. The page shows a number of two digits, the phone wants it typed: who approves has the page
 * before them (number matching; SP 800-63B-4 section 3.1.3 counts nothing less). The number never goes to the phone.
 *
 * <p>A question takes one decision. A number that is wrong ends it, as a denial does; both are to be asked anew.
 */
public final class Push implements AnsweredElsewhere {
  /** How long it can be decided. */
  private static final Duration DECIDABLE = Duration.ofMinutes(2);

  /** How long a page that is loaded again says how it ended, rather than to ask anew. */
  private static final Duration STANDS = Duration.ofMinutes(15);

  private static final Duration PAIRING = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofSeconds(2);

  /** How far a phone's clock may be off. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  /** 160 bits. */
  private static final int TICKET = 160;

  private static final FactorProfile PROFILE =
      new FactorProfile(
          new FactorId("push-notification"),
          "push-notification",
          "push",
          FactorProfile.Audience.EVERYONE,
          // RFC 8176: proof of possession of a key that software keeps. The browser does not say
          // whether hardware
          // does, so "hwk" would be a claim without ground; and "swk" says what "pop" says.
          Evidence.of(ProofKind.HAS, "swk"),
          FactorProfile.Memory.UNTIL_RIGHT,
          new GuessLimits(5, Duration.ofMinutes(5), Duration.ofMinutes(5), 100),
          5,
          PAIRING,
          30,
          new FactorProfile.Look("push", "phone", 1));

  private final Entropy entropy;

  public Push(Entropy entropy) {
    this.entropy = entropy;
  }

  /**
   * What is kept of a phone.
   *
   * @param key its public key; empty until it is paired
   * @param push where it can be woken
   * @param paused whether its owner said that a sign-in was not theirs, and has not taken questions again since
   * @param last when it last said something of itself, by its own clock
   */
  record Document(String key, String name, @Nullable Subscription push, boolean paused, long last) {
    static final Document NEW = new Document("", "", null, false, 0);

    static Document read(Secret document) {
      return Json.read(document.reveal(), Document.class);
    }

    Secret write() {
      return Secret.of(Json.write(this));
    }
  }

  /**
   * Where a phone can be woken.
   *
   * @param service {@code web} (RFC 8030), or whose phone a tenant's own app is on: {@code fcm}, {@code apns}
   * @param address the push resource, or the app's registration there
   * @param p256dh the subscription's public key (RFC 8291); only of {@code web}
   * @param auth its authentication value; only of {@code web}
   */
  record Subscription(String service, String address, String p256dh, String auth) {}

  /** How far a question has come. */
  enum State {
    WAITING,
    APPROVED,
    MISMATCHED
  }

  /**
   * What is kept of a question.
   *
   * @param transaction the hash of what is to be approved, which the phone signs; null where somebody signs in
   */
  record Asked(
      String number,
      State state,
      String device,
      String application,
      String address,
      String userAgent,
      long askedAt,
      long until,
      @Nullable String transaction) {
    static Asked read(Secret memo) {
      return Json.read(memo.reveal(), Asked.class);
    }

    Secret write() {
      return Secret.of(Json.write(this));
    }

    Asked with(State now, String by) {
      return new Asked(
          number, now, by, application, address, userAgent, askedAt, until, transaction);
    }
  }

  /** What is kept of a pairing: the ticket that the QR code holds, and the phone once it has come. */
  record Pairing(String ticket, @Nullable Document phone) {
    static Pairing read(Secret memo) {
      return Json.read(memo.reveal(), Pairing.class);
    }

    Secret write() {
      return Secret.of(Json.write(this));
    }
  }

  @Override
  public FactorProfile profile() {
    return PROFILE;
  }

  @Override
  public Optional<MfaMethod> mfaMethod() {
    return MfaMethod.oob("push-notification", "auth0", "push");
  }

  /** It wants an app on a phone, which a tenant should have announced to its people. */
  @Override
  public boolean isOnAtFirst() {
    return false;
  }

  // Pairing

  @Override
  public Opening beginEnrolment(Scene scene, Answer given) {
    return new Opening.Begun(Document.NEW.write(), pairing(scene));
  }

  @Override
  public Posed poseEnrolment(Scene scene, Enrolment pending) {
    return pairing(scene);
  }

  private Posed pairing(Scene scene) {
    var memo = new Pairing(entropy.token(TICKET), null);
    return Posed.keeping(memo.write(), PAIRING, pairing(scene, memo));
  }

  @Override
  public Prompt enrolling(Scene scene, Enrolment pending, Secret memo) {
    return pairing(scene, memo.isEmpty() ? new Pairing("", null) : Pairing.read(memo));
  }

  private static Prompt pairing(Scene scene, Pairing memo) {
    return new Prompt.Pairing(
        scene.site().origin() + "/approver",
        Secret.of(memo.ticket()),
        memo.phone() != null,
        POLL,
        app(scene));
  }

  /** The tenant's own, where one is woken and people are told where to get it. */
  private static Optional<Prompt.Pairing.App> app(Scene scene) {
    var set = Json.tree(scene.settings());
    var app = set.path("app");
    var it =
        new Prompt.Pairing.App(
            app.path("app_name").asString(""),
            app.path("apple_app_link").asString(""),
            app.path("google_app_link").asString(""));
    boolean own = !set.path("provider").asString("guardian").equals("guardian");
    return own && !it.name().isEmpty() ? Optional.of(it) : Optional.empty();
  }

  @Override
  public Finish finishEnrolment(
      Scene scene, Enrolment pending, Optional<Secret> memo, Answer answer) {
    var phone = memo.map(it -> Pairing.read(it).phone()).orElse(null);
    return phone == null
        ? new Finish.NotYet(POLL)
        : new Finish.Confirmed(
            phone.write(), new Claim.Repeatable(), PROFILE.evidence(), phone.name());
  }

  private static Heard pair(Scene scene, Enrolment pending, Secret memo, Said said) {
    var pairing = Pairing.read(memo);
    var attachment = attachment(said);
    var key = attachment.path("key").asString("");
    boolean fits =
        said.what().equals("pair")
            && said.question().isEmpty()
            && said.device().equals(pending.id().value())
            && Secret.of(said.answer()).equals(Secret.of(pairing.ticket()))
            && said.isSignedBy(key, scene.site().origin());
    if (!fits) {
      return unheard("signature");
    }
    if (pairing.phone() != null) {
      return new Heard.Unheard(Refusal.of(Refusal.Reason.CODE_REUSED));
    }
    var name = attachment.path("name").asString("");
    var phone =
        new Document(
            key,
            name.length() > 40 ? name.substring(0, 40) : name,
            subscription(attachment.path("push")),
            false,
            0); // By a clock that may be off: from now on it knows the server's.
    return new Heard.Noted(new Pairing(pairing.ticket(), phone).write());
  }

  // Asking

  @Override
  public Binding binding() {
    return Binding.SIGNED;
  }

  @Override
  public Posed pose(Scene scene, List<Enrolment> mine) {
    var now = scene.moment();
    var asking = scene.asking();
    var asked =
        new Asked(
            number(),
            State.WAITING,
            "",
            asking.application(),
            asking.address(),
            asking.userAgent(),
            now.millis(),
            now.plus(DECIDABLE).millis(),
            asking.transaction() == null ? null : asking.transaction().hash());
    return new Posed(
        asked.write(),
        STANDS,
        Optional.of(new Dispatch.Push(targets(mine))),
        new Prompt.Approval(asked.number(), Prompt.Approval.State.WAITING, POLL));
  }

  /** Nobody is woken while one of the person's phones has said that it was not them. */
  private static List<Dispatch.Push.Target> targets(List<Enrolment> mine) {
    return mine.stream().anyMatch(it -> Document.read(it.document()).paused())
        ? List.of()
        : mine.stream().map(Push::target).toList();
  }

  private static Dispatch.Push.Target target(Enrolment it) {
    var push = Document.read(it.document()).push();
    return push == null
        ? new Dispatch.Push.Target(it.id(), "", "", "", "")
        : new Dispatch.Push.Target(
            it.id(), push.service(), push.address(), push.p256dh(), push.auth());
  }

  /** Also where requests are held back, since it is none. A phone that can only ask by itself is told nothing. */
  @Override
  public Optional<Dispatch> warning(Enrolment active) {
    var target = target(active);
    return target.service().isEmpty() ? Optional.empty() : Optional.of(new Dispatch.Alert(target));
  }

  /** Evenly among 10 to 99: what begins with a zero is read and typed wrongly. */
  private String number() {
    int drawn;
    do {
      drawn = entropy.bytes(1)[0] & 0xff;
    } while (drawn >= 180);
    return String.valueOf(10 + drawn % 90);
  }

  @Override
  public Prompt asking(Scene scene, List<Enrolment> mine, Secret memo) {
    var asked = Asked.read(memo);
    return new Prompt.Approval(asked.number(), state(asked, mine, scene.moment()), POLL);
  }

  private static Prompt.Approval.State state(Asked asked, List<Enrolment> mine, Moment now) {
    return switch (asked.state()) {
      case APPROVED ->
          approver(asked, mine).isPresent()
              ? Prompt.Approval.State.ANSWERED
              : Prompt.Approval.State.EXPIRED;
      case MISMATCHED -> Prompt.Approval.State.MISMATCHED;
      case WAITING ->
          now.millis() < asked.until()
              ? Prompt.Approval.State.WAITING
              : Prompt.Approval.State.EXPIRED;
    };
  }

  private static Optional<Enrolment> approver(Asked asked, List<Enrolment> mine) {
    return mine.stream().filter(it -> it.id().value().equals(asked.device())).findFirst();
  }

  @Override
  public Verdict check(Scene scene, List<Enrolment> mine, Optional<Secret> memo, Answer answer) {
    var asked = memo.map(Asked::read);
    var transaction = scene.asking().transaction();
    var wanted = transaction == null ? null : transaction.hash();
    return asked
        .filter(it -> it.state() == State.APPROVED && Objects.equals(it.transaction(), wanted))
        .flatMap(it -> approver(it, mine))
        .<Verdict>map(it -> new Verdict.Accepted(it, new Claim.Repeatable(), PROFILE.evidence()))
        .orElseGet(() -> new Verdict.NotYet(POLL));
  }

  // What phones say

  @Override
  public Heard hear(
      Scene scene, Enrolment device, ChallengeId question, Secret memo, Answer message) {
    var read = Said.read(message);
    if (read.isEmpty()) {
      return new Heard.Unheard(Refusal.of(Refusal.Reason.CODE_MALFORMED));
    }
    var said = read.get();
    if (device.state() == Enrolment.State.PENDING) {
      return pair(scene, device, memo, said);
    }
    var document = Document.read(device.document());
    if (!said.device().equals(device.id().value())
        || !said.question().equals(question.value())
        || !said.isSignedBy(document.key(), scene.site().origin())) {
      return unheard("signature");
    }
    var asked = Asked.read(memo);
    if (asked.state() != State.WAITING) {
      return new Heard.Unheard(Refusal.of(Refusal.Reason.CODE_REUSED));
    }
    if (scene.moment().millis() >= asked.until()) {
      return new Heard.Unheard(Refusal.of(Refusal.Reason.CODE_EXPIRED));
    }
    return switch (said.what()) {
      case "approve" ->
          // Whoever approves a transaction signs which: what the phone has shown.
          asked.transaction() == null
                  || asked.transaction().equals(attachment(said).path("transaction").asString(""))
              ? decided(asked, device, said.answer())
              : unheard("transaction");
      case "disown" ->
          new Heard.Disowned(
              new Document(document.key(), document.name(), document.push(), true, document.last())
                  .write());
      default -> new Heard.Unheard(Refusal.of(Refusal.Reason.CODE_MALFORMED));
    };
  }

  private static Heard decided(Asked asked, Enrolment device, String typed) {
    if (Secret.of(typed).equals(Secret.of(asked.number()))) {
      return new Heard.Noted(asked.with(State.APPROVED, device.id().value()).write());
    }
    var why =
        typed.matches("[0-9]{2}") ? Refusal.Reason.CODE_INVALID : Refusal.Reason.CODE_MALFORMED;
    return new Heard.Wrong(
        Refusal.of(why), asked.with(State.MISMATCHED, device.id().value()).write());
  }

  private static Heard unheard(String because) {
    return new Heard.Unheard(new Refusal(Refusal.Reason.CODE_INVALID, Map.of("because", because)));
  }

  @Override
  public boolean isFrom(Scene scene, Enrolment device, Answer message) {
    return from(scene, device, message).isPresent();
  }

  private static Optional<Said> from(Scene scene, Enrolment device, Answer message) {
    return Said.read(message)
        .filter(said -> said.device().equals(device.id().value()) && said.question().isEmpty())
        .filter(said -> Math.abs(said.at() - scene.moment().millis()) < SKEW.toMillis())
        .filter(
            said -> said.isSignedBy(Document.read(device.document()).key(), scene.site().origin()));
  }

  @Override
  public Shown shown(Secret memo) {
    var asked = Asked.read(memo);
    return new Shown(
        new Scene.Asking(asked.application(), asked.address(), asked.userAgent()),
        new Moment(asked.askedAt()),
        new Moment(asked.until()),
        asked.state() == State.WAITING);
  }

  @Override
  public boolean isPaused(Enrolment device) {
    return Document.read(device.document()).paused();
  }

  @Override
  public Optional<Renewed> renew(Scene scene, Enrolment device, Answer message) {
    var before = Document.read(device.document());
    return from(scene, device, message)
        .filter(said -> said.at() > before.last())
        .flatMap(said ->
            switch (said.what()) {
              case "subscribe" ->
                  Optional.of(
                      new Renewed(
                          new Document(
                                  before.key(),
                                  before.name(),
                                  subscription(attachment(said)),
                                  before.paused(),
                                  said.at())
                              .write(),
                          false));
              case "resume" ->
                  Optional.of(
                      new Renewed(
                          new Document(before.key(), before.name(), before.push(), false, said.at())
                              .write(),
                          before.paused()));
              default -> Optional.<Renewed>empty();
            });
  }

  @Override
  public Optional<Secret> unreachable(Enrolment device, String address) {
    var before = Document.read(device.document());
    return before.push() == null || !before.push().address().equals(address)
        ? Optional.empty()
        : Optional.of(
            new Document(before.key(), before.name(), null, before.paused(), before.last())
                .write());
  }

  private static JsonNode attachment(Said said) {
    try {
      return Json.parse(said.attachment().getBytes(StandardCharsets.UTF_8));
    } catch (Json.Malformed _) {
      return Json.object();
    }
  }

  private static @Nullable Subscription subscription(JsonNode push) {
    var service = push.path("service").asString("");
    var address = push.path("address").asString("");
    if (!List.of("web", "fcm", "apns").contains(service)
        || address.isEmpty()
        || address.length() > 2000) {
      return null;
    }
    return new Subscription(
        service, address, push.path("p256dh").asString(""), push.path("auth").asString(""));
  }
}
