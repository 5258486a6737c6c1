package dev.countersign.testkit.demo;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What {@code ./countersign demo} was asked for.
 *
 * @param port of HTTP; 0 takes a free one
 * @param httpsPort of HTTPS; 0 takes a free one
 * @param people how many there are beside those with names
 * @param database flags of {@code serve} that name a PostgreSQL; none for the embedded database
 * @param json whether a line for programs is printed instead of words for people
 * @param rehearse whether everybody is signed in a few times before it says that it is ready
 * @param situations whether there are people in {@link Situations} too, and browsers may travel
 */
record Options(
    int port,
    int httpsPort,
    Path data,
    int people,
    List<String> database,
    boolean json,
    boolean rehearse,
    boolean situations) {
  static final String HELP =
      """
      countersign demo [--port N] [--https-port N] [--data DIR] [--people N] [--json] [--rehearse] [--situations]
                       [--database-url URL --database-user NAME]

        --port N         HTTP, default 8080; 0 takes a free port
        --https-port N   HTTPS with a certificate of the demo's own authority, default 8443; 0 takes a free port
        --data DIR       folder for everything that is kept, default data/demo; a second start goes on where the first ended
        --people N       how many people there are beside those with names, default 20
        --database-url URL, --database-user NAME
                         a PostgreSQL that asks for no password, instead of the embedded database
        --situations     add people from whom more is asked, or who are stopped, and a page on which a browser travels
        --json           print one line of JSON when ready, and nothing else
        --rehearse       sign everybody in a few times before saying so, which is what the start-up cache is made from
      """;
  private static final Set<String> BARE = Set.of("--json", "--rehearse", "--situations");
  private static final Set<String> VALUED =
      Set.of("--port", "--https-port", "--data", "--people", "--database-url", "--database-user");

  /** What is a number, and how large it may be. */
  private static final Map<String, Integer> NUMBERS =
      Map.of("--port", 65_535, "--https-port", 65_535, "--people", 1_000_000);

  /** What came of reading the command line. */
  sealed interface Reading {
    record Read(Options options) implements Reading {}

    record Help() implements Reading {}

    /** It cannot be understood; {@code why} is a sentence. */
    record Misread(String why) implements Reading {}
  }

  static Reading read(List<String> arguments) {
    Map<String, String> given = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      var flag = arguments.get(i);
      if (flag.equals("--help") || flag.equals("-h")) {
        return new Reading.Help();
      }
      if (BARE.contains(flag)) {
        given.put(flag, "");
      } else if (!VALUED.contains(flag)) {
        return new Reading.Misread(flag + " is no flag");
      } else if (i + 1 == arguments.size()) {
        return new Reading.Misread(flag + " needs a value");
      } else {
        given.put(flag, arguments.get(++i));
      }
    }
    for (var limit : NUMBERS.entrySet()) {
      var value = given.getOrDefault(limit.getKey(), "0");
      if (!value.matches("\\d{1,7}") || Integer.parseInt(value) > limit.getValue()) {
        return new Reading.Misread(limit.getKey() + " must be a number up to " + limit.getValue());
      }
    }
    return new Reading.Read(
        new Options(
            Integer.parseInt(given.getOrDefault("--port", "8080")),
            Integer.parseInt(given.getOrDefault("--https-port", "8443")),
            Path.of(given.getOrDefault("--data", "data/demo")),
            Integer.parseInt(given.getOrDefault("--people", "20")),
            given.entrySet().stream()
                .filter(it -> it.getKey().startsWith("--database-"))
                .flatMap(it -> Stream.of(it.getKey(), it.getValue()))
                .toList(),
            given.containsKey("--json"),
            given.containsKey("--rehearse"),
            given.containsKey("--situations")));
  }
}
