package dev.countersign.testkit;

import dev.countersign.Wiring;
import dev.countersign.config.Cidr;
import dev.countersign.config.Settings;
import dev.countersign.delivery.mail.Inbox;
import dev.countersign.delivery.mail.Mail;
import dev.countersign.kernel.Argon2id;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.NativeCrypto;
import dev.countersign.tenant.PublicAddress;
import dev.countersign.tenant.Tenants;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A small world around the real product: companies with people in it, their browsers, phones and inboxes, and a clock
 * that stands still. Worlds in one process share a database unless they ask for one of their own, and live apart by
 * their tenants. Ask for one as the parameter of a {@link WorldTest}; it is checked and closed after the test.
 */
public final class World implements AutoCloseable {
  /** How everybody reaches the servers of a World, whatever port they listen on here. */
  public static final PublicAddress ADDRESS =
      new PublicAddress("https", 443, "countersign.test", Optional.of("countersign.test"), false);

  /** Cheap enough to hash a password in well under a millisecond. */
  private static final Argon2id.Cost CHEAP = new Argon2id.Cost(64, 1);

  /** One for all, as they share an outbox: whose mail it is tells its address. */
  private static final Inbox MAILS = new Inbox();

  /** One for all: whose text it is tells its number. */
  private static final TextSink TEXTS = TextSink.open(InstantSource.system());

  /** One for all: whose messages they are tells the account. */
  private static final GoogleSink GOOGLE = GoogleSink.open();

  static {
    // As a server does that has started; each tenant makes keys, and these are made much sooner.
    NativeCrypto.install();
  }

  /** Where the addresses of documents are, since no database knows: at home in Berlin and Munich, and far away in São Paulo. */
  private static final String PLACES =
      "192.0.2.0/24=DE@52.5:13.4, 198.51.100.0/24=DE@48.1:11.6, 203.0.113.0/24=BR@-23.5:-46.6";

  private static final AtomicInteger TENANTS = new AtomicInteger();
  private static final AtomicLong SEEDS =
      new AtomicLong(Long.getLong("world.seed", System.nanoTime()));

  private final long seed;
  private final Entropy entropy;
  private final TestClock clock = new TestClock(TestClock.MORNING);
  private final CapturedLogs logs = new CapturedLogs();
  private final Canaries canaries = new Canaries();
  private final Databases.Shared database;
  private final Making making;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Company> companies = new CopyOnWriteArrayList<>();
  private final List<String> toldByPages = new CopyOnWriteArrayList<>();

  /** How a World is to be made; begin with {@link #on}. */
  public record Making(
      Engine engine,
      int nodes,
      boolean sockets,
      boolean ownDatabase,
      List<Duration> skews,
      Argon2id.Cost passwordCost,
      List<Cidr> proxies,
      Map<String, String> more) {
    public Making {
      more = Map.copyOf(more);
      skews = List.copyOf(skews);
      proxies = List.copyOf(proxies);
    }

    /** With so many servers on the one database. */
    public Making nodes(int count) {
      return new Making(engine, count, sockets, ownDatabase, skews, passwordCost, proxies, more);
    }

    /** Driven over real sockets. */
    public Making overSockets() {
      return new Making(engine, nodes, true, ownDatabase, skews, passwordCost, proxies, more);
    }

    /** On a database of its own. */
    public Making onItsOwn() {
      return new Making(engine, nodes, sockets, true, skews, passwordCost, proxies, more);
    }

    /** The servers' clocks are off by so much, the first by the first. */
    public Making clocksOffBy(Duration... each) {
      return new Making(
          engine, nodes, sockets, ownDatabase, List.of(each), passwordCost, proxies, more);
    }

    /** Over sockets, and whoever connects from one of these networks may say for whom. */
    public Making behindProxies(String... networks) {
      var blocks = Stream.of(networks).map(it -> Cidr.parse(it).orElseThrow()).toList();
      return new Making(engine, nodes, true, ownDatabase, skews, passwordCost, blocks, more);
    }

    /** With this setting of the server's configuration. */
    public Making with(String key, String value) {
      var all = new HashMap<>(more);
      all.put(key, value);
      return new Making(engine, nodes, sockets, ownDatabase, skews, passwordCost, proxies, all);
    }

    /** Passwords cost as much as in earnest. */
    public Making passwordCost(Argon2id.Cost cost) {
      return new Making(engine, nodes, sockets, ownDatabase, skews, cost, proxies, more);
    }

    /** On a PostgreSQL database of its own, over a line that can be cut: {@link World#link}. */
    public World behindFlakyLink() {
      return new World(onItsOwn(), Databases.behindFlakyLink());
    }

    public World make() {
      return new World(this, ownDatabase ? Databases.fresh(engine) : Databases.shared(engine));
    }
  }

  public static Making on(Engine engine) {
    return new Making(engine, 1, false, false, List.of(), CHEAP, List.of(), Map.of());
  }

  private World(Making making, Databases.Shared database) {
    this.making = making;
    this.database = database;
    this.seed = SEEDS.incrementAndGet();
    this.entropy = new SeededEntropy(seed);
    for (int i = 0; i < making.nodes(); i++) {
      addNode(i < making.skews().size() ? clock.skewed(making.skews().get(i)) : clock);
    }
  }

  /** Starts one more server on the database, as after a restart: nothing is remembered but what is in the database. */
  public Node addNode(InstantSource itsClock) {
    var wiring =
        new Wiring(
            new Wiring.Parts(
                database.pool(nodes.size()),
                database.keys(),
                itsClock,
                entropy,
                ADDRESS,
                making.passwordCost(),
                Settings.with(settings()),
                Optional.of(MAILS)));
    var node = new Node(wiring, itsClock, entropy, making.sockets(), making.proxies());
    nodes.add(node);
    return node;
  }

  private Map<String, String> settings() {
    var settings = new HashMap<String, String>();
    settings.put("outbound.allow", "127.0.0.0/8");
    settings.put("risk.places", PLACES);
    settings.put("sms.twilio.url", TEXTS.url());
    settings.put("sms.vonage.url", TEXTS.url());
    settings.put("sms.sns.url", TEXTS.url());
    settings.put("push.fcm.url", GOOGLE.url());
    settings.put("push.fcm.token-url", GOOGLE.url());
    settings.putAll(making.more());
    return settings;
  }

  public Node node() {
    return nodes.getFirst();
  }

  public Node node(int index) {
    return nodes.get(index);
  }

  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  /** The rooms of the first server. */
  public Wiring wiring() {
    return node().wiring();
  }

  public Engine engine() {
    return making.engine();
  }

  public TestClock clock() {
    return clock;
  }

  public Entropy entropy() {
    return entropy;
  }

  /** The line to the database, where it was asked for. */
  public FlakyLink link() {
    return database
        .link()
        .orElseThrow(() -> new IllegalStateException("this World's database is at hand"));
  }

  /** What was logged so far. */
  public CapturedLogs logs() {
    return logs;
  }

  public Canaries canaries() {
    return canaries;
  }

  /** By which everything random in it comes again: {@code -Dworld.seed=} one less than this. */
  public long seed() {
    return seed;
  }

  /** What has come to an address, oldest first, once all that was due has been sent. */
  public List<Mail> mailsTo(String address) {
    wiring().delivery.outbox.deliverDue();
    return MAILS.mails().stream().filter(mail -> mail.to().equals(address)).toList();
  }

  /** The providers of texts, and what they took. */
  public TextSink texts() {
    return TEXTS;
  }

  /** Google, which wakes phones. */
  public GoogleSink google() {
    return GOOGLE;
  }

  /** Lets time pass. */
  public World later(Duration by) {
    clock.advance(by);
    return this;
  }

  /** A new tenant. Its slug is the name and a number, so that every test has an Acme of its own. */
  public Company tenant(String name) {
    return tenant(name, false);
  }

  /** A new tenant for trying things out. */
  public Company sandbox(String name) {
    return tenant(name, true);
  }

  private Company tenant(String name, boolean sandbox) {
    var slug = name + "-" + TENANTS.incrementAndGet();
    var displayName = Character.toUpperCase(name.charAt(0)) + name.substring(1);
    return switch (wiring()
        .ground
        .tenants
        .create(slug, displayName, sandbox, clock.now(), (_, _) -> {})) {
      case Tenants.Creation.Created(var tenant) -> {
        var company = new Company(this, tenant.id(), slug);
        companies.add(company);
        yield company;
      }
      case Tenants.Creation.Taken _, Tenants.Creation.BadSlug _ ->
          throw new IllegalArgumentException("no tenant can be called " + slug);
    };
  }

  List<Company> companies() {
    return List.copyOf(companies);
  }

  /** A browser that has never been here. */
  public Browser browser() {
    return new Browser(this, node());
  }

  boolean isOurs(URI uri) {
    var host = uri.getHost();
    return host != null && (host.equals("countersign.test") || host.endsWith(".countersign.test"));
  }

  void saw(Browser browser, Page page) {
    canaries.on(page).forEach(told -> toldByPages.add(told + " on " + page.uri().getPath()));
  }

  List<String> toldByPages() {
    return List.copyOf(toldByPages);
  }

  /** Now, for what is set up behind the scenes. */
  public Instant instant() {
    return clock.instant();
  }

  /** Fails when what happened in this World does not hang together; called after every test. */
  public void check() {
    new WorldCheck(this).run();
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
    logs.close();
    if (making.ownDatabase()) {
      database.close();
    }
  }
}
