package dev.countersign.risk.places;

import dev.countersign.config.Located;
import dev.countersign.risk.networks.Address;
import dev.countersign.risk.networks.Networks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Where addresses are: what the operator says of networks, or else what the database knows, which is the operator's file or
 * the table that comes with the product. The database is read when it is first asked for, on a thread of its own; nobody
 * waits for it longer than {@link #PATIENCE}. Thread-safe.
 */
public final class Places {
  static final Duration PATIENCE = Duration.ofMillis(200);

  private static final System.Logger LOG = System.getLogger(Places.class.getName());
  private static final String BUNDLED = "/places/countries.bin";

  private final List<Known> known;
  private final Optional<Path> file;
  private volatile @Nullable Opened opened;

  private record Known(Networks.Range range, Place place) {}

  /** The operator's file as it was opened. */
  private record Opened(FileTime changed, CompletableFuture<Atlas> atlas) {}

  /** What is known of where an address is. */
  public sealed interface Sight {
    record At(Place place) implements Sight {}

    /** It is nobody's, or somebody's own. */
    record Nowhere() implements Sight {}

    /** It could not be looked up. */
    record Unavailable() implements Sight {}
  }

  /** The table that comes with the product is read once for all. */
  private static final class Bundled {
    static final CompletableFuture<Atlas> ATLAS =
        reading(() -> {
          try (InputStream in =
              Objects.requireNonNull(Places.class.getResourceAsStream(BUNDLED), BUNDLED)) {
            return CountryTable.read(in);
          }
        });
  }

  private interface Reading {
    Atlas read() throws IOException;
  }

  /**
   * Places of addresses.
   *
   * @param known what the operator says of networks; the first that fits counts
   * @param file a database of the operator's: a MaxMind DB of cities or countries, or a table such as the product's own
   */
  public Places(List<Located> known, Optional<Path> file) {
    this.known = known.stream().map(Places::known).toList();
    this.file = file;
  }

  private static Known known(Located it) {
    var range = Networks.Range.parse(it.network().toString()).orElseThrow();
    var place =
        it.at()
            .map(at -> new Place(it.country(), at.latitude(), at.longitude(), 0))
            .or(() -> Countries.place(it.country()))
            .orElseGet(() -> new Place(it.country(), 0, 0, 20_000)); // A country of their own.
    return new Known(range, place);
  }

  public Sight of(Address address) {
    for (var it : known) {
      if (it.range().contains(address)) {
        return new Sight.At(it.place());
      }
    }
    if (address.isPrivate() || address.isForDocuments()) {
      return new Sight.Nowhere(); // Whatever registries say of them.
    }
    try {
      var place = atlas().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).find(address);
      return place == null ? new Sight.Nowhere() : new Sight.At(place);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Sight.Unavailable();
    } catch (ExecutionException | TimeoutException _) {
      return new Sight.Unavailable(); // Why, was logged when it was read.
    }
  }

  /** Begins to read the database, or the operator's file anew where it has changed since. */
  public void refresh() {
    if (file.isEmpty()) {
      var _ = Bundled.ATLAS;
      return;
    }
    var path = file.get();
    try {
      var changed = Files.getLastModifiedTime(path);
      var before = opened;
      if (before == null) {
        opened = new Opened(changed, reading(() -> open(path)));
      } else if (!before.changed().equals(changed)) {
        opened = new Opened(changed, anew(path, before.atlas()));
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "places: " + path + " cannot be read", e);
    }
  }

  /** What was read before goes on until this is read, and longer where it cannot be. */
  private static CompletableFuture<Atlas> anew(Path path, CompletableFuture<Atlas> before) {
    try {
      return CompletableFuture.completedFuture(open(path));
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "places: " + path + " cannot be read anew", e);
      return before;
    }
  }

  private CompletableFuture<Atlas> atlas() {
    if (file.isEmpty()) {
      return Bundled.ATLAS;
    }
    var now = opened;
    if (now == null) {
      refresh();
      now = opened;
    }
    return now == null
        ? CompletableFuture.failedFuture(new IOException("no database of places"))
        : now.atlas();
  }

  private static Atlas open(Path path) throws IOException {
    try (var in = Files.newInputStream(path)) {
      if (!CountryTable.isOne(in.readNBytes(21))) {
        return new MaxMindFile(path);
      }
    }
    try (var in = Files.newInputStream(path)) {
      return CountryTable.read(in);
    }
  }

  private static CompletableFuture<Atlas> reading(Reading reading) {
    var result = new CompletableFuture<Atlas>();
    Thread.ofPlatform()
        .daemon()
        .name("places")
        .start(() -> {
          try {
            result.complete(reading.read());
          } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "places: the database cannot be read", e);
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
