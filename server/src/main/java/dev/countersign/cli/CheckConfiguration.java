package dev.countersign.cli;

import dev.countersign.config.Deployment;

/** Reads all settings as {@code serve} would, and says what follows from them; starts nothing. */
public final class CheckConfiguration implements Command.Configured {
  @Override
  public String name() {
    return "check";
  }

  @Override
  public String summary() {
    return "Checks the configuration without starting anything.";
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    Terminal terminal = call.terminal();
    terminal.say("public URL   " + deployment.publicUrl());
    terminal.say(
        "HTTPS        "
            + switch (deployment.tls()) {
              case Deployment.Tls.Off() -> "off";
              case Deployment.Tls.Development(var folder) -> "development authority in " + folder;
              case Deployment.Tls.Files(var certificate, _) -> "certificate " + certificate;
            });
    terminal.say("database     " + (deployment.embedded() ? "embedded" : "PostgreSQL"));
    terminal.say("root keys    " + deployment.keysFile());
    return Exit.OK;
  }
}
