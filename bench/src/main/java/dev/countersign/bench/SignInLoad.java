package dev.countersign.bench;

import dev.countersign.testkit.drive.Connection;
import dev.countersign.testkit.drive.SignIn;
import dev.countersign.testkit.drive.Stage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.zip.Deflater;

/**
 * What the whole server bears: starts it as its own process, lets people sign in to it (password, authenticator app,
 * code, tokens, claims) and reads what that cost the server from the operating system. The client's own work is not
 * counted, though it takes from the same cores.
 */
final class SignInLoad {
  private static final Pattern ASSET =
      Pattern.compile("(?:href|src)=\"(/[^\"]+\\.(?:css|js|svg)|/brand[^\"]*)\"");
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private SignInLoad() {}

  /**
   * What is wanted.
   *
   * @param people how many there are; each can sign in once per time step of 30 s
   * @param warmUp sign-ins before anything is counted
   * @param signIns sign-ins counted at each number in flight
   * @param starts starts on the same data, for each way of starting
   */
  record Plan(
      Path home,
      boolean postgres,
      int people,
      int warmUp,
      int signIns,
      List<Integer> inFlight,
      int starts) {
    static Plan of(List<String> arguments) {
      var options = new Options(arguments);
      var plan =
          new Plan(
              options.home(),
              options.postgres(),
              options.take("--people", 600),
              options.take("--warm-up", 1_500),
              options.take("--sign-ins", 400),
              Arrays.stream(options.take("--in-flight", "1,8,32").split(",", -1))
                  .map(Integer::valueOf)
                  .toList(),
              options.take("--starts", 5));
      options.end();
      return plan;
    }
  }

  /**
   * What a number of sign-ins at a time came to.
   *
   * @param cpu CPU milliseconds for each sign-in
   * @param median wall milliseconds of one sign-in, all its requests
   * @param slowest hundredth, likewise
   */
  private record Outcome(
      int inFlight, int requests, Cpu cpu, double perSecond, double median, double slowest) {}

  /** Runs the plan that the arguments make and prints what came of it. */
  static void run(List<String> arguments, PrintStream out)
      throws IOException,
          InterruptedException,
          ExecutionException,
          GeneralSecurityException,
          SQLException {
    var plan = Plan.of(arguments);
    try (var ground = Ground.make(plan.postgres(), "64MB")) {
      measure(
          plan,
          new ServerProcess.Start(
              plan.home(), ground.data(), plan.people(), ground.flags(), Map.of()),
          ground.processes(),
          out);
    }
  }

  private static void measure(
      Plan plan, ServerProcess.Start start, List<Long> databaseRoots, PrintStream out)
      throws IOException, InterruptedException, ExecutionException, GeneralSecurityException {
    var before = Yardsticks.measure();
    List<Outcome> outcomes = new ArrayList<>();
    double idle;
    double loaded = 0;
    try (var server = ServerProcess.start(start)) {
      say(
          out,
          "database %s, %d people with an authenticator app, %d cores",
          plan.postgres() ? "PostgreSQL" : "embedded",
          server.stage().people().size(),
          Runtime.getRuntime().availableProcessors());
      Thread.sleep(SETTLE);
      idle = Cpu.residentMegabytes(server.pid());
      weigh(server.stage(), out);
      var turns = new Turns(server.stage().people());
      load(server, turns, 8, plan.warmUp(), List.of());
      for (int inFlight : plan.inFlight()) {
        outcomes.add(load(server, turns, inFlight, plan.signIns(), databaseRoots));
        loaded = Math.max(loaded, Cpu.residentMegabytes(server.pid()));
      }
      if (turns.waited() > 0) {
        say(
            out,
            "NOTE: everybody had signed in within the time step for %.1f s in all; rates are too low, take more --people",
            turns.waited());
      }
    }
    print(outcomes, before.mean(Yardsticks.measure()), out);
    say(out, "resident memory: %.0f MB idle, %.0f MB under load", idle, loaded);
    starts(plan, start, out);
  }

  private static Outcome load(
      ServerProcess server, Turns turns, int inFlight, int signIns, List<Long> databaseRoots)
      throws InterruptedException, ExecutionException {
    var databaseProcesses =
        databaseRoots.stream().flatMap(root -> Cpu.family(root).stream()).toList();
    var before = Cpu.of(server.pid(), databaseProcesses);
    long started = System.nanoTime();
    List<Double> took = new ArrayList<>();
    int requests = 0;
    try (var pool = Executors.newFixedThreadPool(inFlight)) {
      var clients = new ArrayList<java.util.concurrent.Callable<Client>>();
      for (int i = 0; i < inFlight; i++) {
        int mine = signIns / inFlight + (i < signIns % inFlight ? 1 : 0);
        clients.add(() -> Client.signingIn(server.stage(), turns, mine));
      }
      for (var done : pool.invokeAll(clients)) {
        took.addAll(done.get().took());
        requests = Math.max(requests, done.get().requests());
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    var cpu = Cpu.of(server.pid(), databaseProcesses).since(before).dividedBy(signIns);
    took.sort(null);
    return new Outcome(
        inFlight,
        requests,
        cpu,
        signIns / seconds,
        took.get(took.size() / 2),
        took.get(took.size() * 99 / 100));
  }

  /** What one connection's sign-ins took, in milliseconds each. */
  private record Client(List<Double> took, int requests) {
    static Client signingIn(Stage stage, Turns turns, int signIns)
        throws IOException, InterruptedException {
      List<Double> took = new ArrayList<>();
      int requests = 0;
      try (var connection = new Connection(stage.base())) {
        for (int i = 0; i < signIns; i++) {
          var turn = turns.next();
          long started = System.nanoTime();
          requests = new SignIn(connection, stage).run(turn.person(), turn.step());
          took.add((System.nanoTime() - started) / 1e6);
        }
      }
      return new Client(took, requests);
    }
  }

  private static void print(List<Outcome> outcomes, Yardsticks yardsticks, PrintStream out) {
    say(out, "");
    say(
        out,
        "| in flight | sign-ins/s | p50 ms | p99 ms | CPU ms | of it password hash | all the rest | of it collector | database | compiler, apart |");
    say(out, "|---|---|---|---|---|---|---|---|---|---|");
    for (var it : outcomes) {
      double all = it.cpu().work() + it.cpu().database();
      say(
          out,
          "| %d | %.1f | %.0f | %.0f | %.2f | %.2f | **%.2f** | %.2f | %.2f | %.2f |",
          it.inFlight(),
          it.perSecond(),
          it.median(),
          it.slowest(),
          all,
          it.cpu().hashing(),
          it.cpu().rest(),
          it.cpu().collector(),
          it.cpu().database(),
          it.cpu().compiler());
    }
    say(out, "");
    double rest = outcomes.stream().mapToDouble(it -> it.cpu().rest()).min().orElse(0);
    say(
        out,
        "%d requests a sign-in; one password hash alone %.2f ms, one RS256 signature by the JDK %.2f ms",
        outcomes.getFirst().requests(),
        yardsticks.passwordHash(),
        yardsticks.rs256());
    say(
        out,
        "at best, all but the password hash: %.2f ms = %.2f password hashes = %.1f RS256 signatures",
        rest,
        rest / yardsticks.passwordHash(),
        rest / yardsticks.rs256());
  }

  /** The first page and what it brings along, as a browser that takes gzip gets them. */
  private static void weigh(Stage stage, PrintStream out) throws IOException {
    try (var connection = new Connection(stage.base())) {
      var page = new SignIn(connection, stage).firstPage();
      int total = page.size();
      var parts =
          new StringBuilder(
              String.format(
                  Locale.ROOT,
                  "page %d (%d if it were compressed)",
                  page.size(),
                  deflated(page.body())));
      var assets = ASSET.matcher(page.text());
      var seen = new HashSet<String>();
      while (assets.find()) {
        if (seen.add(assets.group(1))) {
          var asset =
              connection.get(
                  assets.group(1), List.of(new Connection.Field("accept-encoding", "gzip")));
          total += asset.size();
          parts.append(
              String.format(
                  Locale.ROOT,
                  ", %s %d%s",
                  assets.group(1),
                  asset.size(),
                  asset.status() == 200 ? "" : " status " + asset.status()));
        }
      }
      say(out, "first view: %.1f KB on the wire with headers: %s", total / 1024.0, parts);
    }
  }

  private static int deflated(byte[] body) {
    try (var deflater = new Deflater()) {
      deflater.setInput(body);
      deflater.finish();
      return deflater.deflate(new byte[body.length + 100]);
    }
  }

  private static void starts(Plan plan, ServerProcess.Start start, PrintStream out)
      throws IOException {
    if (plan.starts() > 0) {
      say(
          out,
          "start to ready on that data folder, seconds: %s with the start-up cache, %s without",
          times(plan, start),
          times(plan, start.without("COUNTERSIGN_AOT")));
    }
  }

  private static String times(Plan plan, ServerProcess.Start start) throws IOException {
    var seconds = new double[plan.starts()];
    for (int i = 0; i < seconds.length; i++) {
      try (var server = ServerProcess.start(start)) {
        seconds[i] = server.ready().toMillis() / 1000.0;
      }
    }
    Arrays.sort(seconds);
    return String.format(
        Locale.ROOT,
        "%.2f best, %.2f median, %.2f worst",
        DoubleStream.of(seconds).min().orElse(0),
        seconds[seconds.length / 2],
        DoubleStream.of(seconds).max().orElse(0));
  }

  private static void say(PrintStream out, String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
  }
}
