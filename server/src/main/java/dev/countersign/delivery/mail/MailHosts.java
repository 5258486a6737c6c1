package dev.countersign.delivery.mail;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.config.Keys;
import dev.countersign.delivery.sandbox.SandboxMessages;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.outbound.Outbound;
import dev.countersign.storage.Database;
import dev.countersign.storage.Place;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Mail hosts of tenants' own, sealed at rest; the server's host for tenants without one. A tenant's host is judged each time
 * before it is spoken to: only public addresses, only encrypted, unless the operator allows its network. What is read is kept for
 * {@link Tenants#FRESH}. Thread-safe.
 */
public final class MailHosts implements Carriers {
  /** The ports of mail (RFC 5321, RFC 8314) and the one that many providers offer beside them. */
  private static final Set<Integer> PORTS = Set.of(25, 465, 587, 2525);

  private static final int IMPLICIT_TLS = 465;

  private final Database database;
  private final Sealer sealer;
  private final InstantSource clock;
  private final Outbound outbound;
  private final Optional<Mailer> usual;
  private final SandboxMessages sandboxes;
  private final MailHostStore store = new MailHostStore();
  private final Cache<TenantId, Optional<MailHost>> known =
      Caches.begin().maximumSize(10_000).expireAfterWrite(Tenants.FRESH).build();

  /**
   * All of them.
   *
   * @param usual the server's own; without one no mail is sent at all
   */
  public MailHosts(
      Database database,
      Sealer sealer,
      InstantSource clock,
      Outbound outbound,
      Optional<Mailer> usual,
      SandboxMessages sandboxes) {
    this.sandboxes = sandboxes;
    this.database = database;
    this.sealer = sealer;
    this.clock = clock;
    this.outbound = outbound;
    this.usual = usual;
  }

  @Override
  public boolean sends(TenantId tenant) {
    return usual.isPresent() || sandboxes.takes(tenant);
  }

  @Override
  public Mailer of(TenantId tenant) {
    if (sandboxes.takes(tenant)) {
      return mail -> kept(tenant, mail);
    }
    var host = known.get(tenant, id -> database.read(tx -> find(tx, id))).filter(MailHost::enabled);
    if (host.isEmpty()) {
      return usual.orElseThrow();
    }
    return mail -> by(host.get(), mail);
  }

  private Mailer.Outcome kept(TenantId tenant, Mail mail) {
    sandboxes.keep(
        tenant,
        SandboxMessages.Channel.MAIL,
        mail.to(),
        new SandboxMessages.Content(
            mail.subject(), Secret.of(mail.plain()), Secret.of(mail.html())),
        Moment.of(clock.instant()));
    return new Mailer.Outcome.Sent();
  }

  private Mailer.Outcome by(MailHost host, Mail mail) {
    var reach = outbound.reach(host.name());
    if (reach == Outbound.Reach.NONE || !mayUse(host.port(), reach)) {
      return new Mailer.Outcome.Later("the tenant's mail host is unknown or not allowed");
    }
    var tls =
        reach == Outbound.Reach.ANYHOW
            ? Keys.MailTls.OFF
            : host.port() == IMPLICIT_TLS ? Keys.MailTls.IMPLICIT : Keys.MailTls.STARTTLS;
    return new SmtpMailer(
            new SmtpMailer.Host(host.name(), host.port(), tls, host.user(), host.password()),
            host.from(),
            clock,
            Optional.empty())
        .send(mail);
  }

  private static boolean mayUse(int port, Outbound.Reach reach) {
    return reach == Outbound.Reach.ANYHOW || PORTS.contains(port);
  }

  /** Whether mails could be handed to that host at that port, as far as can be seen now. */
  public boolean mayBe(String name, int port) {
    var reach = outbound.reach(name);
    return reach != Outbound.Reach.NONE && mayUse(port, reach);
  }

  public Optional<MailHost> find(Tx tx, TenantId tenant) {
    return store
        .find(tx, tenant)
        .map(sealed ->
            MailHost.read(
                (ObjectNode) Json.tree(sealer.openSecret(place(tenant), sealed).reveal())));
  }

  public void put(Tx tx, TenantId tenant, MailHost host, Moment now) {
    store.put(tx, tenant, sealer.seal(place(tenant), Secret.of(Json.write(host.written()))), now);
    known.invalidate(tenant);
  }

  /** The server's host carries the tenant's mails from then on; false when it did before. */
  public boolean remove(Tx tx, TenantId tenant) {
    boolean removed = store.delete(tx, tenant);
    known.invalidate(tenant);
    return removed;
  }

  private static Place place(TenantId tenant) {
    return new Place(tenant, "mail_hosts", "document", tenant.value());
  }
}
