package dev.countersign.cli;

import dev.countersign.config.Deployment;
import dev.countersign.config.Keys;
import dev.countersign.config.Settings;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.OwnersOnly;
import dev.countersign.logging.Logging;
import dev.countersign.metrics.ServerMeters;
import dev.countersign.operator.ControlSocket;
import dev.countersign.operator.Health;
import dev.countersign.operator.OperatorServer;
import dev.countersign.operator.Product;
import dev.countersign.tls.DevelopmentCa;
import dev.countersign.tls.HttpsContext;
import dev.countersign.tls.ServerIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;

/** Runs the server until the process is told to end. */
public final class Serve implements Command.Configured {
  private static final System.Logger LOG = System.getLogger(Serve.class.getName());
  private static final Duration RENEWAL = Duration.ofHours(1);

  private final Product.Launcher launcher;
  private final Supplier<Lifetime> lifetimes;
  private final InstantSource clock;
  private final Entropy entropy;

  /**
   * A command that runs one server each time.
   *
   * @param lifetimes how long each run is to last
   */
  public Serve(
      Product.Launcher launcher,
      Supplier<Lifetime> lifetimes,
      InstantSource clock,
      Entropy entropy) {
    this.launcher = launcher;
    this.lifetimes = lifetimes;
    this.clock = clock;
    this.entropy = entropy;
  }

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public String summary() {
    return "Runs the server until SIGTERM or Ctrl-C.";
  }

  @Override
  public Exit run(Call call, Deployment deployment) {
    Settings settings = call.settings();
    Terminal terminal = call.terminal();
    Logging.to(
        terminal.err(), level(settings.get(Keys.LOG_LEVEL)), format(settings.get(Keys.LOG_FORMAT)));
    Lifetime lifetime = lifetimes.get();
    try (var running = new Running()) {
      start(settings, deployment, running);
      lifetime.await();
      LOG.log(System.Logger.Level.INFO, "stopping");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "start failed", e);
      terminal.tell("countersign: cannot start: " + reason(e));
      return Exit.FAILED;
    } finally {
      lifetime.over();
    }
    return Exit.OK;
  }

  private void start(Settings settings, Deployment deployment, Running running) throws IOException {
    makeFolder(deployment.data());
    var meters = new ServerMeters();
    var hosts = new Hosts(settings, deployment);
    // Keys and certificates take as long as the database, so they are made ready beside it.
    var https = new FutureTask<>(() -> https(deployment.tls(), hosts));
    Thread.ofPlatform().daemon().name("https").start(https);
    Product product =
        launcher.start(
            settings, deployment, () -> outcome(https).map(HttpsContext::sslContext), meters);
    running.closes(product);
    hosts.product = Optional.of(product);
    outcome(https).ifPresent(context -> renewHourly(context, running));

    var health = new Health(product.checks());
    Optional<Integer> port = settings.get(Keys.OPERATOR_PORT);
    if (port.isPresent()) {
      var address = new InetSocketAddress(settings.get(Keys.OPERATOR_BIND), port.get());
      var shown = settings.get(Keys.METRICS) ? Optional.of(meters) : Optional.<ServerMeters>empty();
      OperatorServer operator = OperatorServer.start(address, health, shown);
      running.closes(operator);
      LOG.log(
          System.Logger.Level.INFO,
          "health and metrics on {0}",
          "http://" + hostPort(address, operator.port()));
    }
    if (deployment.embedded()) {
      listenForCommands(deployment, product, running);
    }
    running.closes(() -> drain(product, settings.get(Keys.STOP_DELAY)));
    running.closes(health::stopping);
    LOG.log(System.Logger.Level.INFO, "ready on {0}", String.join(" and ", product.addresses()));
  }

  /** Goes on answering until whoever watches the health of this server has turned elsewhere. */
  private static void drain(Product product, Duration delay) throws InterruptedException {
    product.drain();
    TimeUnit.MILLISECONDS.sleep(delay.toMillis());
  }

  private static <T> T outcome(Future<T> task) {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException ours
          ? ours
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting", e);
    }
  }

  private Optional<HttpsContext> https(Deployment.Tls tls, Hosts hosts) {
    return switch (tls) {
      case Deployment.Tls.Off() -> Optional.empty();
      case Deployment.Tls.Files(Path certificate, Path key) ->
          Optional.of(new HttpsContext(() -> ServerIdentity.read(certificate, key)));
      case Deployment.Tls.Development(Path folder) -> {
        var authority = new DevelopmentCa(folder, entropy);
        yield Optional.of(
            new HttpsContext(() -> authority.identity(hosts.now(), Moment.of(clock.instant()))));
      }
    };
  }

  /** Changed files and new tenants' hosts are found within the hour; the tenants known now, at once. */
  private static void renewHourly(HttpsContext context, Running running) {
    var timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("renew").factory());
    ScheduledFuture<?> renewals =
        timer.scheduleAtFixedRate(context::renew, 0, RENEWAL.toSeconds(), TimeUnit.SECONDS);
    running.closes(() -> {
      renewals.cancel(false);
      timer.close(); // Waits for a renewal under way: it writes into the data folder.
    });
  }

  private static void listenForCommands(Deployment deployment, Product product, Running running) {
    try {
      running.closes(
          ControlSocket.open(
              deployment.data(),
              (arguments, answer) ->
                  (arguments.size() == 2 && arguments.getFirst().equals(Backup.NAME)
                          ? Backup.copy(deployment, arguments.get(1), answer)
                          : Asking.perform(product.operations(), arguments, answer))
                      .code()));
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "audit, backup and keys will not reach this server: {0}; is the path of the data folder too long?",
          e.getMessage());
    }
  }

  private static void makeFolder(Path folder) throws IOException {
    try {
      OwnersOnly.folder(folder);
    } catch (IOException e) {
      throw new IOException("the data folder " + folder + " cannot be made: " + e, e);
    }
  }

  /** What went wrong, and what was at the bottom of it, in one line. */
  static String reason(Exception e) {
    Throwable bottom = e;
    while (bottom.getCause() != null) {
      bottom = bottom.getCause();
    }
    String top = said(e);
    String below = said(bottom);
    return top.contains(below) ? top : top + " (" + below + ")";
  }

  private static String said(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null
        ? thrown.getClass().getSimpleName()
        : message.lines().findFirst().orElse("").replace("; SQL statement:", "");
  }

  private static String hostPort(InetSocketAddress address, int port) {
    String host = address.getHostString();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  private static Level level(Keys.LogLevel level) {
    return switch (level) {
      case ERROR -> Level.SEVERE;
      case WARNING -> Level.WARNING;
      case INFO -> Level.INFO;
      case DEBUG -> Level.FINE;
    };
  }

  private static Logging.Format format(Keys.LogFormat format) {
    return switch (format) {
      case TEXT -> Logging.Format.TEXT;
      case JSON -> Logging.Format.JSON;
    };
  }

  /** The hosts of the development certificate: those configured, and the tenants' once the product runs. */
  private static final class Hosts {
    private final Collection<String> configured = new TreeSet<>();
    private volatile Optional<Product> product = Optional.empty();

    Hosts(Settings settings, Deployment deployment) {
      configured.add(deployment.publicUrl().getHost());
      settings
          .get(Keys.TENANT_DOMAIN_SUFFIX)
          .ifPresent(suffix -> configured.addAll(List.of(suffix, "*." + suffix)));
    }

    Collection<String> now() {
      var all = new TreeSet<>(configured);
      product.ifPresent(running -> all.addAll(running.hosts()));
      return all;
    }
  }

  /** What was started, closed in the opposite order, all of it whatever fails. */
  private static final class Running implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    void closes(AutoCloseable part) {
      parts.push(part);
    }

    @Override
    public void close() {
      for (AutoCloseable part : parts) {
        try {
          part.close();
        } catch (Exception e) { // What a part throws must not keep the others from closing.
          LOG.log(System.Logger.Level.ERROR, "a part did not close", e);
        }
      }
    }
  }
}
