package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.challenge.AnswerPassword;
import dev.countersign.challenge.AttackWatch;
import dev.countersign.kernel.Argon2id;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.loginsession.SignIn;
import dev.countersign.signin.password.PasswordHasher;
import dev.countersign.signin.password.Passwords;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.Node;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Guessing at passwords: how much of it there can be, from wherever, and what it costs the person guessed at. */
@Isolated("Counts what the whole process hashes.")
@WorldTest
class PasswordGuessingTest {
  private static final String HOME = "198.51.100.7";
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Somebody at some address, with or without the cookie of a browser that the person has used before. */
  private record Guesser(Node node, Company company, String address, Optional<Secret> device) {
    Guesser(Node node, Company company, String address) {
      this(node, company, address, Optional.empty());
    }

    AnswerPassword.Outcome tries(String name, String password) {
      return tries(node.wiring().answers.answerPassword, name, password);
    }

    AnswerPassword.Outcome tries(AnswerPassword answer, String name, String password) {
      return begins(answer, name).apply(password);
    }

    /** A sign-in that has come to the question for the password. */
    Function<String, AnswerPassword.Outcome> begins(AnswerPassword answer, String name) {
      var occasion = new Occasion(node.now(), address, "", "req_guess");
      var begun =
          node.wiring()
              .course
              .startSignIn
              .start(
                  company.id(),
                  new SignIn.Destination(SignIn.Destination.ACCOUNT, "/account"),
                  SignIn.Asked.NOTHING,
                  Optional.empty(),
                  occasion);
      var id = begun.moved().signIn().id();
      answer.identify(company.id(), id, Optional.of(begun.browser()), name, occasion);
      return password ->
          answer.answer(
              company.id(),
              id,
              Optional.of(begun.browser()),
              device,
              Secret.of(password),
              occasion);
    }
  }

  private static Secret usedBefore(World world, Someone who) {
    var wiring = world.wiring();
    var kept =
        wiring
            .ground
            .database
            .read(tx -> wiring.proofs.passwords.find(tx, who.company().id(), who.id()))
            .orElseThrow();
    return wiring.proofs.knownBrowsers.introduce(who.company().id(), who.id(), kept.changedAt());
  }

  private static String word(AnswerPassword.Outcome outcome) {
    return switch (outcome) {
      case AnswerPassword.Outcome.Wrong _ -> "wrong";
      case AnswerPassword.Outcome.Resting(var until) ->
          "resting until " + until.map(Moment::toString).orElse("reset");
      case AnswerPassword.Outcome.Moved _ -> "in";
      case AnswerPassword.Outcome.NotDemanded _ -> "not demanded";
      case AnswerPassword.Outcome.Lost(var why) -> "lost " + why;
    };
  }

  private static long judgedWrong(Company company) {
    return company.audit().of("user.sign_in_failed").stream()
        .filter(event -> "password_invalid".equals(event.details().get("reason")))
        .count();
  }

  @Test
  void PWD_01_known_unknown_and_passwordless_names_are_answered_alike_to_the_last_guess(
      World world) {
    var acme = world.tenant("acme").inviting("otp");
    acme.person("ana");
    var cem = acme.person("cem");
    world
        .wiring()
        .ground
        .database
        .run(tx ->
            tx.sql("delete from passwords where tenant = :tenant and user_id = :user")
                .set("tenant", acme.id())
                .set("user", cem.id())
                .update());
    var answers = new ArrayList<List<String>>();
    for (var name : List.of("ana", "cem", "nobody", "nobody@acme.test")) {
      var guesser = new Guesser(world.node(), acme, "192.0.2." + name.length() + answers.size());
      answers.add(
          IntStream.range(0, 12)
              .mapToObj(_ -> word(guesser.tries(name, "wrong password")))
              .toList());
    }

    assertThat(answers.getFirst())
        .startsWith("wrong")
        .endsWith("resting until " + world.clock().now().plus(Duration.ofMinutes(10)));
    assertThat(answers).containsOnly(answers.getFirst());
  }

  @Test
  void PWD_03_every_spelling_of_a_name_is_the_same_person_and_the_same_count(World world) {
    var before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      var acme = world.tenant("acme").inviting("otp");
      var iris = acme.person("iris.id");
      var guesser = new Guesser(world.node(), acme, HOME);
      var spellings =
          List.of(
              "iris.id",
              "IRIS.ID",
              " Iris.Id ",
              "\uFF29\uFF32\uFF29\uFF33.id",
              iris.email(),
              iris.email().toUpperCase(Locale.ROOT),
              "  " + iris.email());

      for (var spelling : spellings) {
        assertThat(word(guesser.tries(spelling, "wrong password"))).as(spelling).isEqualTo("wrong");
      }
      guesser.tries("iris.id", "wrong password");
      guesser.tries("IRIS.ID", "wrong password");
      assertThat(word(guesser.tries("Iris.id", "wrong password"))).startsWith("resting");
      assertThat(word(guesser.tries(iris.email(), iris.password()))).startsWith("resting");
      assertThat(acme.audit().of("user.sign_in_failed"))
          .allSatisfy(event -> assertThat(event.user()).isEqualTo(iris.id()));
      assertThat(word(guesser.tries("iris\u0131.id", "wrong password")))
          .as("a dotless i is another letter")
          .isEqualTo("wrong");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  @WorldTest(value = Engine.POSTGRES, nodes = 2)
  void PWD_04_of_many_guesses_at_the_same_moment_ten_are_judged(World world)
      throws InterruptedException, ExecutionException {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    var guesses = new ArrayList<Callable<String>>();
    for (int i = 0; i < 200; i++) {
      var guesser = new Guesser(world.node(i % 2), acme, "192.0.2." + i);
      guesses.add(() -> word(guesser.tries("ana", "wrong password")));
    }
    var answers = new ArrayList<String>();
    try (var threads = Executors.newFixedThreadPool(32)) {
      for (var answer : threads.invokeAll(guesses)) {
        answers.add(answer.get());
      }
    }

    assertThat(answers).doesNotContain("in");
    assertThat(answers.stream().filter("wrong"::equals).count()).isEqualTo(9);
    assertThat(judgedWrong(acme)).isEqualTo(10);
    assertThat(acme.audit().count("user.locked")).isEqualTo(1);
    assertThat(word(new Guesser(world.node(1), acme, HOME).tries("ana", ana.password())))
        .startsWith("resting");
  }

  @Test
  void PWD_05_a_victim_gets_in_at_home_while_three_hundred_addresses_guess(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    var atHome = new Guesser(world.node(), acme, HOME, Optional.of(usedBefore(world, ana)));
    for (int i = 0; i < 300; i++) {
      assertThat(
              word(
                  new Guesser(world.node(), acme, "10.0." + i / 200 + "." + i % 200)
                      .tries("ana", "wrong password")))
          .isNotEqualTo("in");
    }

    assertThat(word(new Guesser(world.node(), acme, "203.0.113.9").tries("ana", ana.password())))
        .as("who guesses right by chance")
        .startsWith("resting");
    assertThat(word(atHome.tries("ana", ana.password()))).isEqualTo("in");
    assertThat(judgedWrong(acme)).isEqualTo(10);
  }

  @Test
  void PWD_05_a_known_browser_is_no_place_to_guess_and_is_known_to_its_person_alone(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    var ben = acme.person("ben");
    var guesser = new Guesser(world.node(), acme, HOME, Optional.of(usedBefore(world, ana)));
    for (int i = 0; i < 10; i++) {
      guesser.tries("ana", "wrong password");
    }
    assertThat(word(guesser.tries("ana", ana.password()))).startsWith("resting");
    assertThat(word(new Guesser(world.node(), acme, HOME).tries("ana", ana.password())))
        .as("elsewhere")
        .isEqualTo("in");

    for (int i = 0; i < 10; i++) {
      guesser.tries("ben", "wrong password");
    }
    assertThat(word(guesser.tries("ben", ben.password()))).startsWith("resting");
  }

  @Test
  void RATE_01_one_address_gets_fifty_guesses_whomever_it_names(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var guesser = new Guesser(world.node(), acme, "2001:db8:1:2:3:4:5:6");
    for (int i = 0; i < 100; i++) {
      guesser.tries("name" + i, "wrong password");
    }

    assertThat(judgedWrong(acme)).isEqualTo(50);
    assertThat(word(new Guesser(world.node(), acme, "2001:db8:1:2:ffff::1").tries("other", "x")))
        .as("the same network")
        .startsWith("resting");
    assertThat(word(new Guesser(world.node(), acme, "2001:db8:1:3::1").tries("other", "x")))
        .as("another network")
        .isEqualTo("wrong");
  }

  @Test
  void RATE_01_guesses_at_many_from_many_places_are_told_of_once_in_each_stretch(World world) {
    var acme = world.tenant("acme").inviting("otp");
    int most = AttackWatch.UNREMARKABLE.most();
    for (int i = 0; i < most - 1; i++) {
      new Guesser(world.node(), acme, "10.1." + i / 250 + "." + i % 250)
          .tries("name" + i, "wrong password");
    }
    assertThat(acme.audit().count("tenant.under_attack")).isZero();
    for (int i = 0; i < 20; i++) {
      new Guesser(world.node(), acme, "10.2.0." + i).tries("other" + i, "wrong password");
    }

    acme.audit().says("tenant.under_attack", "wrong_passwords", String.valueOf(most));
    assertThat(acme.audit().count("tenant.under_attack")).isEqualTo(1);
    assertThat(world.logs().lines())
        .anyMatch(line -> line.contains(acme.id().value()) && line.contains("wrong passwords"));
  }

  @Test
  @WorldTest(nodes = 2)
  void RATE_02_no_new_session_spelling_server_or_restart_renews_the_count(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    for (int i = 0; i < 9; i++) {
      var node = i < 6 ? world.node(i % 2) : world.addNode(world.clock());
      var typed = i % 3 == 0 ? ana.email() : i % 3 == 1 ? "ANA" : "ana";
      assertThat(word(new Guesser(node, acme, "192.0.2." + i).tries(typed, "wrong password")))
          .isEqualTo("wrong");
    }

    assertThat(word(new Guesser(world.node(1), acme, HOME).tries("ana", "wrong password")))
        .startsWith("resting");
  }

  @Test
  void each_rest_is_twice_as_long_and_a_hundred_in_a_row_close_the_door(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    var rest = Duration.ofMinutes(10);
    for (int round = 0; round < 9; round++) {
      for (int i = 0; i < 9; i++) {
        assertThat(word(new Guesser(world.node(), acme, HOME).tries("ana", "wrong password")))
            .isEqualTo("wrong");
      }
      assertThat(word(new Guesser(world.node(), acme, HOME).tries("ana", "wrong password")))
          .isEqualTo("resting until " + world.clock().now().plus(rest));
      world.later(rest);
      rest =
          rest.multipliedBy(2).compareTo(Duration.ofDays(1)) > 0
              ? Duration.ofDays(1)
              : rest.multipliedBy(2);
    }
    for (int i = 0; i < 10; i++) {
      new Guesser(world.node(), acme, HOME).tries("ana", "wrong password");
    }
    world.later(Duration.ofDays(30));

    assertThat(word(new Guesser(world.node(), acme, HOME).tries("ana", ana.password())))
        .isEqualTo("resting until reset");
    assertThat(judgedWrong(acme)).isEqualTo(100);
    world.wiring().upkeep.tidy.sweep();
    assertThat(word(new Guesser(world.node(), acme, HOME).tries("ana", ana.password())))
        .as("after tidying up")
        .isEqualTo("resting until reset");
  }

  @Test
  void RATE_06_a_guess_that_is_not_judged_costs_no_password_hash_and_a_twentieth_of_one_that_is() {
    try (var world = World.on(Engine.EMBEDDED).passwordCost(PasswordHasher.COST).make()) {
      var acme = world.tenant("acme").inviting("otp");
      var ana = acme.person("ana");
      var guesser = new Guesser(world.node(), acme, HOME);
      long accepted = cpu(40, 80, guesser, ana.password()).each();
      for (int i = 0; i < 10; i++) {
        guesser.tries("ana", "wrong password");
      }
      assertThat(word(guesser.tries("ana", ana.password()))).startsWith("resting");

      var refused = cpu(4_000, 400, guesser, ana.password());

      assertThat(judgedWrong(acme)).isEqualTo(10);
      assertThat(refused.hashing()).as("nanoseconds of hashing for refused guesses").isZero();
      assertThat(refused.each())
          .as("processor nanoseconds for a refused guess, of %d", accepted)
          .isLessThan(accepted / 20);
    }
  }

  /**
   * Processor time, which other programs on the machine do not change much.
   *
   * @param each of one answer, hashing included: what a quarter of them cost at most, since the disk's share comes and goes
   * @param hashing of all of them, for hashing alone
   */
  private record Spent(long each, long hashing) {}

  private static Spent cpu(int unmeasured, int measured, Guesser guesser, String password) {
    var answer = guesser.node().wiring().answers.answerPassword;
    for (int i = 0; i < unmeasured; i++) {
      guesser.begins(answer, "ana").apply(password);
    }
    long hashingBefore = hashing();
    var each = new long[measured];
    for (int i = 0; i < measured; i++) {
      var begun = guesser.begins(answer, "ana");
      long before = THREADS.getCurrentThreadCpuTime() + hashing();
      begun.apply(password);
      each[i] = THREADS.getCurrentThreadCpuTime() + hashing() - before;
    }
    Arrays.sort(each);
    return new Spent(each[measured / 4], hashing() - hashingBefore);
  }

  /** Passwords are hashed by threads of their own. */
  private static long hashing() {
    return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
        .filter(Objects::nonNull)
        .filter(it -> it.getThreadName().startsWith("argon2id-"))
        .mapToLong(it -> THREADS.getThreadCpuTime(it.getThreadId()))
        .sum();
  }

  @Test
  void a_password_changed_while_an_answer_was_on_its_way_lets_nobody_in(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    var wiring = world.wiring();
    var other = wiring.proofs.passwords.hash(Secret.of("seven purple llamas sing"));
    // The old password is right and hashed anew; just then somebody changes it.
    Entropy interrupting =
        count -> {
          wiring.ground.database.run(tx ->
              wiring.proofs.passwords.set(
                  tx, acme.id(), ana.id(), other, world.clock().now().plus(Duration.ofMillis(1))));
          return wiring.ground.entropy.bytes(count);
        };
    var passwords =
        new Passwords(
            wiring.ground.sealer,
            new PasswordHasher(Argon2id.best(), interrupting, new Argon2id.Cost(64, 2)));
    var hash = wiring.proofs.passwords.hash(Secret.of(ana.password()));
    wiring.ground.database.run(
        tx -> wiring.proofs.passwords.set(tx, acme.id(), ana.id(), hash, world.clock().now()));
    var answer =
        new AnswerPassword(
            wiring.ground.database,
            wiring.course.signIns,
            wiring.course.progress,
            wiring.ground.people,
            passwords,
            wiring.proofs.knownBrowsers,
            wiring.ground.digester,
            wiring.proofs.ledger,
            wiring.proofs.guesses,
            wiring.ground.audit,
            wiring.delivery.notices,
            new AttackWatch(wiring.proofs.allowances, wiring.ground.audit),
            wiring.course.trustedBrowsers,
            wiring.risk.browserKeys,
            wiring.risk.stolenPasswords);

    assertThat(word(new Guesser(world.node(), acme, HOME).tries(answer, "ana", ana.password())))
        .isEqualTo("wrong");
    assertThat(word(new Guesser(world.node(), acme, HOME).tries("ana", "seven purple llamas sing")))
        .isEqualTo("in");
  }
}
