package dev.countersign.testkit.demo;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code ./countersign demo} was asked for.
 *
 * @param port of HTTP; 0 takes a free one
 * @param httpsPort of HTTPS; 0 takes a free one
 * @param people how many there are beside those with names
 * @param json whether a line for programs is printed instead of words for people
 */
record Options(int port, int httpsPort, Path data, int people, boolean json) {
  static final String HELP = """
      countersign demo [--port N] [--https-port N] [--data DIR] [--people N] [--json]

        --port N         HTTP, default 8080; 0 takes a free port
        --https-port N   HTTPS with a certificate of the demo's own authority, default 8443; 0 takes a free port
        --data DIR       folder for everything that is kept, default data/demo; a second start goes on where the first ended
        --people N       how many people there are beside those with names, default 20
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
    var options = new Options(8080, 8443, Path.of("data", "demo"), 20, false);
    for (int i = 0; i < arguments.size(); i++) {
      var flag = arguments.get(i);
      if (flag.equals("--help") || flag.equals("-h")) {
        return new Reading.Help();
      }
      if (flag.equals("--json")) {
        options = new Options(options.port, options.httpsPort, options.data, options.people, true);
        continue;
      }
      if (!List.of("--port", "--https-port", "--data", "--people").contains(flag)) {
        return new Reading.Misread(flag + " is no flag");
      }
      if (i + 1 == arguments.size()) {
        return new Reading.Misread(flag + " needs a value");
      }
      var value = arguments.get(++i);
      if (flag.equals("--data")) {
        options = new Options(options.port, options.httpsPort, Path.of(value), options.people, options.json);
        continue;
      }
      int most = flag.equals("--people") ? MOST_PEOPLE : 65_535;
      if (!value.matches("\\d{1,7}") || Integer.parseInt(value) > most) {
        return new Reading.Misread(flag + " must be a number up to " + most);
      }
      int number = Integer.parseInt(value);
      options = switch (flag) {
        case "--port" -> new Options(number, options.httpsPort, options.data, options.people, options.json);
        case "--https-port" -> new Options(options.port, number, options.data, options.people, options.json);
        default -> new Options(options.port, options.httpsPort, options.data, number, options.json);
      };
    }
    return new Reading.Read(options);
  }
}
