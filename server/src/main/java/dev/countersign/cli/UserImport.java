package dev.countersign.cli;

import static dev.countersign.cli.OperatorCommand.TENANT;

import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.kernel.Json;
import dev.countersign.operator.Answer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;

/** Brings people in from a file, some at a time. */
final class UserImport {
  private static final Key<Boolean> UPSERT =
      new Key<>(
          "upsert",
          Kind.toggle(),
          "false",
          "Changes people who are there already; their passwords and factors stay.");

  /** How many people are sent at once. */
  private static final int SOME = 1_000;

  static final OperatorCommand COMMAND =
      OperatorCommand.saying(
              "Brings people into a tenant from a JSON file, with password hashes and factors.",
              (there, sent, answer) ->
                  there.importUsers(
                      sent.at(0),
                      Boolean.parseBoolean(sent.at(1)),
                      sent.secret(Sent.CONTENT),
                      answer))
          .of("FILE")
          .notes(
              "FILE is a list of people as Auth0's imports have it, or one object a line. Whoever is there already is left as they are, so an import that was cut short is finished by running it again. Delete the file afterwards: it holds hashes and seeds.")
          .options(TENANT, UPSERT)
          .asking(3, 3, UserImport::all);

  private UserImport() {}

  private static Exit all(Command.Call call, Asking there) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    try (var in = new BufferedInputStream(Files.newInputStream(Path.of(call.operand())))) {
      var people = Json.sequence(in);
      boolean going = true;
      while (going && people.hasNext()) {
        var some = Json.array();
        while (some.size() < SOME && people.hasNext()) {
          some.add(people.next());
        }
        going = sent(call, there, some, counts);
      }
      call.terminal().say(Json.write(counts));
      return going && counts.getOrDefault("failed", 0L) == 0 ? Exit.OK : Exit.FAILED;
    } catch (IllegalArgumentException e) {
      call.terminal().tell("countersign: the file is not JSON: " + e.getMessage());
      return Exit.FAILED;
    }
  }

  private static boolean sent(
      Command.Call call, Asking there, ArrayNode some, Map<String, Long> counts) {
    var terminal = call.terminal();
    var heard =
        new Answer() {
          @Override
          public void say(String line) {
            for (var count : Json.tree(line).properties()) {
              counts.merge(count.getKey(), count.getValue().asLong(), Long::sum);
            }
          }

          @Override
          public void tell(String line) {
            terminal.tell(line);
          }
        };
    var exit =
        there.ask(
            List.of(
                call.get(TENANT),
                call.get(UPSERT).toString(),
                Sent.encoded(Sent.CONTENT, Json.write(some))),
            heard);
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    terminal.tell(all + " done");
    return exit == Exit.OK;
  }
}
