package dev.countersign.contracts;

import static dev.countersign.contracts.InStore.did;
import static dev.countersign.contracts.InStore.got;
import static dev.countersign.contracts.InStore.in;
import static dev.countersign.contracts.InStore.maybe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.enforcement.Because;
import dev.countersign.enforcement.Demand;
import dev.countersign.enforcement.Level;
import dev.countersign.kernel.ClientId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.Transaction;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.risk.Finding;
import dev.countersign.risk.Signal;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What rooms rely on of the table of sign-ins. */
interface SignInStoreContract {
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

  /** As somebody reads it who has kept nothing: another server would, after this one was gone. */
  private static Optional<SignIn> readAfresh(World world, SignIn it) {
    var ground = world.wiring().ground;
    var strangers =
        new SignIns(ground.entropy, ground.digester, ground.sealer, world.wiring().proofs.ledger);
    return in(world, tx -> strangers.look(tx, it.tenant(), it.id(), it.createdAt()));
  }

  @Test
  default void what_is_kept_of_a_sign_in_is_what_was_saved_of_it(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana").id();
    var now = world.clock().now();
    var signIns = world.wiring().course.signIns;
    var asked =
        new SignIn.Asked(
            Level.AAL2,
            "urn:loa",
            now,
            null,
            "ana",
            "de fr",
            true,
            true,
            List.of("pay"),
            new Transaction(
                "[]",
                List.of(
                    new Transaction.Part(
                        "payment",
                        Map.of("", "Payment"),
                        List.of(
                            new Transaction.Line(
                                Transaction.Kind.AMOUNT, "amount", Map.of(), "1.00", "EUR"))))));
    var begun =
        signIns
            .begin(
                acme.id(),
                new SignIn.Destination(new ClientId("app"), "scope=openid"),
                asked,
                SignIn.Notes.NONE,
                now)
            .signIn();
    world.wiring().ground.database.run(tx -> signIns.insert(tx, begun));

    var soFar = new LoginSession.Authenticated(ana, List.of());
    var assessed =
        new SignIn.Assessed(
            List.of(new Finding(Signal.NEW_DEVICE, 50, Map.of("cookie", "true"))), null, "");
    var otp = new FactorId("otp");
    List<UnaryOperator<SignIn>> moves =
        List.of(
            it -> it.withState(new LoginSession.Pending(Optional.of("ana"))),
            it -> it.withState(soFar).withNotes(it.notes().assessed(assessed).keyTried()),
            it ->
                it.withState(
                    new LoginSession.AwaitingMfa(
                        soFar,
                        new Demand.Enrol(List.of(otp), true),
                        new Because(
                            Because.Reason.INVITED,
                            List.of("r1"),
                            List.of("new_device"),
                            new Because.Leave(0, now)))),
            it -> it.withNotes(it.notes().decliningInvitation().trusting(true).asking(otp)),
            it ->
                it.withState(
                        new LoginSession.AwaitingMfa(
                            soFar,
                            new Demand.Challenge(List.of(otp)),
                            new Because(Because.Reason.ENROLLED, List.of())))
                    .withNotes(it.notes().recovering(SignIn.Recovering.BY_WAITING)),
            it -> it.withState(new LoginSession.Pending(Optional.empty())));
    var last = begun;
    for (var move : moves) {
      var moved = move.apply(last);
      assertThat(did(world, tx -> signIns.save(tx, moved))).isTrue();
      var kept = maybe(world, tx -> signIns.look(tx, acme.id(), moved.id(), now));
      assertThat(kept).as("%s", moved.state()).isPresent().isEqualTo(readAfresh(world, moved));
      last = kept.orElseThrow();
      assertThat(last.version()).isEqualTo(moved.version() + 1);
      assertThat(last.state()).isEqualTo(moved.state());
      assertThat(last.notes()).isEqualTo(moved.notes());
      assertThat(last.asked()).isEqualTo(asked);
    }
  }

  @Test
  default void ended_with_others_it_is_seen_to_be_over(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana").id();
    var begun = begun(world, acme).signIn();
    var signIns = world.wiring().course.signIns;
    var known = begun.withState(new LoginSession.Authenticated(ana, List.of()));

    world
        .wiring()
        .ground
        .database
        .run(tx -> {
          assertThat(signIns.save(tx, known)).isTrue();
          assertThat(signIns.endUnfinished(tx, acme.id(), ana)).isEqualTo(1);
        });

    assertThat(maybe(world, tx -> signIns.look(tx, acme.id(), begun.id(), world.clock().now())))
        .isEmpty();
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
}
