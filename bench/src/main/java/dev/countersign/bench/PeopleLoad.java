package dev.countersign.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.Wiring;
import dev.countersign.config.Settings;
import dev.countersign.identity.People;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.UserId;
import dev.countersign.management.ManagementRoutes;
import dev.countersign.signin.password.PasswordHasher;
import dev.countersign.storage.Database;
import dev.countersign.storage.KeyRing;
import dev.countersign.tenant.PublicAddress;
import dev.countersign.tenant.Tenant;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.BearerCheck;
import dev.countersign.web.Caller;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Router;
import dev.countersign.web.Site;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/** What listing, finding and bringing in people costs in a tenant that has many. */
final class PeopleLoad {
  private static final int AT_ONCE = 2_000;
  private static final int A_FILE = 5_000;
  private static final int WARM_UP = 400;
  private static final int CALLS = 1_000;

  private final LiveEntropy entropy = new LiveEntropy();
  private final Wiring wiring;
  private final Tenant tenant;
  private final Router router;
  private final List<Long> databaseProcesses;
  private final PrintStream out;
  private final Moment start = Moment.ofSeconds(1_800_000_000);
  private int calls;

  private PeopleLoad(Database.Address address, List<Long> databaseProcesses, PrintStream out) {
    this.databaseProcesses = databaseProcesses;
    this.out = out;
    this.wiring =
        new Wiring(
            new Wiring.Parts(
                Database.at(address),
                KeyRing.fresh(entropy),
                Instant::now,
                entropy,
                PublicAddress.local(8080),
                PasswordHasher.COST,
                Settings.with(Map.of())));
    this.tenant =
        switch (wiring.ground.tenants.create("many", "Many", start)) {
          case Tenants.Creation.Created(var it) -> it;
          case Tenants.Creation.Taken _, Tenants.Creation.BadSlug _ ->
              throw new IllegalStateException("no tenant");
        };
    this.router =
        new Router(
            wiring.administration.management.routes(),
            (_, wanted) ->
                new BearerCheck.Outcome.Granted(
                    new Caller("bench@clients", "bench" + calls, Set.copyOf(wanted.anyOf()), false)),
            (_, _) -> false,
            ManagementRoutes.failures());
  }

  /** Runs as the arguments say: {@code --database}, {@code --people}, {@code --import}. */
  static void run(List<String> arguments, PrintStream out) throws IOException, SQLException {
    var options = new Options(arguments);
    int people = options.take("--people", 1_000_000);
    int imported = options.take("--import", 100_000);
    boolean postgres = options.postgres();
    options.end();
    try (var ground = Ground.make(postgres, "256MB")) {
      measure(ground.address(), ground.processes(), people, imported, out);
    }
  }

  private static void measure(
      Database.Address address, List<Long> processes, int people, int imported, PrintStream out) {
    var load = new PeopleLoad(address, processes, out);
    try {
      load.fill(people);
      load.read(people);
      load.bringIn(imported);
    } finally {
      load.wiring.close();
    }
  }

  private void fill(int people) {
    long began = System.nanoTime();
    for (int from = 0; from < people; from += AT_ONCE) {
      int first = from;
      int last = Math.min(people, from + AT_ONCE);
      wiring.ground.database.run(tx -> {
        for (int i = first; i < last; i++) {
          wiring.ground.people.add(
              tx,
              tenant.id(),
              new People.Newcomer(
                  new UserId("auth0|%024d".formatted(i)),
                  null,
                  email(i),
                  true,
                  null,
                  "Person " + i,
                  Set.of("staff"),
                  Set.of(),
                  Map.of(),
                  Map.of("plan", "gold")),
              start.plus(Duration.ofMillis(i)));
        }
      });
    }
    out.printf("%,d people in %.0f s%n", people, (System.nanoTime() - began) / 1e9);
  }

  private static String email(int i) {
    return "person" + i + "@example.com";
  }

  private void read(int people) {
    IntFunction<Integer> any = i -> (int) (i * 7_919L % people);
    time("GET /users/{id}", i -> "/users/auth0%%7C%024d".formatted(any.apply(i)), "");
    time("GET /users-by-email", _ -> "/users-by-email", i -> "email=" + email(any.apply(i)));
    time(
        "GET /users?q=email:",
        _ -> "/users",
        i -> "search_engine=v3&q=email%3A%22" + email(any.apply(i)) + "%22");
    time("GET /users, 50 and totals", _ -> "/users", _ -> "include_totals=true");
    time(
        "GET /users, the 20th page of 50",
        _ -> "/users",
        _ -> "include_totals=true&page=19&per_page=50");
    time("GET /users?take=50, the first", _ -> "/users", _ -> "take=50");
    for (double share : List.of(0.5, 0.999)) {
      int i = (int) (people * share);
      var key =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(
                  (start.plus(Duration.ofMillis(i)).millis() + " auth0|%024d".formatted(i))
                      .getBytes(UTF_8));
      time(
          "GET /users?take=50, after %.1f %% of them".formatted(share * 100),
          _ -> "/users",
          _ -> "take=50&from=" + key);
    }
  }

  private void time(String name, IntFunction<String> path, String query) {
    time(name, path, _ -> query);
  }

  private void time(String name, IntFunction<String> path, IntFunction<String> query) {
    for (int i = 0; i < WARM_UP; i++) {
      call(Method.GET, path.apply(i), query.apply(i), new byte[0], "application/json");
    }
    var before = Cpu.of(ProcessHandle.current().pid(), backends());
    for (int i = 0; i < CALLS; i++) {
      call(Method.GET, path.apply(i), query.apply(i), new byte[0], "application/json");
    }
    var each = Cpu.of(ProcessHandle.current().pid(), backends()).since(before).dividedBy(CALLS);
    out.printf(
        "%-44s %6.2f ms CPU, of that the database server %.2f%n",
        name, each.work() + each.database(), each.database());
  }

  /** The postmaster and what it has started. */
  private List<Long> backends() {
    var all = new ArrayList<>(databaseProcesses);
    databaseProcesses.stream()
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .flatMap(ProcessHandle::descendants)
        .map(ProcessHandle::pid)
        .forEach(all::add);
    return all;
  }

  private Reply call(Method method, String path, String query, byte[] body, String type) {
    calls++;
    var reply =
        router
            .answer(
                Request.arrived(
                    method,
                    new Site(tenant.id(), "https://many.example"),
                    "/api/v2" + path,
                    query,
                    Map.of("content-type", List.of(type), "authorization", List.of("Bearer x")),
                    body,
                    "192.0.2.1",
                    start,
                    entropy))
            .reply();
    if (reply.status() >= 300) {
      throw new IllegalStateException(path + "?" + query + ": " + reply.bodyText());
    }
    return reply;
  }

  private void bringIn(int people) {
    long began = System.nanoTime();
    var before = Cpu.of(ProcessHandle.current().pid(), backends());
    long most = 0;
    for (int from = 0; from < people; from += A_FILE) {
      var file = Json.array();
      for (int i = from; i < Math.min(people, from + A_FILE); i++) {
        var person =
            Json.object()
                .put("email", "imported" + i + "@example.com")
                .put("email_verified", true)
                .put(
                    "password_hash",
                    "$2b$10$nOUIs5kJ7naTuTFkBy1veuy1WUhvKrsZiyRGQd1k3S8q6cei4AcNG");
        person.set(
            "mfa_factors",
            Json.array()
                .add(
                    Json.object()
                        .set(
                            "totp",
                            Json.object().put("secret", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))));
        file.add(person);
      }
      var form =
          "--edge\r\nContent-Disposition: form-data; name=\"connection_id\"\r\n\r\ncon_passwords\r\n"
              + "--edge\r\nContent-Disposition: form-data; name=\"users\"; filename=\"u.json\"\r\n\r\n"
              + Json.write(file)
              + "\r\n--edge--\r\n";
      var job =
          call(
              Method.POST,
              "/jobs/users-imports",
              "",
              form.getBytes(UTF_8),
              "multipart/form-data; boundary=edge");
      wiring.administration.jobs.runDue();
      var done =
          call(
              Method.GET,
              "/jobs/" + Json.tree(job.bodyText()).path("id").asString(""),
              "",
              new byte[0],
              "application/json");
      var inserted = Json.tree(done.bodyText()).path("summary").path("inserted").asInt(0);
      if (inserted != file.size()) {
        throw new IllegalStateException(done.bodyText());
      }
      var runtime = Runtime.getRuntime();
      most = Math.max(most, runtime.totalMemory() - runtime.freeMemory());
    }
    var each = Cpu.of(ProcessHandle.current().pid(), backends()).since(before).dividedBy(people);
    double seconds = (System.nanoTime() - began) / 1e9;
    out.printf(
        "%,d people imported with hash and app in %.0f s, %.0f/s, %.2f ms CPU each; heap at most %d MB%n",
        people, seconds, people / seconds, each.work() + each.database(), most >> 20);
  }
}
