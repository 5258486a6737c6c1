package dev.countersign.contracts;

import dev.countersign.storage.Tx;
import dev.countersign.testkit.World;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** One transaction of a world, for what a contract of stores asks. */
final class InStore {
  static <T> T in(World world, Function<Tx, T> work) {
    return world.wiring().ground.database.<T>write(work::apply);
  }

  // The same by the type of what comes back, which AssertJ has to know.

  static Object got(World world, Function<Tx, ?> work) {
    return Objects.requireNonNull(world.wiring().ground.database.write(work::apply));
  }

  static <T> Optional<T> maybe(World world, Function<Tx, Optional<T>> work) {
    return world.wiring().ground.database.write(work::apply);
  }

  static <T> List<T> list(World world, Function<Tx, List<T>> work) {
    return world.wiring().ground.database.write(work::apply);
  }

  static boolean did(World world, Function<Tx, Boolean> work) {
    return world.wiring().ground.database.write(work::apply);
  }

  private InStore() {}
}
