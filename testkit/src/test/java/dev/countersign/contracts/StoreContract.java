package dev.countersign.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Mode;
import dev.countersign.factor.Enrolment;
import dev.countersign.identity.Identifier;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Device;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.UserId;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.proof.Allowance;
import dev.countersign.proof.Allowances;
import dev.countersign.proof.Door;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.Guesses;
import dev.countersign.proof.Spendables;
import dev.countersign.risk.Browser;
import dev.countersign.risk.Observe;
import dev.countersign.risk.lists.AddressList;
import dev.countersign.risk.lists.Source;
import dev.countersign.risk.networks.Networks;
import dev.countersign.signin.TrustedBrowser;
import dev.countersign.signin.TrustedBrowsers;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What the rooms rely on of their tables, whatever the database. */
interface StoreContract {
  private static <T> T in(World world, Function<Tx, T> work) {
    return world.wiring().ground.database.<T>write(work::apply);
  }

  // The same by the type of what comes back, which AssertJ has to know.

  private static Object got(World world, Function<Tx, ?> work) {
    return Objects.requireNonNull(world.wiring().ground.database.write(work::apply));
  }

  private static <T> Optional<T> maybe(World world, Function<Tx, Optional<T>> work) {
    return world.wiring().ground.database.write(work::apply);
  }

  private static <T> List<T> list(World world, Function<Tx, List<T>> work) {
    return world.wiring().ground.database.write(work::apply);
  }

  private static boolean did(World world, Function<Tx, Boolean> work) {
    return world.wiring().ground.database.write(work::apply);
  }

  // Tenants

  @Test
  default void a_tenant_is_found_by_id_slug_and_host(World world) {
    var acme = world.tenant("acme");
    var tenants = world.wiring().ground.tenants;

    var found = tenants.bySlug(acme.slug()).orElseThrow();

    assertThat(found.id()).isEqualTo(acme.id());
    assertThat(tenants.find(acme.id())).contains(found);
    assertThat(tenants.at(acme.host())).contains(acme.id());
    assertThat(tenants.at("other." + acme.host())).isEmpty();
  }

  @Test
  default void a_slug_and_a_host_belong_to_one_tenant(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var host = "login." + acme.slug() + ".example";

    assertThat(world.wiring().ground.tenants.create(acme.slug(), "Again", world.clock().now()))
        .isInstanceOf(Tenants.Creation.Taken.class);
    assertThat(world.wiring().ground.tenants.addHost(acme.id(), host)).isTrue();
    assertThat(world.wiring().ground.tenants.addHost(beta.id(), host)).isFalse();
    assertThat(world.wiring().ground.tenants.at(host)).contains(acme.id());
  }

  @Test
  default void a_tenant_read_before_anothers_change_cannot_be_saved(World world) {
    var tenants = world.wiring().ground.tenants;
    var before = tenants.get(world.tenant("acme").id());

    assertThat(tenants.save(before)).isTrue();
    assertThat(tenants.save(before)).isFalse();
  }

  @Test
  default void the_clock_of_a_sandbox_is_moved_by_everybody_who_moves_it(World world) {
    var acme = world.sandbox("acme");
    var now = world.clock().now();

    var moved =
        AtOnce.all(i ->
            () -> {
              var wiring = world.node(i % world.nodes().size()).wiring();
              return wiring.ground.database.write(
                  tx -> wiring.ground.sandboxes.advance(tx, acme.id(), Duration.ofMinutes(1)));
            });

    assertThat(moved).containsOnly(true);
    for (var node : world.nodes()) {
      assertThat(node.wiring().ground.sandboxes.now(acme.id(), now))
          .isEqualTo(now.plus(Duration.ofMinutes(AtOnce.THREADS)));
    }
  }

  // People

  @Test
  default void a_person_is_kept_whole(World world) {
    var acme = world.tenant("acme");
    var newcomer =
        new People.Newcomer(
            new UserId("auth0|" + acme.slug()),
            "Zoë",
            "Zoë@Example.COM",
            true,
            "+12025550100",
            "Zoë \uD83E\uDD8A",
            Set.of("staff", "admins"),
            Set.of("teller"),
            Map.of("colour", "blue", "n", 3),
            Map.of("deep", Map.of("list", List.of(1, 2))));

    var added =
        in(
            world,
            tx -> world.wiring().ground.people.add(tx, acme.id(), newcomer, world.clock().now()));
    var found =
        in(world, tx -> world.wiring().ground.people.find(tx, acme.id(), added.id())).orElseThrow();

    assertThat(found).isEqualTo(added);
    assertThat(
            maybe(
                world,
                tx -> world.wiring().ground.people.find(tx, acme.id(), Identifier.of("ZOË"))))
        .contains(found);
    assertThat(
            maybe(
                world,
                tx ->
                    world
                        .wiring()
                        .ground
                        .people
                        .find(tx, acme.id(), Identifier.of(" zoë@example.com "))))
        .contains(found);
  }

  @Test
  default void TEN_03_the_same_names_and_ids_in_two_tenants_are_two_people(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var newcomer =
        new People.Newcomer(
            new UserId("auth0|same"),
            "ana",
            "ana@example.com",
            true,
            null,
            null,
            Set.of(),
            Set.of(),
            Map.of(),
            Map.of());

    for (var company : List.of(acme, beta)) {
      in(
          world,
          tx -> world.wiring().ground.people.add(tx, company.id(), newcomer, world.clock().now()));
    }

    assertThat(
            did(
                world,
                tx -> world.wiring().ground.people.remove(tx, acme.id(), new UserId("auth0|same"))))
        .isTrue();
    assertThat(
            maybe(
                world,
                tx -> world.wiring().ground.people.find(tx, acme.id(), Identifier.of("ana"))))
        .isEmpty();
    assertThat(
            maybe(
                world,
                tx -> world.wiring().ground.people.find(tx, beta.id(), Identifier.of("ana"))))
        .isPresent();
  }

  @Test
  default void a_taken_name_is_refused_and_nothing_of_its_bearer_stays(World world) {
    var acme = world.tenant("acme");
    acme.person("ana");

    assertThatThrownBy(() ->
            in(
                world,
                tx ->
                    world
                        .wiring()
                        .ground
                        .people
                        .add(
                            tx,
                            acme.id(),
                            People.Newcomer.named("ANA", "new@example.com"),
                            world.clock().now())))
        .isInstanceOf(StorageException.Duplicate.class);
    assertThat(
            maybe(
                world,
                tx ->
                    world
                        .wiring()
                        .ground
                        .people
                        .find(tx, acme.id(), Identifier.of("new@example.com"))))
        .isEmpty();
  }

  @Test
  default void a_person_read_before_anothers_change_cannot_be_saved(World world) {
    var acme = world.tenant("acme");
    Person before = acme.person("ana").record();

    assertThat(
            did(
                world,
                tx ->
                    world.wiring().ground.people.save(tx, acme.id(), before, world.clock().now())))
        .isTrue();
    assertThat(
            did(
                world,
                tx ->
                    world.wiring().ground.people.save(tx, acme.id(), before, world.clock().now())))
        .isFalse();
  }

  // Enrolments

  @Test
  default void an_enrolment_is_confirmed_once_and_removed_once_and_its_record_stays(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    var enrolments = world.wiring().methods.enrolments;
    var now = world.clock().now();
    var id =
        in(
            world,
            tx ->
                enrolments.begin(
                    tx, acme.id(), ana.id(), new FactorId("otp"), "", Secret.of("first"), now));

    assertThat(
            did(
                world,
                tx -> enrolments.confirm(tx, acme.id(), id, Secret.of("document"), "Phone", now)))
        .isTrue();
    assertThat(
            did(
                world,
                tx -> enrolments.confirm(tx, acme.id(), id, Secret.of("other"), "Phone", now)))
        .isFalse();
    assertThat(maybe(world, tx -> enrolments.find(tx, acme.id(), ana.id(), id)))
        .hasValueSatisfying(it -> {
          assertThat(it.document()).isEqualTo(Secret.of("document"));
          assertThat(it.state()).isEqualTo(Enrolment.State.ACTIVE);
          assertThat(it.confirmedAt()).contains(now);
        });
    assertThat(did(world, tx -> enrolments.remove(tx, acme.id(), id, now))).isTrue();
    assertThat(did(world, tx -> enrolments.remove(tx, acme.id(), id, now))).isFalse();
    assertThat(list(world, tx -> enrolments.of(tx, acme.id(), ana.id()))).isEmpty();
    assertThat(list(world, tx -> enrolments.history(tx, acme.id(), ana.id())))
        .singleElement()
        .satisfies(it -> assertThat(it.document().isEmpty()).isTrue());
  }

  @Test
  default void TEN_01_an_enrolment_is_found_by_its_own_person_in_its_own_tenant_only(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var ana = acme.person("ana").enrolledIn("otp");
    var ben = acme.person("ben");
    var enrolments = world.wiring().methods.enrolments;

    assertThat(maybe(world, tx -> enrolments.find(tx, acme.id(), ana.id(), ana.enrolment("otp"))))
        .isPresent();
    assertThat(maybe(world, tx -> enrolments.find(tx, acme.id(), ben.id(), ana.enrolment("otp"))))
        .isEmpty();
    assertThat(maybe(world, tx -> enrolments.find(tx, beta.id(), ana.id(), ana.enrolment("otp"))))
        .isEmpty();
    assertThat(
            did(
                world,
                tx -> enrolments.remove(tx, beta.id(), ana.enrolment("otp"), world.clock().now())))
        .isFalse();
    assertThat(did(world, tx -> enrolments.disable(tx, beta.id(), ana.enrolment("otp")))).isFalse();
  }

  // Spendables

  @Test
  default void TIME_04_a_thing_can_be_spent_until_it_expires_to_the_millisecond(World world) {
    var acme = world.tenant("acme");
    var spendables = world.wiring().proofs.spendables;
    var now = world.clock().now();
    var end = now.plus(Duration.ofSeconds(60));
    for (var at : List.of(new Moment(end.millis() - 1), end, new Moment(end.millis() + 1))) {
      var value = Secret.fresh(world.entropy(), 256);
      in(
          world,
          tx -> {
            spendables.put(
                tx, acme.id(), Spendables.Kind.AUTHORIZATION_CODE, value, "owner", "{}", now, end);
            return value;
          });

      var got =
          in(
              world,
              tx -> spendables.spend(tx, acme.id(), Spendables.Kind.AUTHORIZATION_CODE, value, at));

      assertThat(got)
          .isInstanceOf(
              at.isBefore(end)
                  ? Spendables.Spending.Spent.class
                  : Spendables.Spending.Expired.class);
    }
  }

  @Test
  default void TEN_01_a_thing_of_one_tenant_kind_or_owner_is_nothing_to_another(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var spendables = world.wiring().proofs.spendables;
    var now = world.clock().now();
    var value = Secret.fresh(world.entropy(), 256);
    in(
        world,
        tx -> {
          spendables.put(
              tx,
              acme.id(),
              Spendables.Kind.REFRESH_TOKEN,
              value,
              "owner",
              "{}",
              now,
              now.plus(Duration.ofHours(1)));
          spendables.put(
              tx,
              acme.id(),
              Spendables.Kind.BACKUP_CODE,
              value,
              "sheet",
              "{}",
              now,
              now.plus(Duration.ofHours(1)));
          return value;
        });

    assertThat(
            got(
                world,
                tx -> spendables.spend(tx, beta.id(), Spendables.Kind.REFRESH_TOKEN, value, now)))
        .isInstanceOf(Spendables.Spending.Unknown.class);
    assertThat(
            got(
                world,
                tx -> spendables.spend(tx, acme.id(), Spendables.Kind.PASSWORD_RESET, value, now)))
        .isInstanceOf(Spendables.Spending.Unknown.class);
    assertThat(
            got(
                world,
                tx ->
                    spendables.spend(
                        tx, acme.id(), Spendables.Kind.BACKUP_CODE, "other sheet", value, now)))
        .isInstanceOf(Spendables.Spending.Unknown.class);
    assertThat(
            got(
                world,
                tx -> spendables.spend(tx, acme.id(), Spendables.Kind.REFRESH_TOKEN, value, now)))
        .isInstanceOf(Spendables.Spending.Spent.class);
    assertThat(
            got(
                world,
                tx -> spendables.left(tx, acme.id(), Spendables.Kind.BACKUP_CODE, "sheet", now)))
        .isEqualTo(1);
    assertThat(
            got(
                world,
                tx -> spendables.discard(tx, acme.id(), Spendables.Kind.BACKUP_CODE, "sheet")))
        .isEqualTo(1);
  }

  @Test
  default void tidying_takes_what_is_over_and_no_more_than_it_may(World world) {
    var acme = world.tenant("acme");
    var spendables = world.wiring().proofs.spendables;
    var now = world.clock().now();
    in(
        world,
        tx -> {
          for (int i = 1; i <= 10; i++) {
            spendables.put(
                tx,
                acme.id(),
                Spendables.Kind.AUTHORIZATION_CODE,
                Secret.fresh(world.entropy(), 256),
                "o",
                "{}",
                now,
                now.plus(Duration.ofSeconds(i)));
          }
          return acme;
        });

    assertThat(got(world, tx -> spendables.tidy(tx, acme.id(), now.plus(Duration.ofSeconds(6)), 3)))
        .isEqualTo(3);
    assertThat(
            got(world, tx -> spendables.tidy(tx, acme.id(), now.plus(Duration.ofSeconds(6)), 100)))
        .isEqualTo(2);
    assertThat(
            got(
                world,
                tx -> spendables.left(tx, acme.id(), Spendables.Kind.AUTHORIZATION_CODE, "o", now)))
        .isEqualTo(5);
  }

  // Guesses and allowances

  @Test
  default void a_door_rests_after_its_burst_twice_as_long_each_time_and_closes_at_its_ceiling(
      World world) {
    var acme = world.tenant("acme");
    var door =
        List.of(
            new Door("door", new GuessLimits(3, Duration.ofMinutes(5), Duration.ofMinutes(5), 8)));
    var guesses = world.wiring().proofs.guesses;
    var now = world.clock().now();
    Function<Moment, Guesses.Failure> fail =
        at -> in(world, tx -> guesses.failed(tx, acme.id(), "ana", door, at));

    assertThat(fail.apply(now)).isEqualTo(new Guesses.Failure.Counted(2));
    assertThat(fail.apply(now)).isEqualTo(new Guesses.Failure.Counted(1));
    assertThat(fail.apply(now))
        .isEqualTo(new Guesses.Failure.NowResting(now.plus(Duration.ofMinutes(5))));
    var awake = now.plus(Duration.ofMinutes(5));
    assertThat(fail.apply(new Moment(awake.millis() - 1)))
        .isInstanceOf(Guesses.Failure.NoRoom.class);
    assertThat(
            did(
                world,
                tx -> guesses.admits(tx, acme.id(), "ana", door, new Moment(awake.millis() - 1))))
        .isFalse();
    assertThat(fail.apply(awake))
        .as("TIME-04: open again from the very moment")
        .isEqualTo(new Guesses.Failure.Counted(2));
    fail.apply(awake);
    assertThat(fail.apply(awake))
        .isEqualTo(new Guesses.Failure.NowResting(awake.plus(Duration.ofMinutes(10))));
    var later = awake.plus(Duration.ofMinutes(10));
    fail.apply(later);
    assertThat(fail.apply(later)).isInstanceOf(Guesses.Failure.NowClosed.class);
    assertThat(
            got(
                world,
                tx -> guesses.standing(tx, acme.id(), "ana", door, later.plus(Duration.ofDays(9)))))
        .isInstanceOf(Guesses.Standing.Closed.class);
    assertThat(got(world, tx -> guesses.standing(tx, acme.id(), "ben", door, now)))
        .isEqualTo(new Guesses.Standing.Open(3));
  }

  @Test
  default void TEN_03_wrong_answers_in_one_tenant_are_none_in_another(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var door =
        List.of(
            new Door("door", new GuessLimits(1, Duration.ofMinutes(5), Duration.ofMinutes(5), 8)));
    var guesses = world.wiring().proofs.guesses;

    in(world, tx -> guesses.failed(tx, acme.id(), "ana", door, world.clock().now()));

    assertThat(got(world, tx -> guesses.standing(tx, acme.id(), "ana", door, world.clock().now())))
        .isInstanceOf(Guesses.Standing.Resting.class);
    assertThat(got(world, tx -> guesses.standing(tx, beta.id(), "ana", door, world.clock().now())))
        .isEqualTo(new Guesses.Standing.Open(1));
  }

  @Test
  default void an_allowance_is_used_up_and_comes_back(World world) {
    var acme = world.tenant("acme");
    var allowance = new Allowance("letters", 2, Duration.ofHours(1));
    var allowances = world.wiring().proofs.allowances;
    var now = world.clock().now();

    assertThat(got(world, tx -> allowances.take(tx, acme.id(), allowance, "ana", now)))
        .isEqualTo(new Allowances.Taking.Taken(1));
    assertThat(got(world, tx -> allowances.take(tx, acme.id(), allowance, "ana", now)))
        .isEqualTo(new Allowances.Taking.Taken(0));
    assertThat(got(world, tx -> allowances.take(tx, acme.id(), allowance, "ana", now)))
        .isEqualTo(new Allowances.Taking.NoneLeft(now.plus(Duration.ofHours(1))));
    assertThat(got(world, tx -> allowances.take(tx, acme.id(), allowance, "ben", now)))
        .isEqualTo(new Allowances.Taking.Taken(1));
    assertThat(
            got(
                world,
                tx ->
                    allowances.take(
                        tx, acme.id(), allowance, "ana", now.plus(Duration.ofHours(1)))))
        .isEqualTo(new Allowances.Taking.Taken(1));
  }

  // Sign-ins

  private static SignIns.Begun begun(World world, Company acme) {
    var begun =
        world
            .wiring()
            .course
            .signIns
            .begin(
                acme.id(),
                new SignIn.Destination(SignIn.Destination.ACCOUNT, "/"),
                SignIn.Asked.NOTHING,
                SignIn.Notes.NONE,
                world.clock().now());
    var saved = in(world, tx -> world.wiring().course.progress.open(tx, begun.signIn()));
    return new SignIns.Begun(saved, begun.browser());
  }

  @Test
  default void LS_01_a_sign_in_is_found_by_the_browser_that_began_it(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var begun = begun(world, acme);
    var signIns = world.wiring().course.signIns;
    var now = world.clock().now();

    assertThat(
            got(
                world,
                tx ->
                    signIns.find(
                        tx,
                        acme.id(),
                        begun.signIn().id(),
                        Optional.of(begun.browser()),
                        false,
                        now)))
        .isInstanceOf(SignIns.Finding.Found.class);
    assertThat(
            got(
                world,
                tx ->
                    signIns.find(
                        tx,
                        acme.id(),
                        begun.signIn().id(),
                        Optional.of(Secret.of("other")),
                        false,
                        now)))
        .isInstanceOf(SignIns.Finding.OtherBrowser.class);
    assertThat(
            got(
                world,
                tx ->
                    signIns.find(tx, acme.id(), begun.signIn().id(), Optional.empty(), false, now)))
        .isInstanceOf(SignIns.Finding.OtherBrowser.class);
    assertThat(
            got(
                world,
                tx ->
                    signIns.find(
                        tx,
                        beta.id(),
                        begun.signIn().id(),
                        Optional.of(begun.browser()),
                        false,
                        now)))
        .isInstanceOf(SignIns.Finding.Unknown.class);
  }

  @Test
  default void LS_04_of_two_moves_from_the_same_place_one_is_saved(World world) {
    var begun = begun(world, world.tenant("acme")).signIn();
    var moved = begun.withState(new LoginSession.Pending(Optional.of("ana")));

    assertThat(did(world, tx -> world.wiring().course.signIns.save(tx, moved))).isTrue();
    assertThat(
            did(
                world,
                tx ->
                    world
                        .wiring()
                        .course
                        .signIns
                        .save(tx, begun.withState(new LoginSession.Pending(Optional.of("ben"))))))
        .isFalse();
  }

  @Test
  default void TIME_04_a_sign_in_lives_for_an_hour_to_the_millisecond(World world) {
    var acme = world.tenant("acme");
    var begun = begun(world, acme);
    var end = world.clock().now().plus(SignIns.LIFE);
    Function<Moment, SignIns.Finding> find =
        at ->
            in(
                world,
                tx ->
                    world
                        .wiring()
                        .course
                        .signIns
                        .find(
                            tx,
                            acme.id(),
                            begun.signIn().id(),
                            Optional.of(begun.browser()),
                            false,
                            at));

    assertThat(find.apply(new Moment(end.millis() - 1))).isInstanceOf(SignIns.Finding.Found.class);
    assertThat(find.apply(end)).isInstanceOf(SignIns.Finding.Expired.class);
  }

  // Policies

  @Test
  default void every_version_of_a_policy_stays_readable(World world) {
    var acme = world.tenant("acme").requiring("otp").demandingNothing();
    var policies = world.wiring().course.policies;

    var current = in(world, tx -> policies.current(tx, acme.id()));
    assertThat(current.version()).isEqualTo(2);
    assertThat(current.mode()).isEqualTo(Mode.OFF);
    assertThat(in(world, tx -> policies.version(tx, acme.id(), 1)).mode()).isEqualTo(Mode.REQUIRED);
    assertThat(in(world, tx -> policies.version(tx, acme.id(), 0)).mode()).isEqualTo(Mode.OPTIONAL);
  }

  @Test
  default void TEN_07_a_policy_changed_on_one_server_is_live_on_the_other_at_once(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var there = world.node(1).wiring();
    assertThat(
            there.ground.database.read(tx -> there.course.policies.current(tx, acme.id())).mode())
        .isEqualTo(Mode.OPTIONAL);

    acme.requiring("otp");

    assertThat(
            there.ground.database.read(tx -> there.course.policies.current(tx, acme.id())).mode())
        .isEqualTo(Mode.REQUIRED);
    assertThat(
            there.ground.database.read(tx -> there.course.policies.current(tx, beta.id())).mode())
        .isEqualTo(Mode.OPTIONAL);
  }

  // Audit

  @Test
  default void the_log_keeps_the_order_of_writing_and_gives_it_by_filter(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var ana = acme.person("ana");
    var audit = world.wiring().ground.audit;
    var occasion = world.node().occasion();
    in(
        world,
        tx -> {
          for (int i = 0; i < 30; i++) {
            var event =
                AuditEvent.failure(
                    i % 2 == 0 ? AuditType.MFA_FAILED : AuditType.SIGN_IN_FAILED,
                    occasion,
                    "n" + i);
            audit.record(tx, acme.id(), i % 3 == 0 ? event.by(ana.id()) : event);
          }
          return audit;
        });

    var all = in(world, tx -> audit.oldestFirst(tx, acme.id(), Audit.Filter.ALL, 100));
    assertThat(all)
        .extracting(event -> event.details().get("reason"))
        .containsExactlyElementsOf(
            java.util.stream.IntStream.range(0, 30).mapToObj(i -> "n" + i).toList());
    assertThat(list(world, tx -> audit.newestFirst(tx, acme.id(), Audit.Filter.ALL, 5, 2)))
        .extracting(event -> event.details().get("reason"))
        .containsExactly("n24", "n23");
    assertThat(
            list(world, tx -> audit.oldestFirst(tx, acme.id(), Audit.Filter.about(ana.id()), 100)))
        .hasSize(10);
    assertThat(
            list(
                world,
                tx -> audit.oldestFirst(tx, acme.id(), Audit.Filter.after(all.get(9).id()), 100)))
        .hasSize(20);
    assertThat(maybe(world, tx -> audit.find(tx, beta.id(), all.getFirst().id()))).isEmpty();
    assertThat(list(world, tx -> audit.oldestFirst(tx, beta.id(), Audit.Filter.ALL, 100)))
        .isEmpty();
  }

  @Test
  default void AUD_02_nothing_that_is_logged_can_pass_for_two_lines(World world) {
    var acme = world.tenant("acme");
    var nasty = "a\r\nb\u001b[31m\u2028c\u202ed\0" + "x".repeat(1_000_000);
    in(
        world,
        tx -> {
          world
              .wiring()
              .ground
              .audit
              .record(
                  tx,
                  acme.id(),
                  AuditEvent.failure(AuditType.MFA_FAILED, world.node().occasion(), nasty));
          return acme;
        });

    var told = acme.audit().last("user.mfa_failed").details().get("reason");

    assertThat(told).hasSize(500).startsWith("a\uFFFD\uFFFDb\uFFFD[31m\uFFFDc\uFFFDd\uFFFDxxx");
  }

  // All of them

  @Test
  default void an_id_of_odd_characters_is_kept_as_it_is(World world) {
    var acme = world.tenant("acme");
    var id = new UserId("auth0|';--\"%_\\ü" + Ids.fresh("", world.entropy()));
    var newcomer =
        new People.Newcomer(
            id,
            null,
            null,
            false,
            null,
            "'; drop table users; --",
            Set.of(),
            Set.of(),
            Map.of(),
            Map.of());

    in(world, tx -> world.wiring().ground.people.add(tx, acme.id(), newcomer, world.clock().now()));

    assertThat(
            maybe(world, tx -> world.wiring().ground.people.find(tx, acme.id(), id))
                .orElseThrow()
                .name())
        .isEqualTo("'; drop table users; --");
  }

  // Trusted browsers, habits

  private static TrustedBrowsers.Made trusts(World world, Company company, Someone who) {
    return world
        .wiring()
        .ground
        .database
        .write(tx ->
            world
                .wiring()
                .course
                .trustedBrowsers
                .trust(
                    tx,
                    company.id(),
                    who.id(),
                    SignInId.fresh(world.entropy()),
                    new FactorId("otp"),
                    "",
                    Duration.ofDays(1),
                    world.node().occasion()));
  }

  @Test
  default void TEN_01_a_trusted_browser_is_one_persons_in_one_tenant_and_tidied_when_long_over(
      World world) {
    var acme = world.tenant("acme");
    var other = world.tenant("other");
    var ana = acme.person("ana");
    var twin = other.person("ana");
    var browsers = world.wiring().course.trustedBrowsers;
    var one = trusts(world, acme, ana);
    for (int i = 0; i < 25; i++) {
      world.later(Duration.ofSeconds(1));
      trusts(world, acme, ana);
    }
    trusts(world, other, twin);

    var database = world.wiring().ground.database;
    var now = world.clock().now();
    assertThat(database.<List<TrustedBrowser>>read(tx -> browsers.of(tx, acme.id(), ana.id(), now)))
        .as("the oldest made room")
        .hasSize(20)
        .extracting(it -> it.id())
        .doesNotContain(one.browser().id());
    var id = database.read(tx -> browsers.of(tx, acme.id(), ana.id(), now)).getFirst().id();
    assertThat(
            database.<Optional<TrustedBrowser>>read(
                tx -> browsers.find(tx, acme.id(), ana.id(), id)))
        .isPresent();
    assertThat(
            database.<Optional<TrustedBrowser>>read(
                tx -> browsers.find(tx, acme.id(), twin.id(), id)))
        .isEmpty();
    assertThat(
            database.<Optional<TrustedBrowser>>read(
                tx -> browsers.find(tx, other.id(), ana.id(), id)))
        .isEmpty();

    var later = now.plus(Duration.ofDays(2));
    assertThat(database.<Integer>write(tx -> browsers.tidy(tx, acme.id(), now, 100))).isZero();
    assertThat(database.<Integer>write(tx -> browsers.tidy(tx, acme.id(), later, 15)))
        .isEqualTo(15);
    assertThat(database.<Integer>write(tx -> browsers.tidy(tx, acme.id(), later, 15))).isEqualTo(5);
    assertThat(
            database.<List<TrustedBrowser>>read(tx -> browsers.of(tx, other.id(), twin.id(), now)))
        .hasSize(1);
  }

  @Test
  default void a_place_is_new_once_and_what_was_chosen_first_is_kept_until_it_is_taken_back(
      World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana").enrolledIn("otp");
    var habits = world.wiring().methods.habits;
    var database = world.wiring().ground.database;
    var otp = new FactorId("otp");
    var enrolment =
        database
            .read(tx ->
                world
                    .wiring()
                    .methods
                    .enrolments
                    .find(tx, acme.id(), ana.id(), ana.enrolment("otp")))
            .orElseThrow();
    var now = world.clock().now();
    var there = new Occasion(now, "198.51.100.7", "Android Mobile", "req_1");
    var next = new Occasion(now, "198.51.100.99", "Android Mobile", "req_2");
    var desk = new Occasion(now, "198.51.100.99", "Linux", "req_3");
    assertThat(database.<Boolean>write(tx -> habits.used(tx, acme.id(), enrolment, there)))
        .isTrue();
    assertThat(database.<Boolean>write(tx -> habits.used(tx, acme.id(), enrolment, there)))
        .isFalse();
    assertThat(database.<Boolean>write(tx -> habits.used(tx, acme.id(), enrolment, next)))
        .isFalse();
    assertThat(database.<Boolean>write(tx -> habits.used(tx, acme.id(), enrolment, desk))).isTrue();

    database.run(tx -> habits.choose(tx, acme.id(), ana.id(), Optional.of(otp), now));
    database.run(tx -> habits.choose(tx, acme.id(), ana.id(), Optional.of(otp), now));
    var known = database.read(tx -> habits.of(tx, acme.id(), ana.id(), Device.Kind.PHONE));
    assertThat(known.first()).contains(otp);
    assertThat(known.lastUsed()).containsEntry(otp, now);
    database.run(tx -> habits.choose(tx, acme.id(), ana.id(), Optional.empty(), now));
    assertThat(database.<Optional<FactorId>>read(tx -> habits.first(tx, acme.id(), ana.id())))
        .isEmpty();

    var later = now.plus(Duration.ofSeconds(1));
    assertThat(database.<Integer>write(tx -> habits.tidy(tx, acme.id(), now, 10))).isZero();
    assertThat(database.<Integer>write(tx -> habits.tidy(tx, acme.id(), later, 2))).isEqualTo(2);
    assertThat(database.<Integer>write(tx -> habits.tidy(tx, acme.id(), later, 2))).isEqualTo(1);
  }

  // What is known of how people sign in

  private static Observe.Observed observed(World world, Someone who, Occasion occasion) {
    var observe = world.wiring().risk.observe;
    return world
        .wiring()
        .ground
        .database
        .write(tx ->
            observe.observe(
                tx, who.company().id(), who.id(), Browser.of(occasion), List.of(), occasion));
  }

  private static void learned(World world, Someone who, Occasion occasion) {
    var observe = world.wiring().risk.observe;
    world
        .wiring()
        .ground
        .database
        .run(tx -> observe.learn(tx, who.company().id(), who.id(), Browser.of(occasion), occasion));
  }

  private static Occasion visit(Moment at, String address, String device) {
    return new Occasion(
        at,
        address,
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "req_1",
        "",
        "",
        "",
        Secret.of(device));
  }

  private static List<String> words(Observe.Observed observed) {
    return observed.findings().stream().map(it -> it.signal().word()).toList();
  }

  @Test
  default void what_is_learned_of_one_person_is_known_of_nobody_else(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    var now = world.clock().now();
    var here = visit(now, "192.0.2.7", "d".repeat(22));
    var far = visit(now.plus(Duration.ofMinutes(30)), "203.0.113.7", "d".repeat(22));

    assertThat(words(observed(world, ana, here))).containsExactly("new_device");
    learned(world, ana, here);
    learned(world, ana, here);

    assertThat(words(observed(world, ana, here))).isEmpty();
    assertThat(observed(world, ana, here).country()).isEqualTo("DE");
    assertThat(words(observed(world, ana, far)))
        .containsExactly("new_country", "impossible_travel");
    assertThat(words(observed(world, acme.person("ben"), here))).containsExactly("new_device");
    assertThat(words(observed(world, world.tenant("beta").person("ana"), here)))
        .containsExactly("new_device");
  }

  @Test
  default void whoever_learns_from_something_old_looks_again(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    var now = world.clock().now();
    var first = visit(now, "192.0.2.7", "a".repeat(22));
    learned(world, ana, first);
    var second = visit(now.plus(Duration.ofHours(2)), "192.0.2.7", "b".repeat(22));
    var third = visit(now.plus(Duration.ofHours(2)), "192.0.2.7", "c".repeat(22));

    observed(world, ana, second); // What was read here is old once the other one has learned.
    var other = world.addNode(world.clock());
    other
        .wiring()
        .ground
        .database
        .run(tx ->
            other.wiring().risk.observe.learn(tx, acme.id(), ana.id(), Browser.of(third), third));
    learned(world, ana, second);

    assertThat(words(observed(world, ana, second))).isEmpty();
    assertThat(words(observed(world, ana, third))).isEmpty();
  }

  @Test
  default void what_is_old_is_forgotten_but_for_when_somebody_was_here(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    var observe = world.wiring().risk.observe;
    var now = world.clock().now();
    learned(world, ana, visit(now, "192.0.2.7", "d".repeat(22)));
    var later = visit(now.plus(Duration.ofDays(401)), "192.0.2.7", "d".repeat(22));
    var before = now.plus(Duration.ofDays(1));

    assertThat(
            world
                .wiring()
                .ground
                .database
                .<Integer>write(tx -> observe.tidy(tx, acme.id(), now, 10)))
        .isZero();
    assertThat(
            world
                .wiring()
                .ground
                .database
                .<Integer>write(tx -> observe.tidy(tx, acme.id(), before, 10)))
        .isEqualTo(1);
    assertThat(
            world
                .wiring()
                .ground
                .database
                .<Integer>write(tx -> observe.tidy(tx, acme.id(), before, 10)))
        .isZero();

    assertThat(words(observed(world, ana, later)))
        .containsExactly("new_device", "new_country", "long_absence");
    assertThat(did(world, tx -> observe.forget(tx, acme.id(), ana.id()))).isTrue();
    var ben = acme.person("ben").id();
    assertThat(did(world, tx -> observe.forget(tx, acme.id(), ben))).isFalse();
  }

  @Test
  default void a_tenants_list_of_addresses_counts_there_and_nowhere_else(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    var lists = world.wiring().risk.addressLists;
    var now = world.clock().now();
    var settings =
        new AddressList(
            "new",
            "Ours",
            Source.OWN,
            null,
            Optional.empty(),
            40,
            false,
            Duration.ZERO,
            AddressList.Standing.NEW,
            now);
    var entries = Networks.read("192.0.2.0/24", 10).orElseThrow();
    var here = visit(now, "192.0.2.7", "d".repeat(22));

    var list = maybe(world, tx -> lists.add(tx, acme.id(), settings, entries, now)).orElseThrow();

    assertThat(words(observed(world, acme.person("ana"), here)))
        .containsExactly("address_listed", "new_device");
    assertThat(words(observed(world, beta.person("ana"), here))).containsExactly("new_device");
    assertThat(maybe(world, tx -> lists.find(tx, acme.id(), list.id()))).contains(list);
    assertThat(maybe(world, tx -> lists.find(tx, beta.id(), list.id()))).isEmpty();
    assertThat(did(world, tx -> lists.remove(tx, beta.id(), list.id(), now))).isFalse();
    assertThat(did(world, tx -> lists.remove(tx, acme.id(), list.id(), now))).isTrue();
    assertThat(words(observed(world, acme.person("ana"), here))).containsExactly("new_device");
  }
}
