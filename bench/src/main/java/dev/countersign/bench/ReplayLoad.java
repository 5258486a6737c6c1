package dev.countersign.bench;

import dev.countersign.Wiring;
import dev.countersign.config.Deployment;
import dev.countersign.config.Settings;
import dev.countersign.enforcement.Decision;
import dev.countersign.enforcement.Enforcement;
import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Level;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policy;
import dev.countersign.factor.Factor;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SignInId;
import dev.countersign.proof.ProofKind;
import dev.countersign.risk.Finding;
import dev.countersign.risk.Signal;
import dev.countersign.signin.password.PasswordHasher;
import dev.countersign.storage.Database;
import dev.countersign.storage.KeyRing;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.PublicAddress;
import dev.countersign.tenant.Tenant;
import dev.countersign.tenant.Tenants;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A policy tried on a long history: fills a tenant with sign-ins as they are recorded, then runs {@code countersign policy replay} as
 * operators do, in a process of its own with the heap that the script gives it, and watches that.
 */
final class ReplayLoad {
  private static final String TENANT = "many";

  /** Soon enough written: work that takes longer than 0.4 s has the server doubt its database, and give up what it is at if that does not greet at once. */
  private static final int AT_ONCE = 200;

  private static final Duration BACK = Duration.ofDays(30);
  private static final long WATCH_MILLIS = 200;
  private static final int EARLY = 100_000;
  private static final Pattern PROGRESS = Pattern.compile("([0-9,]+) sign-ins, about .*");

  /** The collector's line: what was used before and after, in MB. */
  private static final Pattern PAUSE = Pattern.compile("Pause (Young|Full) .* (\\d+)M->(\\d+)M\\(");

  private static final String DRAFT =
      """
      {"mode":"required","allowed_factors":["otp","webauthn-platform","recovery-code"],"rules":[
        {"name":"Staff","groups":["staff"],"mode":"required","allowed_factors":["webauthn-platform"]},
        {"name":"Guests","groups":["guests"],"mode":"off"}]}
      """;

  private final LiveEntropy entropy = new LiveEntropy();
  private final Path home;
  private final Ground ground;
  private final Deployment deployment;
  private final List<Long> databaseProcesses;
  private final PrintStream out;

  private ReplayLoad(Path home, Ground ground, PrintStream out) throws IOException, SQLException {
    this.home = home;
    this.ground = ground;
    this.deployment = ground.deployment();
    this.databaseProcesses = ground.processes();
    this.out = out;
  }

  /** Runs as the arguments say: {@code --database}, {@code --sign-ins}, {@code --home}. */
  static void run(List<String> arguments, PrintStream out)
      throws IOException, InterruptedException, SQLException {
    var options = new Options(arguments);
    var home = options.home();
    int signIns = options.take("--sign-ins", 1_000_000);
    boolean postgres = options.postgres();
    options.end();
    try (var ground = Ground.make(postgres, "64MB")) {
      new ReplayLoad(home, ground, out).measure(signIns);
    }
  }

  private void measure(int signIns) throws IOException, InterruptedException {
    fill(signIns);
    replay(signIns);
  }

  // The history

  private void fill(int signIns) throws IOException {
    long began = System.nanoTime();
    long bytes = 0;
    try (var wiring =
        new Wiring(
            new Wiring.Parts(
                Database.at(ground.address()),
                KeyRing.readOrCreate(deployment.keysFile(), entropy),
                Instant::now,
                entropy,
                PublicAddress.local(8080),
                PasswordHasher.COST,
                Settings.with(Map.of())))) {
      var now = Moment.of(Instant.now());
      var tenant =
          switch (wiring.ground.tenants.create(TENANT, "Many", now)) {
            case Tenants.Creation.Created(var it) -> it;
            case Tenants.Creation.Taken _, Tenants.Creation.BadSlug _ ->
                throw new IllegalStateException("no tenant");
          };
      var offered = wiring.methods.factors.of(tenant.id()).inOrder();
      var policy =
          wiring
              .ground.database
              .read(tx -> wiring.course.policies.current(tx, tenant.id()))
              .withMode(Mode.OPTIONAL);
      for (int from = 0; from < signIns; from += AT_ONCE) {
        int first = from;
        int last = Math.min(signIns, from + AT_ONCE);
        bytes +=
            wiring.ground.database.write(tx -> {
              long written = 0;
              for (int i = first; i < last; i++) {
                var at =
                    now.minus(
                        Duration.ofMillis(
                            (long) ((double) i / signIns * (BACK.toMillis() - 60_000))));
                written += record(tx, tenant, policy, offered, i, at);
              }
              return written;
            });
      }
    }
    out.printf(
        "%,d sign-ins recorded in %.0f s, %,d bytes of facts and decisions each%n",
        signIns, (System.nanoTime() - began) / 1e9, bytes / signIns);
  }

  /** Half of the people have an app, so that they were asked: what was decided before, and after. */
  private long record(Tx tx, Tenant tenant, Policy policy, List<Factor> offered, int i, Moment at) {
    var signIn = SignInId.fresh(entropy);
    boolean app = i % 2 == 0;
    var password = new Facts.Proven("password", ProofKind.KNOWS, false, false, true, at);
    long written =
        record(tx, tenant, signIn, 1, policy, facts(offered, i, at, List.of(password), app));
    if (app) {
      var later = at.plus(Duration.ofSeconds(20));
      var code = new Facts.Proven("otp", ProofKind.HAS, false, false, false, later);
      written +=
          record(
              tx,
              tenant,
              signIn,
              2,
              policy,
              facts(offered, i, later, List.of(password, code), true));
    }
    return written;
  }

  private static Facts facts(
      List<Factor> offered, int i, Moment at, List<Facts.Proven> proofs, boolean app) {
    var offers =
        offered.stream()
            .map(factor ->
                Facts.Offer.of(
                    factor,
                    app && factor.profile().id().equals(new FactorId("otp")) ? 1 : 0,
                    0,
                    true,
                    0,
                    false))
            .toList();
    return new Facts(
            at,
            new Facts.Who(
                "auth0|%024d".formatted(i % 50_000),
                Set.of(i % 3 == 0 ? "staff" : "customers", "everybody"),
                Set.of("reader"),
                false,
                "Username-Password-Authentication",
                "example.com",
                Map.of("app_metadata.plan", "gold")),
            new Facts.Asked("client" + i % 5, Level.NONE, null, null),
            proofs,
            offers,
            app ? new Facts.BackupCodes(true, true, 10) : Facts.BackupCodes.NONE,
            true,
            false)
        .in(
            new Facts.Circumstances(
                new Facts.Where("192.0.2." + i % 250, "DE"),
                at,
                i % 10 == 0 ? List.of(Finding.of(Signal.NEW_DEVICE)) : List.of(),
                Map.of()));
  }

  private static long record(
      Tx tx, Tenant tenant, SignInId signIn, long seq, Policy policy, Facts facts) {
    Decision decision = Enforcement.decide(policy, facts);
    var known = Json.write(facts);
    var decided =
        Json.write(
            Map.of(
                "result",
                decision.word(),
                "factors",
                decision.factors().stream().map(FactorId::value).toList(),
                "reason",
                decision.because().reason().word(),
                "rules",
                decision.because().rules(),
                "level",
                ""));
    tx.sql(
            "insert into decisions (tenant, sign_in, seq, user_id, decided_at, policy_version, facts, decision)"
                + " values (:tenant, :signIn, :seq, :user, :at, 1, :facts, :decision)")
        .set("tenant", tenant.id())
        .set("signIn", signIn)
        .set("seq", seq)
        .set("user", facts.who().user())
        .set("at", facts.at())
        .set("facts", known)
        .set("decision", decided)
        .update();
    return known.length() + (long) decided.length();
  }

  // The replay

  /** What the process was like at some time. */
  private record Seen(double seconds, Cpu cpu, double resident) {}

  private void replay(int signIns) throws IOException, InterruptedException {
    var draft = deployment.data().resolve("draft.json");
    Files.writeString(draft, DRAFT);
    var collected = deployment.data().resolve("collector.log");
    var errors = deployment.data().resolve("progress.log");
    List<String> command =
        new ArrayList<>(
            List.of(
                home.resolve("countersign").toString(),
                "policy",
                "replay",
                "--data",
                deployment.data().toString(),
                "--tenant",
                TENANT,
                "--draft",
                draft.toString(),
                "--days",
                String.valueOf(BACK.toDays())));
    command.addAll(ground.flags());
    var builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("COUNTERSIGN_JAVA_OPTS", "-Xlog:gc:file=" + collected + "::filecount=0");
    // So that nothing is left to be built within the time that is taken.
    new ProcessBuilder(home.resolve("countersign").toString(), "--help")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    long began = System.nanoTime();
    var process = builder.start();
    long pid = process.pid();
    boolean early = false;
    Seen last = new Seen(0, Cpu.of(pid, backends()), 0);
    double most = 0;
    var databaseBefore = Cpu.of(pid, backends());
    while (!process.waitFor(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
      var seen =
          new Seen(
              (System.nanoTime() - began) / 1e9,
              Cpu.of(pid, backends()),
              Cpu.residentMegabytes(pid));
      if (seen.resident() > 0) {
        last = seen;
        most = Math.max(most, seen.resident());
      }
      if (!early && told(errors) >= EARLY) {
        early = true;
        out.printf(
            "after %,d: %.1f s, resident %.0f MB, heap at most %s%n",
            told(errors), seen.seconds(), seen.resident(), heap(collected));
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    try (var said =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      said.lines().limit(12).forEach(out::println);
    }
    if (process.exitValue() != 0) {
      throw new IOException("the replay failed: " + Files.readString(errors));
    }
    var lines = Files.readAllLines(errors).stream().filter(it -> PROGRESS.matcher(it).matches());
    out.printf("told %d times how far it was%n", lines.count());
    var cpu = last.cpu().since(databaseBefore);
    out.printf(
        "%,d sign-ins in %.1f s, %,.0f/s; %.0f µs CPU each (collector %.0f of it, database server %.0f, compiler beside it %.0f);"
            + " resident at most %.0f MB, heap at most %s%n",
        signIns,
        seconds,
        signIns / seconds,
        (cpu.work() + cpu.database()) * 1_000 / signIns,
        cpu.collector() * 1_000 / signIns,
        cpu.database() * 1_000 / signIns,
        cpu.compiler() * 1_000 / signIns,
        most,
        heap(collected));
  }

  private List<Long> backends() {
    return databaseProcesses.stream().flatMap(pid -> Cpu.family(pid).stream()).toList();
  }

  /** How many sign-ins it has said to be done. */
  private static long told(Path errors) throws IOException {
    long told = 0;
    for (var line : Files.readAllLines(errors)) {
      var it = PROGRESS.matcher(line);
      if (it.matches()) {
        told = Long.parseLong(it.group(1).replace(",", ""));
      }
    }
    return told;
  }

  /** The most that was used before a collection, and that was left after a full one. */
  private static String heap(Path collected) throws IOException {
    long used = 0;
    long left = 0;
    for (var line : Files.exists(collected) ? Files.readAllLines(collected) : List.<String>of()) {
      var it = PAUSE.matcher(line);
      if (it.find()) {
        used = Math.max(used, Long.parseLong(it.group(2)));
        left = it.group(1).equals("Full") ? Math.max(left, Long.parseLong(it.group(3))) : left;
      }
    }
    return used + " MB, " + left + " of it after a full collection";
  }
}
