package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.kernel.Json;
import dev.countersign.operator.Answer;
import dev.countersign.operator.Product;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;

/** Brings people in from a file. */
public final class ImportUsers implements Command.Configured {
  static final String NAME = "user import";

  private static final Key<String> TENANT =
      new Key<>("tenant", Kind.text(), "default", "The tenant's name.");
  private static final Key<Boolean> UPSERT =
      new Key<>(
          "upsert",
          Kind.toggle(),
          "false",
          "Changes people who are there already; their passwords and factors stay.");

  /** How many people are sent at once. */
  private static final int SOME = 1_000;

  private final Product.Launcher launcher;

  public ImportUsers(Product.Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Brings people into a tenant from a JSON file, with password hashes and factors.";
  }

  @Override
  public List<String> operands() {
    return List.of("FILE");
  }

  @Override
  public String notes() {
    return "FILE is a list of people as Auth0's imports have it, or one object a line. Whoever is there already is left as they are, so an import that was cut short is finished by running it again. Delete the file afterwards: it holds hashes and seeds.";
  }

  @Override
  public List<Key<?>> options() {
    return List.of(TENANT, UPSERT);
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    Map<String, Long> counts = new TreeMap<>();
    try (var in =
            new BufferedInputStream(Files.newInputStream(Path.of(call.operands().getFirst())));
        var door = Asking.door(launcher, call, deployment)) {
      var people = Json.sequence(in);
      boolean going = true;
      while (going && people.hasNext()) {
        var some = Json.array();
        while (some.size() < SOME && people.hasNext()) {
          some.add(people.next());
        }
        going = sent(call, door, some, counts);
      }
      call.terminal().say(Json.write(counts));
      return going && counts.getOrDefault("failed", 0L) == 0 ? Exit.OK : Exit.FAILED;
    } catch (IllegalArgumentException e) {
      call.terminal().tell("countersign: the file is not JSON: " + e.getMessage());
    } catch (IOException e) {
      call.terminal().tell("countersign: the file cannot be read: " + e.getMessage());
    }
    return Exit.FAILED;
  }

  private static boolean sent(
      Call call, Asking.Door door, ArrayNode some, Map<String, Long> counts) {
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
        door.ask(
            List.of(
                NAME,
                call.settings().get(TENANT),
                call.settings().get(UPSERT).toString(),
                ImportTokens.CONTENT + ImportTokens.encoded(Json.write(some))),
            heard);
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    terminal.tell(all + " done");
    return exit == Exit.OK;
  }
}
