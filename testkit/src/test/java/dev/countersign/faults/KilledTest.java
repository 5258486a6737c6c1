package dev.countersign.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Digester;
import dev.countersign.storage.KeyRing;
import dev.countersign.storage.Schema;
import dev.countersign.tenant.PublicAddress;
import dev.countersign.tenant.Tenants;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed in the middle of its work, again and again. */
class KilledTest {
  private static final int ROUNDS = 12;
  private static final int VALUES = 20_000;
  private static final Moment NOW = Moment.ofSeconds(1_800_000_000);

  @TempDir private Path folder;

  @Test
  void FAULT_01_no_acknowledged_write_is_lost_and_nothing_is_spent_twice()
      throws IOException, InterruptedException {
    var entropy = new LiveEntropy();
    var keys = KeyRing.readOrCreate(folder.resolve("keys"), entropy);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < VALUES; i++) {
      values.add(entropy.token(128));
    }
    Files.write(folder.resolve("values"), values);
    String tenant;
    try (var database = Redeemer.open(folder)) {
      Schema.prepare(database, keys);
      tenant = created(new Tenants(database, entropy, PublicAddress.local(80)));
      var id = new TenantId(tenant);
      database.run(tx ->
          values.forEach(value ->
              new Spendables(new Digester(keys))
                  .put(
                      tx,
                      id,
                      Spendables.Kind.AUTHORIZATION_CODE,
                      Secret.of(value),
                      "owner",
                      "{}",
                      NOW,
                      NOW.plus(Duration.ofDays(1)))));
    }
    var random = new Random(20260302);
    Set<String> acknowledged = new HashSet<>();

    for (int round = 0; round < ROUNDS; round++) {
      for (var line : killedAfter(1 + random.nextInt(400), tenant, round)) {
        assertThat(acknowledged.add(line))
            .as("%s, for the second time, in round %d", line, round)
            .isTrue();
      }
    }

    assertThat(acknowledged).as("the rounds did something").hasSizeGreaterThan(ROUNDS);
    try (var database = Redeemer.open(folder)) {
      var spendables = new Spendables(new Digester(keys));
      for (var line : acknowledged) {
        var value = Secret.of(values.get(Integer.parseInt(line.substring("spent ".length()))));
        var kept =
            database
                .read(tx ->
                    spendables.peek(
                        tx, new TenantId(tenant), Spendables.Kind.AUTHORIZATION_CODE, value))
                .orElseThrow();
        assertThat(kept.spentAt()).as(line).isPresent();
      }
    }
  }

  private static String created(Tenants tenants) {
    return switch (tenants.create("acme", "Acme", NOW)) {
      case Tenants.Creation.Created(var tenant) -> tenant.id().value();
      case Tenants.Creation.Taken _, Tenants.Creation.BadSlug _ -> throw new AssertionError();
    };
  }

  /** Starts a process, kills it after it has acknowledged so many, and returns all that it acknowledged. */
  private List<String> killedAfter(int lines, String tenant, int seed)
      throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Redeemer.class.getName(),
                folder.toString(),
                tenant,
                String.valueOf(seed))
            .redirectError(folder.resolve("errors").toFile())
            .start();
    List<String> said = new ArrayList<>();
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("spent ")) {
          said.add(line);
        }
        if (said.size() == lines || line.equals("done")) {
          process
              .toHandle()
              .destroyForcibly(); // Unlike the process, its handle leaves us what was said before.
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(said).as(() -> "the process did nothing: " + errors()).isNotEmpty();
    return said;
  }

  private String errors() {
    try {
      return Files.readString(folder.resolve("errors"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
