package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.operator.Answer;
import dev.countersign.operator.Operations;
import dev.countersign.operator.Product;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.InvalidPathException;
import java.util.List;

/**
 * A command that an operator gives: what of it is sent to whoever holds the database open, and what is done there.
 *
 * @param asking how it is asked; most send their arguments once
 * @param fewest how many arguments come there at least
 * @param most how many at most
 * @param doing what is done there
 */
record OperatorCommand(
    String summary,
    List<String> operands,
    List<Key<?>> options,
    String notes,
    Asks asking,
    int fewest,
    int most,
    Does doing) {
  /** What most of them are about. */
  static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");

  /** What happens where the command is given. */
  @FunctionalInterface
  interface Asks {
    Exit ask(Command.Call call, Asking there) throws IOException;
  }

  /** What goes with the command's name. */
  @FunctionalInterface
  interface Sends {
    List<String> arguments(Command.Call call) throws IOException;
  }

  /** What happens where the database is open; says whether it was done, and has told why not. */
  @FunctionalInterface
  interface Does {
    boolean in(Operations operations, Sent sent, Answer answer);
  }

  /** What goes with a command that takes nothing. */
  private static final Asks NOTHING = (call, there) -> there.ask(List.of(), call.terminal());

  /**
   * One that takes nothing.
   *
   * @param summary one line for the list of commands
   */
  static OperatorCommand saying(String summary, Does doing) {
    return new OperatorCommand(summary, List.of(), List.of(), "", NOTHING, 0, 0, doing);
  }

  /** What has to follow its name. */
  OperatorCommand of(String operand) {
    return new OperatorCommand(
        summary, List.of(operand), options, notes, asking, fewest, most, doing);
  }

  OperatorCommand options(Key<?>... keys) {
    return new OperatorCommand(
        summary, operands, List.of(keys), notes, asking, fewest, most, doing);
  }

  OperatorCommand notes(String text) {
    return new OperatorCommand(summary, operands, options, text, asking, fewest, most, doing);
  }

  OperatorCommand sending(int count, Sends what) {
    return sending(count, count, what);
  }

  OperatorCommand sending(int least, int greatest, Sends what) {
    return asking(
        least, greatest, (call, there) -> there.ask(what.arguments(call), call.terminal()));
  }

  OperatorCommand asking(int least, int greatest, Asks how) {
    return new OperatorCommand(summary, operands, options, notes, how, least, greatest, doing);
  }

  /** Does it, where the database is open. */
  boolean perform(Operations operations, List<String> arguments, Answer answer) {
    return arguments.size() >= fewest
        && arguments.size() <= most
        && doing.in(operations, new Sent(arguments), answer);
  }

  /**
   * As the command line knows it.
   *
   * @param what its words
   */
  record Given(OperatorWords what, Product.Launcher launcher) implements Command.Configured {
    @Override
    public String name() {
      return what.words();
    }

    @Override
    public String summary() {
      return what.command().summary;
    }

    @Override
    public List<String> operands() {
      return what.command().operands;
    }

    @Override
    public List<Key<?>> options() {
      return what.command().options;
    }

    @Override
    public String notes() {
      return what.command().notes;
    }

    @Override
    public Exit run(Call call, Deployment deployment) {
      try (var there = new Asking(launcher, what.words(), call.settings(), deployment)) {
        return what.command().asking.ask(call, there);
      } catch (CharacterCodingException _) {
        call.terminal().tell("countersign: a file is not UTF-8");
      } catch (IOException | InvalidPathException e) {
        call.terminal().tell("countersign: the file cannot be read: " + e.getMessage());
      }
      return Exit.FAILED;
    }
  }
}
