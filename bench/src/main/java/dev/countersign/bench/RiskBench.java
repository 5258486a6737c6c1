package dev.countersign.bench;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.risk.Browser;
import dev.countersign.risk.Observe;
import dev.countersign.risk.lists.AddressList;
import dev.countersign.risk.lists.Source;
import dev.countersign.risk.networks.Address;
import dev.countersign.risk.networks.Networks;
import dev.countersign.risk.places.Places;
import dev.countersign.storage.Tx;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to look at a sign-in with all signals, for somebody with a full row of habits in a tenant with four long
 * lists: with its one read from the embedded database, and that read, which is a unit of work with a statement like it, as the
 * yardstick.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class RiskBench {
  private static final String AGENT =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

  private @Nullable World world;
  private @Nullable Someone ana;
  private @Nullable Occasion usual;
  private @Nullable Occasion strange;
  private @Nullable Places places;
  private final Address address = Address.parse("81.2.69.142").orElseThrow();

  @Setup
  public void setUp() {
    var made = World.on(Engine.EMBEDDED).make();
    world = made;
    var acme = made.tenant("acme");
    var who = acme.person("ana");
    ana = who;
    var now = made.clock().now();
    var wiring = made.wiring();
    for (int i = 0; i < 4; i++) {
      int list = i;
      wiring.ground.database.run(tx ->
          wiring.risk.addressLists.add(
              tx, acme.id(), settings("List " + list, now), entries(list), now));
    }
    for (int i = 0; i < 60; i++) {
      var at = now.minus(Duration.ofHours(9L * (60 - i)));
      var occasion = occasion(at, "81.2.69." + i, "device-" + "x".repeat(13) + (10 + i % 20));
      wiring.ground.database.run(
          tx -> wiring.risk.observe.learn(tx, acme.id(), who.id(), Browser.of(occasion), occasion));
    }
    usual = occasion(now, "81.2.69.142", "device-" + "x".repeat(13) + "29");
    strange = occasion(now, "20.0.0.1", "");
    places = wiring.risk.places;
  }

  private static AddressList settings(String name, Moment now) {
    return new AddressList(
        "new",
        name,
        Source.OWN,
        null,
        Optional.empty(),
        30,
        false,
        Duration.ZERO,
        AddressList.Standing.NEW,
        now);
  }

  private static Networks.Reading entries(int list) {
    var lines =
        IntStream.range(0, 50_000)
            .mapToObj(i -> "20." + i / 250 + "." + (i % 250) + "." + (list + 1))
            .collect(Collectors.joining("\n"));
    return Networks.read(lines, 100_000).orElseThrow();
  }

  private static Occasion occasion(Moment at, String address, String device) {
    return new Occasion(at, address, AGENT, "req_bench").knownBy(Secret.of(device));
  }

  @TearDown
  public void tearDown() {
    Objects.requireNonNull(world).close();
  }

  private Observe.Observed observed(@Nullable Occasion occasion) {
    var at = Objects.requireNonNull(occasion);
    var who = Objects.requireNonNull(ana);
    var wiring = Objects.requireNonNull(world).wiring();
    return wiring.ground.database.read(
        tx -> wiring.risk.observe.observe(tx, who.company().id(), who.id(), Browser.of(at), List.of(), at));
  }

  @Benchmark
  public Observe.Observed usualSignIn() {
    return observed(usual);
  }

  @Benchmark
  public Observe.Observed strangeSignIn() {
    return observed(strange);
  }

  /** The yardstick: a unit of work with one read by a key, such as {@code observe} makes. */
  @Benchmark
  public int oneRead() {
    var who = Objects.requireNonNull(ana);
    var wiring = Objects.requireNonNull(world).wiring();
    return wiring.ground.database.read((Tx tx) ->
        wiring.ground.people.find(tx, who.company().id(), who.id()).isPresent() ? 1 : 0);
  }

  /** Where an address is, by the table of all the world. */
  @Benchmark
  public Places.Sight place() {
    return Objects.requireNonNull(places).of(address);
  }
}
