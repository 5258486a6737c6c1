package dev.countersign.cli;

import dev.countersign.config.Configuration;
import dev.countersign.config.Deployment;
import dev.countersign.config.Flags;
import dev.countersign.config.Key;
import dev.countersign.config.Keys;
import dev.countersign.config.Kind;
import dev.countersign.config.Mistake;
import dev.countersign.config.Nearest;
import dev.countersign.config.Reference;
import dev.countersign.config.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the command that is meant and runs it. */
public final class CommandLine {
  private static final Key<Optional<Path>> CONFIG =
      new Key<>("config", Kind.path().optional(), "", "File with settings, lines of key = value.");
  private static final Key<Boolean> HELP =
      new Key<>("help", Kind.toggle(), "false", "Shows this help.");

  private final List<? extends Command> commands;
  private final Map<String, String> environment;
  private final Terminal terminal;
  private final String version;

  public CommandLine(
      List<? extends Command> commands,
      Map<String, String> environment,
      Terminal terminal,
      String version) {
    this.commands = List.copyOf(commands);
    this.environment = Map.copyOf(environment);
    this.terminal = terminal;
    this.version = version;
  }

  /** Runs to the end of the command. */
  public Exit run(List<String> arguments) {
    if (arguments.isEmpty()) {
      terminal.err().print(overview());
      return Exit.USAGE;
    }
    return switch (arguments.getFirst()) {
      case "--version", "version" -> {
        terminal.say("countersign " + version);
        yield Exit.OK;
      }
      case "--help", "-h", "help" -> {
        List<String> of = arguments.subList(1, arguments.size());
        terminal.out().print(find(of).map(this::help).orElseGet(this::overview));
        yield Exit.OK;
      }
      default ->
          find(arguments)
              .map(command -> run(command, arguments))
              .orElseGet(() -> unknown(arguments));
    };
  }

  /** The command with the most words of those that the arguments begin with. */
  private Optional<? extends Command> find(List<String> arguments) {
    return commands.stream()
        .filter(command -> (String.join(" ", arguments) + " ").startsWith(command.name() + " "))
        .max(Comparator.comparingInt(command -> command.name().length()));
  }

  private Exit unknown(List<String> arguments) {
    String words =
        arguments.stream()
            .takeWhile(word -> !word.startsWith("-"))
            .limit(2)
            .collect(Collectors.joining(" "));
    List<String> names =
        commands.stream().map(Command::name).collect(Collectors.toCollection(ArrayList::new));
    String first = arguments.getFirst();
    String hint = Nearest.hint(words, names);
    terminal.tell(
        "countersign: "
            + first
            + " is no command"
            + (hint.isEmpty() ? Nearest.hint(first, names) : hint));
    terminal.tell("Commands: " + String.join(", ", names) + ". More with countersign --help.");
    return Exit.USAGE;
  }

  private Exit run(Command command, List<String> arguments) {
    List<String> rest = arguments.subList(command.name().split(" ").length, arguments.size());
    if (rest.contains("--help") || rest.contains("-h")) {
      terminal.out().print(help(command));
      return Exit.OK;
    }
    Flags flags = Flags.parse(declared(command), rest);
    List<Mistake> mistakes = new ArrayList<>(flags.mistakes());
    if (flags.words().size() != command.operands().size()) {
      String wanted =
          command.operands().isEmpty() ? "nothing more" : String.join(" ", command.operands());
      mistakes.add(
          new Mistake("countersign " + command.name(), "takes " + wanted + " besides its flags"));
    }
    Optional<Settings> own =
        read(options(command), only(options(command), flags), Map.of(), Optional.empty(), mistakes);
    Optional<Exit> exit =
        switch (command) {
          case Command.Plain plain ->
              finished(mistakes, own).map(settings -> plain.run(call(settings, flags)));
          case Command.Configured configured ->
              finished(mistakes, own.flatMap(settings -> withServer(settings, flags, mistakes)))
                  .flatMap(settings -> deploy(configured, settings, flags, mistakes));
        };
    return exit.orElseGet(() -> refuse(command, mistakes));
  }

  private Optional<Settings> withServer(Settings own, Flags flags, List<Mistake> mistakes) {
    Optional<Path> file = own.get(CONFIG);
    if (file.isEmpty() && !environment.getOrDefault(Configuration.FILE_VARIABLE, "").isEmpty()) {
      try {
        file = Optional.of(Path.of(environment.get(Configuration.FILE_VARIABLE)));
      } catch (InvalidPathException _) {
        mistakes.add(new Mistake(Configuration.FILE_VARIABLE, "must be a path"));
      }
    }
    return read(Keys.ALL, only(Keys.ALL, flags), environment, file, mistakes).map(own::and);
  }

  private Optional<Exit> deploy(
      Command.Configured command, Settings settings, Flags flags, List<Mistake> mistakes) {
    return switch (Deployment.of(settings)) {
      case Deployment.Sound(Deployment deployment) ->
          Optional.of(command.run(call(settings, flags), deployment));
      case Deployment.Contradictory(List<Mistake> found) -> {
        mistakes.addAll(found);
        yield Optional.empty();
      }
    };
  }

  private Command.Call call(Settings settings, Flags flags) {
    return new Command.Call(settings, flags.words(), terminal);
  }

  private static Optional<Settings> finished(List<Mistake> mistakes, Optional<Settings> settings) {
    return mistakes.isEmpty() ? settings : Optional.empty();
  }

  private static Optional<Settings> read(
      List<Key<?>> keys,
      Map<String, String> flags,
      Map<String, String> environment,
      Optional<Path> file,
      List<Mistake> mistakes) {
    return switch (new Configuration(keys)
        .read(new Configuration.Sources(flags, environment, file))) {
      case Configuration.Ready(Settings settings) -> Optional.of(settings);
      case Configuration.Refused(List<Mistake> found) -> {
        mistakes.addAll(found);
        yield Optional.empty();
      }
    };
  }

  /** The flags that belong to these keys. */
  private static Map<String, String> only(List<Key<?>> keys, Flags flags) {
    Set<String> names = Configuration.names(keys);
    return flags.values().entrySet().stream()
        .filter(entry -> names.contains(entry.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private Exit refuse(Command command, List<Mistake> mistakes) {
    mistakes.forEach(mistake -> terminal.tell("countersign: " + mistake));
    terminal.tell("Help: countersign " + command.name() + " --help");
    return Exit.USAGE;
  }

  /** What a command takes from flags alone. */
  private static List<Key<?>> options(Command command) {
    List<Key<?>> keys = new ArrayList<>(command.options());
    if (command instanceof Command.Configured) {
      keys.add(CONFIG);
    }
    return keys;
  }

  private static List<Key<?>> declared(Command command) {
    List<Key<?>> keys = options(command);
    if (command instanceof Command.Configured) {
      keys.addAll(Keys.ALL);
    }
    return keys;
  }

  private String overview() {
    int width = commands.stream().mapToInt(command -> command.name().length()).max().orElse(0);
    String list =
        commands.stream()
            .map(
                command -> "  %s  %s%n".formatted(padded(command.name(), width), command.summary()))
            .collect(Collectors.joining());
    return """
    Countersign %s: sign-in with a second factor.

    countersign COMMAND [FLAGS]

    %s
    countersign COMMAND --help tells about one of them.
    """
        .formatted(version, list);
  }

  private String help(Command command) {
    List<Key<?>> own = options(command);
    own.add(HELP);
    String operands =
        command.operands().isEmpty() ? "" : " " + String.join(" ", command.operands());
    StringBuilder help = new StringBuilder();
    help.append("countersign ").append(command.name()).append(operands).append(" [FLAGS]\n\n");
    help.append(command.summary()).append("\n\n");
    if (!command.notes().isEmpty()) {
      help.append(command.notes().strip()).append("\n\n");
    }
    help.append("Flags:\n").append(Reference.help(own));
    if (command instanceof Command.Configured) {
      help.append(
          "\nSettings, also as variables (COUNTERSIGN_HTTP_PORT) and in the file (http.port = 8080):\n");
      help.append(Reference.help(Keys.ALL));
    }
    return help.toString();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
