package dev.countersign.operator;

import dev.countersign.config.Deployment;
import dev.countersign.config.Settings;
import dev.countersign.metrics.ServerMeters;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** The product as the process that runs it sees it. */
public interface Product extends AutoCloseable {
  /** What has to be so for requests to be sent here. */
  List<Health.Check> checks();

  /** Every host that a tenant answers at, for the development certificate. */
  Collection<String> hosts();

  /** Where it listens, for people. */
  List<String> addresses();

  /** What may be asked of it while it runs; not to be closed apart. */
  Operations operations();

  /** From now on each answer ends its connection, so that whoever asks next may turn elsewhere. */
  void drain();

  /** Takes no new connections, lets requests under way end within {@code limits.stop-timeout}, closes the database. */
  @Override
  void close();

  /** Makes products. What keeps one from starting is thrown, with a message for the operator. */
  interface Launcher {
    /** Opens the database for an operator's command, without listening. */
    Operations open(Settings settings, Deployment deployment);

    /**
     * Opens the database, brings its tables up to date, checks the keys, and listens.
     *
     * @param tls asked for when the time has come to listen; whatever it throws is thrown here
     */
    Product start(
        Settings settings,
        Deployment deployment,
        Supplier<Optional<SSLContext>> tls,
        ServerMeters meters);
  }
}
