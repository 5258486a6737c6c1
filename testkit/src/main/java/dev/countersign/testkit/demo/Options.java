package dev.countersign.testkit.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code ./countersign demo} was asked for.
 *
 * @param port of HTTP; 0 takes a free one
 * @param httpsPort of HTTPS; 0 takes a free one
 * @param people how many there are beside those with names
 * @param database flags of {@code serve} that name a PostgreSQL; none for the embedded database
 * @param json whether a line for programs is printed instead of words for people
 */
record Options(
    int port, int httpsPort, Path data, int people, List<String> database, boolean json) {
  static final String HELP =
      """
      countersign demo [--port N] [--https-port N] [--data DIR] [--people N] [--json]
                       [--database-url URL --database-user NAME]

        --port N         HTTP, default 8080; 0 takes a free port
        --https-port N   HTTPS with a certificate of the demo's own authority, default 8443; 0 takes a free port
        --data DIR       folder for everything that is kept, default data/demo; a second start goes on where the first ended
        --people N       how many people there are beside those with names, default 20
        --database-url URL, --database-user NAME
                         a PostgreSQL that asks for no password, instead of the embedded database
        --json           print one line of JSON when ready, and nothing else
      """;
  private static final int MOST_PEOPLE = 1_000_000;

  /** What came of reading the command line. */
  sealed interface Reading {
    record Read(Options options) implements Reading {}

    record Help() implements Reading {}

    /** It cannot be understood; {@code why} is a sentence. */
    record Misread(String why) implements Reading {}
  }

  static Reading read(List<String> arguments) {
    var options = new Options(8080, 8443, Path.of("data", "demo"), 20, List.of(), false);
    for (int i = 0; i < arguments.size(); i++) {
      var flag = arguments.get(i);
      if (flag.equals("--help") || flag.equals("-h")) {
        return new Reading.Help();
      }
      if (flag.equals("--json")) {
        options =
            new Options(
                options.port,
                options.httpsPort,
                options.data,
                options.people,
                options.database,
                true);
        continue;
      }
      if (!List.of(
              "--port", "--https-port", "--data", "--people", "--database-url", "--database-user")
          .contains(flag)) {
        return new Reading.Misread(flag + " is no flag");
      }
      if (i + 1 == arguments.size()) {
        return new Reading.Misread(flag + " needs a value");
      }
      var value = arguments.get(++i);
      if (flag.equals("--data")) {
        options =
            new Options(
                options.port,
                options.httpsPort,
                Path.of(value),
                options.people,
                options.database,
                options.json);
        continue;
      }
      if (flag.startsWith("--database-")) {
        var database = new ArrayList<>(options.database);
        database.addAll(List.of(flag, value));
        options =
            new Options(
                options.port,
                options.httpsPort,
                options.data,
                options.people,
                List.copyOf(database),
                options.json);
        continue;
      }
      int most = flag.equals("--people") ? MOST_PEOPLE : 65_535;
      if (!value.matches("\\d{1,7}") || Integer.parseInt(value) > most) {
        return new Reading.Misread(flag + " must be a number up to " + most);
      }
      int number = Integer.parseInt(value);
      options =
          switch (flag) {
            case "--port" ->
                new Options(
                    number,
                    options.httpsPort,
                    options.data,
                    options.people,
                    options.database,
                    options.json);
            case "--https-port" ->
                new Options(
                    options.port,
                    number,
                    options.data,
                    options.people,
                    options.database,
                    options.json);
            default ->
                new Options(
                    options.port,
                    options.httpsPort,
                    options.data,
                    number,
                    options.database,
                    options.json);
          };
    }
    return new Reading.Read(options);
  }
}
