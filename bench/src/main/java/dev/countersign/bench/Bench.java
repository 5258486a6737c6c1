package dev.countersign.bench;

import java.util.Arrays;
import java.util.List;

/** {@code load} measures the whole server, {@code people} a tenant of many, {@code
 * replay} a policy on a long history, {@code parts} what single computations cost (JMH). */
public final class Bench {
  private Bench() {}

  /** Runs the word's measurements; further arguments are theirs. */
  public static void main(String[] arguments) throws Exception {
    var word = arguments.length == 0 ? "" : arguments[0];
    List<String> rest =
        Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
    if (word.equals("load")) {
      SignInLoad.run(rest, System.out);
    } else if (word.equals("people")) {
      PeopleLoad.run(rest, System.out);
    } else if (word.equals("replay")) {
      ReplayLoad.run(rest, System.out);
    } else if (word.equals("parts")) {
      org.openjdk.jmh.Main.main(rest.toArray(String[]::new));
    } else {
      System.out.println(
          """
          load [--database embedded|postgres] [--people N] [--warm-up N] [--sign-ins N] [--in-flight 1,8,32] [--starts N]
               the whole server in a process of its own: CPU of a sign-in, rates, memory, start, page weight
          people [--database embedded|postgres] [--people N] [--import N]
               a tenant of many: CPU of listing and finding, and what importing costs
          replay [--database embedded|postgres] [--sign-ins N]
               a policy tried on a long history: time, CPU and memory of the replay
          parts [options of JMH]
               the dearest computations by themselves\
          """);
    }
  }
}
