package dev.countersign.wiring;

import dev.countersign.application.Apis;
import dev.countersign.application.Applications;
import dev.countersign.audit.Audit;
import dev.countersign.audit.stream.LogStreams;
import dev.countersign.config.Keys;
import dev.countersign.config.Settings;
import dev.countersign.identity.IdentitySchemas;
import dev.countersign.identity.People;
import dev.countersign.kernel.Entropy;
import dev.countersign.outbound.Outbound;
import dev.countersign.storage.Database;
import dev.countersign.storage.Digester;
import dev.countersign.storage.KeyRing;
import dev.countersign.storage.Schema;
import dev.countersign.storage.Sealer;
import dev.countersign.tenant.PublicAddress;
import dev.countersign.tenant.Sandboxes;
import dev.countersign.tenant.SigningKeys;
import dev.countersign.tenant.Tenants;
import java.time.InstantSource;

/** What everything rests on, and who the customer is, who the person is, what happened. */
public final class Ground {
  public final InstantSource clock;
  public final Entropy entropy;
  public final Settings settings;
  public final Database database;
  public final Sealer sealer;
  public final Digester digester;
  public final Outbound outbound;

  public final Tenants tenants;
  public final Sandboxes sandboxes;
  public final SigningKeys signingKeys;
  public final Applications applications;
  public final Apis apis;
  public final People people;
  public final IdentitySchemas schemas;
  public final LogStreams logStreams;
  public final Audit audit;

  public Ground(
      Database database,
      KeyRing keys,
      InstantSource clock,
      Entropy entropy,
      PublicAddress address,
      Settings settings) {
    this.clock = clock;
    this.entropy = entropy;
    this.settings = settings;
    this.database = database;
    Schema.prepare(database, keys);
    sealer = new Sealer(keys, entropy);
    digester = new Digester(keys);
    outbound = new Outbound(settings.get(Keys.OUTBOUND_ALLOW));

    tenants = new Tenants(database, entropy, address);
    sandboxes = new Sandboxes(database, tenants);
    signingKeys =
        new SigningKeys(
            database,
            sealer,
            entropy,
            clock,
            work -> Thread.ofPlatform().daemon().name("signing-keys").start(work));
    applications = new Applications(database, entropy, digester);
    apis = new Apis(database, entropy);
    people = new People(entropy);
    schemas = new IdentitySchemas(people);
    logStreams = new LogStreams(sealer, entropy);
    audit = new Audit(entropy, logStreams);
  }
}
