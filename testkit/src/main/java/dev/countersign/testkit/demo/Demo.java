package dev.countersign.testkit.demo;

import dev.countersign.Launcher;
import dev.countersign.cli.CommandLine;
import dev.countersign.cli.Lifetime;
import dev.countersign.cli.Serve;
import dev.countersign.cli.Terminal;
import dev.countersign.config.Deployment;
import dev.countersign.config.Settings;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.logging.Logging;
import dev.countersign.metrics.ServerMeters;
import dev.countersign.operator.Health;
import dev.countersign.operator.Operations;
import dev.countersign.operator.Product;
import dev.countersign.testkit.FreePort;
import dev.countersign.testkit.MailSink;
import dev.countersign.testkit.TextSink;
import dev.countersign.testkit.demo.bank.Bank;
import dev.countersign.testkit.drive.Rehearsal;
import dev.countersign.testkit.drive.Stage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * Where {@code ./countersign demo} starts: runs {@code serve} with a mail host, a bank and people around it, all on this
 * machine's loopback address.
 */
public final class Demo {
  private Demo() {}

  public static void main(String[] arguments) {
    Logging.throughTheEnd();
    var terminal = new Terminal(System.out, System.err);
    int exit =
        switch (Options.read(List.of(arguments))) {
          case Options.Reading.Help _ -> {
            terminal.out().print(Options.HELP);
            terminal.out().flush();
            yield 0;
          }
          case Options.Reading.Misread(var why) -> {
            terminal.tell("countersign demo: " + why + ". More with --help.");
            yield 2;
          }
          case Options.Reading.Read(var options) -> run(options, terminal);
        };
    System.exit(exit);
  }

  private static int run(Options options, Terminal terminal) {
    var clock = InstantSource.system();
    var entropy = new LiveEntropy();
    try (var mails = MailSink.open(clock);
        var texts = TextSink.open(clock)) {
      int port = options.port() == 0 ? FreePort.find().number() : options.port();
      int behind = options.situations() ? FreePort.find().number() : port;
      var serve =
          new Serve(
              new Around(new Launcher(clock, entropy), options, port, terminal, mails, texts),
              Lifetime::ofProcess,
              clock,
              entropy);
      var line = new CommandLine(List.of(serve), Map.of(), terminal, "demo");
      var words =
          new ArrayList<>(
              List.of(
                  "serve",
                  "--http-port",
                  String.valueOf(behind),
                  "--https-port",
                  String.valueOf(options.httpsPort()),
                  "--data",
                  options.data().toString(),
                  "--operator-port",
                  "0",
                  "--log-level",
                  "warning",
                  "--mail-smtp-host",
                  "127.0.0.1",
                  "--mail-smtp-port",
                  String.valueOf(mails.port()),
                  "--mail-smtp-tls",
                  "off",
                  "--mail-from",
                  "no-reply@localhost",
                  "--outbound-allow",
                  "127.0.0.0/8",
                  "--sms-twilio-url",
                  texts.url()));
      if (options.situations()) {
        words.addAll(
            List.of(
                "--public-url", "http://localhost:" + port, "--trusted-proxies", "127.0.0.0/8"));
      }
      words.addAll(options.database());
      return line.run(words).code();
    }
  }

  /**
   * Starts the product, and around it whatever makes it worth looking at.
   *
   * @param port where browsers come; the product's own, or that of a front before it
   */
  private record Around(
      Launcher launcher,
      Options options,
      int port,
      Terminal terminal,
      MailSink mails,
      TextSink texts)
      implements Product.Launcher {
    @Override
    public Operations open(Settings settings, Deployment deployment) {
      return launcher.open(settings, deployment);
    }

    @Override
    public Product start(
        Settings settings,
        Deployment deployment,
        Supplier<Optional<SSLContext>> tls,
        ServerMeters meters) {
      var product = launcher.start(settings, deployment, tls, meters);
      var neighbours = Neighbours.beside(port, mails, texts, () -> SentPush.all(product.wiring()));
      Optional<Front> front = Optional.empty();
      try {
        front =
            options.situations()
                ? Optional.of(
                    Front.open(
                        port,
                        product.port(0),
                        new Travel(product.wiring(), "http://localhost:" + neighbours.port())))
                : Optional.empty();
        var places =
            new Places(
                port, product.port(1), deployment.data().resolve("ca.pem"), neighbours.port());
        var scene =
            Scene.set(
                product.wiring(), places, deployment.data(), texts.account("twilio"), options);
        var bank = scene.bank();
        neighbours.add(
            "/",
            new Bank(
                places.base() + "/",
                places.bank(),
                bank.application().id().value(),
                bank.told(),
                Payments.IDENTIFIER,
                InstantSource.system()));
        neighbours.start();
        var told = new Told(places, scene);
        if (options.rehearse()) {
          Rehearsal.of(Stage.of(told.line()));
        }
        terminal.say(options.json() ? told.line() : told.words());
        return new Whole(product, neighbours, front);
      } catch (RuntimeException e) {
        front.ifPresent(Front::close);
        neighbours.close();
        product.close();
        throw e;
      }
    }
  }

  /** The product and its neighbours, which end with it. */
  private record Whole(Product product, Neighbours neighbours, Optional<Front> front)
      implements Product {
    @Override
    public List<Health.Check> checks() {
      return product.checks();
    }

    @Override
    public Collection<String> hosts() {
      return product.hosts();
    }

    @Override
    public List<String> addresses() {
      return product.addresses();
    }

    @Override
    public Operations operations() {
      return product.operations();
    }

    @Override
    public void drain() {
      product.drain();
    }

    @Override
    public void close() {
      front.ifPresent(Front::close);
      neighbours.close();
      product.close();
    }
  }
}
