package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Settings;
import java.util.List;

/** One thing the command line can do. */
public sealed interface Command {
  /** The word or words that call it: {@code serve}, {@code keys rotate}. */
  String name();

  /** One line for the list of commands. */
  String summary();

  /** What follows the name and has to be there, in capitals: {@code FILE}. */
  default List<String> operands() {
    return List.of();
  }

  /** Flags of its own, beside those of the server's settings. */
  default List<Key<?>> options() {
    return List.of();
  }

  /** More to know, below the flags in its help. */
  default String notes() {
    return "";
  }

  /** What was asked for; {@code settings} holds the command's options and, for {@link Configured}, the server's too. */
  record Call(Settings settings, List<String> operands, Terminal terminal) {
    <T> T get(Key<T> key) {
      return settings.get(key);
    }

    /** What followed the name, of a command that takes one thing. */
    String operand() {
      return operands.getFirst();
    }
  }

  /** A command that needs nothing of a server. */
  non-sealed interface Plain extends Command {
    Exit run(Call call);
  }

  /** A command that works with the server's settings; it takes them from flags, environment and {@code --config}. */
  non-sealed interface Configured extends Command {
    Exit run(Call call, Deployment deployment);
  }
}
