package dev.countersign.faults;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Database;
import dev.countersign.storage.Digester;
import dev.countersign.storage.KeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** A process that spends everything there is to spend, says so when a commit came back, and expects to be killed. */
final class Redeemer {
  private static final int THREADS = 4;

  /** The embedded database as the product opens it. */
  static Database open(Path folder) {
    var url = "jdbc:sqlite:" + folder.resolve("countersign.db");
    return Database.at(
        new Database.Address(url, "", Secret.of(""), THREADS, Duration.ofSeconds(20)));
  }

  private Redeemer() {}

  public static void main(String[] arguments) throws IOException {
    var folder = Path.of(arguments[0]);
    var tenant = new TenantId(arguments[1]);
    var values = Files.readAllLines(folder.resolve("values"));
    var database = open(folder);
    var spendables = new Spendables(new Digester(KeyRing.read(folder.resolve("keys"))));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(Long.parseLong(arguments[2])));
    var next = new AtomicInteger();
    for (int t = 0; t < THREADS; t++) {
      Thread.ofPlatform()
          .start(() -> {
            for (int n = next.getAndIncrement(); n < order.size(); n = next.getAndIncrement()) {
              int which = order.get(n);
              var now = Moment.ofSeconds(1_800_000_000);
              var got =
                  database.write(tx ->
                      spendables.spend(
                          tx,
                          tenant,
                          Spendables.Kind.AUTHORIZATION_CODE,
                          Secret.of(values.get(which)),
                          now));
              if (got instanceof Spendables.Spending.Spent) {
                say("spent " + which);
              }
            }
            say("done");
          });
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
