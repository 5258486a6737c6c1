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
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
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
      int httpsPort = options.httpsPort() == 0 ? FreePort.find().number() : options.httpsPort();
      int behind = options.situations() ? FreePort.find().number() : port;
      int httpsBehind = options.situations() ? FreePort.find().number() : httpsPort;
      var serve =
          new Serve(
              new Around(
                  new Launcher(clock, entropy, OptionalInt.of(httpsPort)),
                  options,
                  new Seen(port, httpsPort),
                  terminal,
                  mails,
                  texts),
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
                  String.valueOf(httpsBehind),
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

  /** The ports where browsers come; the product's own, or those of fronts before it. */
  private record Seen(int http, int https) {}

  /** Starts the product, and around it whatever makes it worth looking at. */
  private record Around(
      Launcher launcher,
      Options options,
      Seen seen,
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
      var secured = new AtomicReference<SSLContext>();
      Supplier<Optional<SSLContext>> kept =
          () -> {
            var it = tls.get();
            it.ifPresent(secured::set);
            return it;
          };
      var product = launcher.start(settings, deployment, kept, meters);
      var neighbours =
          Neighbours.beside(seen.http(), mails, texts, () -> SentPush.all(product.wiring()));
      var places =
          new Places(
              seen.http(), seen.https(), deployment.data().resolve("ca.pem"), neighbours.port());
      var fronts = new ArrayList<Front>();
      try {
        if (options.situations()) {
          var travel = new Travel(product.wiring(), places.bank());
          fronts.add(Front.open(seen.http(), product.port(0), travel));
          fronts.add(
              Front.secured(seen.https(), product.port(1), secured.get(), places.ca(), travel));
        }
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
        return new Whole(product, neighbours, List.copyOf(fronts));
      } catch (RuntimeException e) {
        fronts.forEach(Front::close);
        neighbours.close();
        product.close();
        throw e;
      }
    }
  }

  /** The product and its neighbours, which end with it. */
  private record Whole(Product product, Neighbours neighbours, List<Front> fronts)
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
      fronts.forEach(Front::close);
      neighbours.close();
      product.close();
    }
  }
}
