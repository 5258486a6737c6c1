package dev.countersign;

import dev.countersign.cli.AuditLog;
import dev.countersign.cli.Backup;
import dev.countersign.cli.ChangeTenant;
import dev.countersign.cli.CheckConfiguration;
import dev.countersign.cli.Command;
import dev.countersign.cli.CommandLine;
import dev.countersign.cli.CreateClient;
import dev.countersign.cli.CreateTenant;
import dev.countersign.cli.CreateUser;
import dev.countersign.cli.DeleteClient;
import dev.countersign.cli.DeleteTenant;
import dev.countersign.cli.DeleteUser;
import dev.countersign.cli.Explain;
import dev.countersign.cli.ExportPolicy;
import dev.countersign.cli.ExportUsers;
import dev.countersign.cli.ImportPolicy;
import dev.countersign.cli.ImportTokens;
import dev.countersign.cli.ImportUsers;
import dev.countersign.cli.IssueAccessCode;
import dev.countersign.cli.Lifetime;
import dev.countersign.cli.ListClients;
import dev.countersign.cli.ListTenants;
import dev.countersign.cli.ListUsers;
import dev.countersign.cli.MakePlaces;
import dev.countersign.cli.PolicySchema;
import dev.countersign.cli.Refusals;
import dev.countersign.cli.ReplayPolicy;
import dev.countersign.cli.Restore;
import dev.countersign.cli.RotateKeys;
import dev.countersign.cli.Serve;
import dev.countersign.cli.Terminal;
import dev.countersign.cli.TestPolicy;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.logging.Logging;
import java.time.InstantSource;
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
    return List.of(
        new Serve(launcher, Lifetime::ofProcess, clock, entropy),
        new CheckConfiguration(),
        new CreateTenant(launcher),
        new ChangeTenant(launcher),
        new ListTenants(launcher),
        new DeleteTenant(launcher),
        new CreateClient(launcher),
        new ListClients(launcher),
        new DeleteClient(launcher),
        new CreateUser(launcher),
        new ListUsers(launcher),
        new DeleteUser(launcher),
        new IssueAccessCode(launcher),
        new ImportUsers(launcher),
        new ExportUsers(launcher),
        new ExportPolicy(launcher),
        new ImportPolicy(launcher),
        new PolicySchema(launcher),
        new TestPolicy(launcher),
        new ReplayPolicy(launcher),
        new Explain(launcher),
        new ImportTokens(launcher),
        new AuditLog(launcher),
        new Refusals(launcher),
        new RotateKeys(launcher),
        new Backup(),
        new Restore(),
        new MakePlaces());
  }
}
