package dev.countersign.contracts;

import static dev.countersign.contracts.InStore.did;
import static dev.countersign.contracts.InStore.got;
import static dev.countersign.contracts.InStore.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.loginsession.LoginSession;
import dev.countersign.loginsession.SignIn;
import dev.countersign.loginsession.SignIns;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.World;
import java.util.Optional;
import java.util.function.Function;
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
