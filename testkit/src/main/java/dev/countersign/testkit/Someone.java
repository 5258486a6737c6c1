package dev.countersign.testkit;

import dev.countersign.Wiring;
import dev.countersign.delivery.mail.Mail;
import dev.countersign.enrolment.AdminSetUp;
import dev.countersign.enrolment.SetUp;
import dev.countersign.enrolment.tokens.TokenFile;
import dev.countersign.enrolment.tokens.Tokens;
import dev.countersign.factor.Answer;
import dev.countersign.factor.AnsweredElsewhere;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Scene;
import dev.countersign.identity.Person;
import dev.countersign.kernel.ChallengeId;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A person of a {@link Company}, with what they know and have: a password, perhaps a phone, perhaps a sheet of codes. */
public final class Someone {
  /** A line of digits and nothing else. */
  private static final Pattern CODE = Pattern.compile("(?m)^[0-9]{4,10}$");

  private final Company company;
  private final UserId id;
  private final String name;
  private final String email;
  private String known;
  private @Nullable AuthenticatorApp app;
  private @Nullable CounterToken token;
  private final List<String> sheet = new ArrayList<>();
  private final List<Phone> phones = new ArrayList<>();
  private final Map<String, SoftAuthenticator> authenticators = new HashMap<>();

  /** Numbers of German mobiles, of which there are enough. */
  private static final AtomicLong NUMBERS = new AtomicLong(20_000_000);

  private final String phoneNumber = "+49151" + NUMBERS.incrementAndGet();

  Someone(Company company, UserId id, String name, String email, String password) {
    this.company = company;
    this.id = id;
    this.name = name;
    this.email = email;
    this.known = password;
  }

  private World world() {
    return company.world();
  }

  private Wiring wiring() {
    return world().wiring();
  }

  public Company company() {
    return company;
  }

  public UserId id() {
    return id;
  }

  /** The name that they sign in by. */
  public String name() {
    return name;
  }

  public String email() {
    return email;
  }

  public String password() {
    return known;
  }

  /** The person's own word for it has changed; the product is not told. */
  public Someone remembering(String password) {
    this.known = password;
    return this;
  }

  /** Has these factors already, set up some time ago; backup codes count as acknowledged. */
  public Someone enrolledIn(String... factors) {
    for (var factor : factors) {
      enrol(new FactorId(factor));
    }
    return this;
  }

  /** As the pages do, which know from then on where it was used. */
  private void enrol(FactorId factor) {
    enrolled(factor);
    wiring()
        .ground
        .database
        .run(tx ->
            wiring().methods.enrolments.of(tx, company.id(), id).stream()
                .filter(it -> it.factor().equals(factor))
                .forEach(it ->
                    wiring().methods.habits.used(tx, company.id(), it, world().node().occasion())));
  }

  private void enrolled(FactorId factor) {
    if (wiring().methods.factors.of(company.id()).profile(factor).recovers()) {
      var drawn = wiring().enrolling.codeSets.draw();
      wiring()
          .ground
          .database
          .run(tx -> {
            var set =
                wiring().enrolling.codeSets.issue(tx, whose(), drawn, world().node().occasion());
            wiring()
                .enrolling
                .codeSets
                .acknowledge(tx, company.id(), id, set, world().clock().now());
          });
      keepCodes(drawn.shown().stream().map(Secret::reveal).toList());
      return;
    }
    var first =
        wiring()
            .methods
            .factors
            .of(company.id())
            .get(factor)
            .beginEnrolment(scene(factor), Answer.NONE);
    var opening =
        first instanceof Factor.Opening.Asks
            ? wiring()
                .methods
                .factors
                .of(company.id())
                .get(factor)
                .beginEnrolment(
                    scene(factor), new Answer(Map.of("phone", Secret.of(phoneNumber()))))
            : first;
    if (!(opening instanceof Factor.Opening.Begun(var document, var posed))) {
      throw new IllegalStateException(factor + " is set up by saying something first");
    }
    if (posed.prompt() instanceof Prompt.Pairing pairing) {
      pair(factor, document, posed.memo(), pairing);
      return;
    }
    if (posed.prompt() instanceof Prompt.Credential asked) {
      register(factor, document, posed, asked);
      return;
    }
    wiring()
        .ground
        .database
        .write(tx ->
            wiring()
                .methods
                .enrolments
                .add(tx, company.id(), id, factor, "", document, world().clock().now()));
    if (posed.prompt() instanceof Prompt.SharedKey key) {
      scan(key.uri());
    }
  }

  /** Has this factor because an admin brought it, by the fields of the Management API. */
  public Someone given(String factor, Map<String, String> fields) {
    var brought = new HashMap<String, Secret>();
    fields.forEach((name, value) -> brought.put(name, Secret.of(value)));
    var act = new AdminSetUp.Act(company.id(), id, "robot@clients", world().node().occasion());
    var outcome =
        wiring()
            .ground
            .database
            .write(tx ->
                wiring().enrolling.adminSetUp.bring(tx, act, new FactorId(factor), brought, ""));
    if (!(outcome instanceof AdminSetUp.Outcome.Added)) {
      throw new IllegalStateException(factor + " was not given: " + outcome);
    }
    return this;
  }

  /** Has a token that counts, assigned by an admin. */
  public Someone holdingToken() {
    var made = new CounterToken(company.slug() + "-" + name, world().entropy().bytes(20));
    world().canaries().seed(made.seedText());
    var file =
        new TokenFile(
            TokenFile.Format.CSV,
            Secret.of("serial,type,seed_hex\n" + made.line()),
            Optional.empty(),
            Optional.empty());
    if (!(file.read() instanceof TokenFile.Reading.Read(var tokens))) {
      throw new IllegalStateException("a token cannot be read");
    }
    var act = new AdminSetUp.Act(company.id(), id, "robot@clients", world().node().occasion());
    wiring()
        .ground
        .database
        .run(tx -> {
          wiring().enrolling.tokens.add(tx, company.id(), tokens, act.actor(), act.occasion());
          if (!(wiring().enrolling.tokens.assign(tx, act, made.serial())
              instanceof Tokens.Assignment.Assigned)) {
            throw new IllegalStateException("a token cannot be assigned");
          }
        });
    this.token = made;
    return this;
  }

  public CounterToken token() {
    if (token == null) {
      throw new IllegalStateException(name + " has no token");
    }
    return token;
  }

  /** The code in the newest mail that holds one. */
  public String mailedCode() {
    return mails().reversed().stream()
        .flatMap(mail -> CODE.matcher(mail.plain()).results())
        .map(MatchResult::group)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no code was mailed to " + email));
  }

  /** Takes a new phone into use, as its pairing would. */
  private void pair(FactorId factor, Secret document, Secret memo, Prompt.Pairing pairing) {
    var now = world().clock().now();
    var enrolments = wiring().methods.enrolments;
    var pending =
        wiring()
            .ground
            .database
            .write(tx -> enrolments.begin(tx, company.id(), id, factor, "", document, now));
    var enrolment =
        wiring()
            .ground
            .database
            .read(tx -> enrolments.find(tx, company.id(), id, pending))
            .orElseThrow();
    var paired = Phone.of(company, pending.value());
    var seen = scene(factor);
    var scene =
        new Scene(
            seen.holder(),
            new Scene.Site(seen.site().name(), company.origin(), seen.site().origins()),
            seen.settings(),
            seen.asking(),
            seen.moment());
    if (!(wiring().methods.factors.of(company.id()).get(factor) instanceof AnsweredElsewhere asked)
        || !(asked.hear(
                scene,
                enrolment,
                new ChallengeId("pairing"),
                memo,
                paired.pairing(pairing.ticket().reveal()))
            instanceof AnsweredElsewhere.Heard.Noted(var noted))
        || !(asked.finishEnrolment(scene, enrolment, Optional.of(noted), Answer.NONE)
            instanceof Factor.Finish.Confirmed confirmed)) {
      throw new IllegalStateException(factor + " is not set up by pairing");
    }
    wiring()
        .ground
        .database
        .run(tx ->
            enrolments.confirm(
                tx, company.id(), pending, confirmed.document(), confirmed.name(), now));
    phones.add(paired);
  }

  /** The phone that was taken into use last. */
  public Phone phone() {
    if (phones.isEmpty()) {
      throw new IllegalStateException(name + " has no paired phone");
    }
    return phones.getLast();
  }

  /** Takes a phone along. */
  public Someone carrying(Phone phone) {
    phones.add(phone);
    return this;
  }

  private void register(
      FactorId factor, Secret document, Factor.Posed posed, Prompt.Credential asked) {
    var authenticator = authenticator(factor.value());
    var scene = scene(factor);
    var pending =
        new Enrolment(
            EnrolmentId.fresh(world().entropy()),
            id,
            factor,
            "",
            Enrolment.State.PENDING,
            document,
            -1,
            world().clock().now(),
            Optional.empty(),
            Optional.empty());
    var answer =
        new Answer(Map.of("credential", Secret.of(authenticator.creates(asked.options()))));
    if (!(wiring()
            .methods
            .factors
            .of(company.id())
            .get(factor)
            .finishEnrolment(scene, pending, Optional.of(posed.memo()), answer)
        instanceof Factor.Finish.Confirmed confirmed)) {
      throw new IllegalStateException(factor + " refused an honest authenticator");
    }
    wiring()
        .ground
        .database
        .run(tx -> {
          var now = world().clock().now();
          var enrolment =
              wiring()
                  .methods
                  .enrolments
                  .add(tx, company.id(), id, factor, confirmed.name(), confirmed.document(), now);
          wiring().methods.enrolments.take(tx, company.id(), enrolment, confirmed.handles());
        });
  }

  /** What this person makes and uses keys of that factor with: a synced passkey, unless it is made another. */
  public SoftAuthenticator authenticator(String factor) {
    return authenticators.computeIfAbsent(
        factor, _ -> new SoftAuthenticator(world().entropy(), company.origin()));
  }

  /** What a factor sees of this person now. */
  public Scene scene(FactorId factor) {
    return wiring()
        .ground
        .database
        .read(tx ->
            wiring()
                .course
                .scenes
                .of(tx, company.id(), record(), factor, world().node().occasion()));
  }

  /** Begins to set a factor up, or goes on with the one under way; nothing when that is not possible. */
  public Optional<SetUp.UnderWay> begins(FactorId factor, Optional<EnrolmentId> pending) {
    var setUp = wiring().enrolling.setUp;
    var occasion = world().node().occasion();
    var look =
        wiring()
            .ground
            .database
            .read(tx -> setUp.look(tx, whose(), factor, pending, occasion))
            .orElseThrow();
    var opened = setUp.open(look, Answer.NONE, false);
    return wiring().ground.database.<SetUp.Kept>write(tx -> setUp.keep(tx, look, opened, occasion))
            instanceof SetUp.Kept.Going going
        ? Optional.of(going.underWay())
        : Optional.empty();
  }

  /** Confirms the one under way. */
  public SetUp.Confirmation confirms(SetUp.UnderWay underWay, Answer answer) {
    var setUp = wiring().enrolling.setUp;
    var occasion = world().node().occasion();
    var look =
        wiring()
            .ground
            .database
            .read(tx -> setUp.look(tx, whose(), underWay.factor(), underWay.id(), occasion))
            .orElseThrow();
    var judged = setUp.judge(look, answer);
    return wiring().ground.database.write(tx -> setUp.confirm(tx, look, judged, "", occasion));
  }

  SetUp.Whose whose() {
    return new SetUp.Whose(company.id(), id, null, null);
  }

  /** Points the phone at a QR code. */
  public Someone scan(String uri) {
    this.app = AuthenticatorApp.scanning(uri);
    world().canaries().seed(app.key());
    return this;
  }

  /** Copies a key from the page into the phone. */
  public Someone type(String key) {
    this.app = AuthenticatorApp.typed(key);
    world().canaries().seed(app.key());
    return this;
  }

  /** Keeps a new sheet of codes in the place of the old. */
  public Someone keepCodes(List<String> codes) {
    sheet.clear();
    sheet.addAll(codes);
    codes.forEach(world().canaries()::backupCode);
    return this;
  }

  /** The clock of the phone is off. */
  public Someone phoneAheadBy(Duration offset) {
    this.app = app().withClockOff(offset);
    return this;
  }

  public AuthenticatorApp app() {
    if (app == null) {
      throw new IllegalStateException(name + " has no authenticator app");
    }
    return app;
  }

  /** The number of their phone, in E.164; nobody else's. */
  public String phoneNumber() {
    return phoneNumber;
  }

  /** What has come to their phone, oldest first. */
  public List<TextSink.Taken> texts() {
    return world().texts().textsTo(phoneNumber);
  }

  /** The code that came last. */
  public String textedCode() {
    return texts().getLast().code();
  }

  /** What the phone shows now. */
  public String codeNow() {
    return app().codeAt(world().instant());
  }

  /** What no phone of theirs shows anywhere near now. */
  public String wrongCode() {
    return app().wrongCodeAt(world().instant());
  }

  /** The sheet of backup codes, as printed. */
  public List<String> sheet() {
    return List.copyOf(sheet);
  }

  /** The next code of the sheet, crossed out. */
  public String backupCode() {
    return sheet.removeFirst();
  }

  public Person record() {
    return wiring()
        .ground
        .database
        .read(tx -> wiring().ground.people.find(tx, company.id(), id))
        .orElseThrow();
  }

  public Someone inGroup(String... groups) {
    return change(it -> copy(it, Set.of(groups), it.roles(), it.blocked()));
  }

  public Someone withRole(String... roles) {
    return change(it -> copy(it, it.groups(), Set.of(roles), it.blocked()));
  }

  public Someone blocked() {
    return change(it -> copy(it, it.groups(), it.roles(), true));
  }

  private Someone change(UnaryOperator<Person> edit) {
    wiring()
        .ground
        .database
        .run(tx ->
            wiring()
                .ground
                .people
                .save(
                    tx,
                    company.id(),
                    edit.apply(wiring().ground.people.find(tx, company.id(), id).orElseThrow()),
                    world().clock().now()));
    return this;
  }

  private static Person copy(Person it, Set<String> groups, Set<String> roles, boolean blocked) {
    return new Person(
        it.id(),
        it.username(),
        it.email(),
        it.emailVerified(),
        it.phone(),
        it.name(),
        groups,
        roles,
        blocked,
        it.connection(),
        it.userMetadata(),
        it.appMetadata(),
        it.createdAt(),
        it.updatedAt(),
        it.version());
  }

  /** Their mails, oldest first. */
  public List<Mail> mails() {
    return world().mailsTo(email);
  }

  /** The only living factor of that kind. */
  public EnrolmentId enrolment(String factor) {
    return wiring()
        .ground
        .database
        .read(tx -> wiring().methods.enrolments.of(tx, company.id(), id))
        .stream()
        .filter(it -> it.factor().value().equals(factor))
        .map(it -> it.id())
        .reduce((_, newest) -> newest)
        .orElseThrow();
  }

  /** Opens the demo application in a fresh browser, gives name and password, and stands wherever that leads. */
  public Visit signsIn() {
    return signsInWith(world().browser());
  }

  /** The same in this browser. */
  public Visit signsInWith(Browser browser) {
    return comesWith(browser).identifies().givesPassword(known);
  }

  /** Only opens the application, in this browser. */
  public Visit comesWith(Browser browser) {
    return new Visit(this, browser).begins();
  }

  /** Goes on from where this browser stands. */
  public Visit goesOnIn(Browser browser) {
    return new Visit(this, browser);
  }

  /** Signs in without any page, through the rooms themselves: for races and contracts, which are about those. */
  public Journey journey() {
    return Journey.begun(this, world().node());
  }

  @Override
  public String toString() {
    return name;
  }
}
