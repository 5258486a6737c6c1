package dev.countersign;

import dev.countersign.cli.Backup;
import dev.countersign.cli.CheckConfiguration;
import dev.countersign.cli.Command;
import dev.countersign.cli.CommandLine;
import dev.countersign.cli.Lifetime;
import dev.countersign.cli.MakePlaces;
import dev.countersign.cli.OperatorWords;
import dev.countersign.cli.Restore;
import dev.countersign.cli.Serve;
import dev.countersign.cli.Terminal;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.logging.Logging;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Where the process starts. Environment, streams and exit code meet the product here and nowhere else. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Logging.throughTheEnd();
    var clock = InstantSource.system();
    var entropy = new LiveEntropy();
    var launcher = new Launcher(clock, entropy);
    var commands = commands(launcher, clock, entropy);
    Logging.throughTheEnd();
    var terminal = new Terminal(System.out, System.err);
    var line = new CommandLine(commands, System.getenv(), terminal, Version.running().text());
    System.exit(line.run(List.of(arguments)).code());
  }

  /** Everything that can be asked of it. */
  static List<Command> commands(Launcher launcher, InstantSource clock, LiveEntropy entropy) {
    var all = new ArrayList<Command>();
    all.add(new Serve(launcher, Lifetime::ofProcess, clock, entropy));
    all.add(new CheckConfiguration());
    all.addAll(OperatorWords.by(launcher));
    all.add(new Backup());
    all.add(new Restore());
    all.add(new MakePlaces());
    return all;
  }
}
