package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Settings;
import dev.countersign.operator.Answer;
import dev.countersign.operator.ControlSocket;
import dev.countersign.operator.Operations;
import dev.countersign.operator.Product;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who does an operator's command: the running server, if it holds the embedded database open; else this process. On
 * PostgreSQL always this process, for the database lets both in.
 */
final class Asking {
  private Asking() {}

  /** Asks the server that runs on the data folder; empty when this process has to do it. */
  static Optional<Exit> server(Deployment deployment, List<String> arguments, Answer answer) {
    if (!deployment.embedded()) {
      return Optional.empty();
    }
    try {
      return ControlSocket.send(deployment.data(), arguments, answer)
          .map(status -> status == 0 ? Exit.OK : Exit.FAILED);
    } catch (IOException e) {
      answer.tell("countersign: the running server did not answer: " + e.getMessage());
      return Optional.of(Exit.FAILED);
    }
  }

  /** Has it done by the running server or here. */
  static Exit either(
      Product.Launcher launcher, Command.Call call, Deployment deployment, List<String> arguments) {
    Answer answer = call.terminal();
    return server(deployment, arguments, answer)
        .orElseGet(() -> {
          Settings settings = call.settings();
          try (Operations operations = launcher.open(settings, deployment)) {
            return perform(operations, arguments, answer);
          } catch (RuntimeException e) {
            answer.tell("countersign: " + Serve.reason(e));
            return Exit.FAILED;
          }
        });
  }

  /** The same for several askings of one command: the database is opened once. */
  static Door door(Product.Launcher launcher, Command.Call call, Deployment deployment) {
    return new Door(launcher, call, deployment);
  }

  /** A way to ask again and again. */
  static final class Door implements AutoCloseable {
    private final Product.Launcher launcher;
    private final Command.Call call;
    private final Deployment deployment;
    private @Nullable Operations here;

    private Door(Product.Launcher launcher, Command.Call call, Deployment deployment) {
      this.launcher = launcher;
      this.call = call;
      this.deployment = deployment;
    }

    Exit ask(List<String> arguments, Answer answer) {
      if (here == null) {
        var exit = server(deployment, arguments, answer);
        if (exit.isPresent()) {
          return exit.get();
        }
      }
      try {
        if (here == null) {
          here = launcher.open(call.settings(), deployment);
        }
        return perform(here, arguments, answer);
      } catch (RuntimeException e) {
        answer.tell("countersign: " + Serve.reason(e));
        return Exit.FAILED;
      }
    }

    @Override
    public void close() {
      if (here != null) {
        here.close();
      }
    }
  }

  /** Does what the arguments say. */
  static Exit perform(Operations operations, List<String> arguments, Answer answer) {
    boolean done =
        switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
          case AuditLog.NAME ->
              arguments.size() == 4
                  && operations.audit(
                      arguments.get(1),
                      Optional.of(arguments.get(2))
                          .filter(user -> !user.equals(AuditLog.EVERYBODY)),
                      Integer.parseInt(arguments.get(3)),
                      answer);
          case Refusals.NAME ->
              arguments.size() == 3
                  && operations.refusals(
                      arguments.get(1), Integer.parseInt(arguments.get(2)), answer);
          case RotateKeys.NAME ->
              arguments.size() == 2 && operations.rotateSigningKeys(arguments.get(1), answer);
          case CreateTenant.NAME ->
              arguments.size() >= 3
                  && arguments.size() <= 4
                  && operations.createTenant(
                      arguments.get(1),
                      arguments.get(2),
                      arguments.size() == 4 && arguments.get(3).equals(CreateTenant.SANDBOX_WORD),
                      answer);
          case ChangeTenant.NAME ->
              arguments.size() >= 2
                  && operations.allowLogoutUrls(
                      arguments.get(1), after("logout=", arguments), answer);
          case CreateClient.NAME ->
              arguments.size() >= 4
                  && operations.createClient(
                      arguments.get(1),
                      arguments.get(2),
                      arguments.get(3),
                      after("callback=", arguments),
                      after("logout=", arguments),
                      after("start=", arguments).stream().findFirst(),
                      answer);
          case ImportTokens.NAME ->
              arguments.size() >= 4
                  && operations.importTokens(
                      arguments.get(1),
                      arguments.get(2),
                      ImportTokens.argument(ImportTokens.CONTENT, arguments),
                      ImportTokens.argument(ImportTokens.KEY, arguments),
                      ImportTokens.argument(ImportTokens.PASSWORD, arguments),
                      answer);
          case DeleteTenant.NAME ->
              arguments.size() == 3
                  && operations.deleteTenant(
                      arguments.get(1), after("confirm=", arguments).getFirst(), answer);
          case ListTenants.NAME -> arguments.size() == 1 && operations.listTenants(answer);
          case ListClients.NAME ->
              arguments.size() == 2 && operations.listClients(arguments.get(1), answer);
          case DeleteClient.NAME ->
              arguments.size() == 3
                  && operations.deleteClient(arguments.get(1), arguments.get(2), answer);
          case CreateUser.NAME ->
              arguments.size() >= 4
                  && operations.createUser(
                      arguments.get(1),
                      after("email=", arguments).getFirst(),
                      after("username=", arguments).getFirst(),
                      ImportTokens.argument(ImportTokens.PASSWORD, arguments),
                      answer);
          case DeleteUser.NAME ->
              arguments.size() == 3
                  && operations.deleteUser(arguments.get(1), arguments.get(2), answer);
          case IssueAccessCode.NAME ->
              arguments.size() == 5
                  && operations.issueAccessCode(
                      arguments.get(1),
                      arguments.get(2),
                      arguments.get(3),
                      Long.parseLong(arguments.get(4)),
                      answer);
          case ListUsers.NAME ->
              arguments.size() == 3
                  && operations.listUsers(
                      arguments.get(1), Integer.parseInt(arguments.get(2)), answer);
          case ImportUsers.NAME ->
              arguments.size() == 4
                  && operations.importUsers(
                      arguments.get(1),
                      Boolean.parseBoolean(arguments.get(2)),
                      ImportTokens.argument(ImportTokens.CONTENT, arguments),
                      answer);
          case ExportPolicy.NAME ->
              arguments.size() == 2 && operations.exportPolicy(arguments.get(1), answer);
          case PolicySchema.NAME -> arguments.size() == 1 && operations.policySchema(answer);
          case ImportPolicy.NAME ->
              arguments.size() == 3
                  && operations.importPolicy(
                      arguments.get(1),
                      ImportTokens.argument(ImportTokens.CONTENT, arguments),
                      answer);
          case TestPolicy.NAME ->
              arguments.size() == 4
                  && operations.testPolicy(
                      arguments.get(1),
                      ImportTokens.argument(ImportTokens.CONTENT, arguments),
                      ImportTokens.argument(PolicyFiles.CASES, arguments),
                      answer);
          case ReplayPolicy.NAME ->
              arguments.size() == 4
                  && operations.replayPolicy(
                      arguments.get(1),
                      ImportTokens.argument(ImportTokens.CONTENT, arguments),
                      Integer.parseInt(arguments.get(2)),
                      answer);
          case Explain.NAME ->
              arguments.size() == 3
                  && operations.explain(arguments.get(1), arguments.get(2), answer);
          default -> {
            answer.tell(
                "countersign: this server does not know "
                    + arguments.stream().findFirst().orElse("this")
                    + "; is it of another version?");
            yield false;
          }
        };
    return done ? Exit.OK : Exit.FAILED;
  }

  private static List<String> after(String prefix, List<String> arguments) {
    return arguments.stream()
        .filter(argument -> argument.startsWith(prefix))
        .map(argument -> argument.substring(prefix.length()))
        .toList();
  }
}
