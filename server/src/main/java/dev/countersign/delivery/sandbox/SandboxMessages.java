package dev.countersign.delivery.sandbox;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import dev.countersign.storage.Place;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Sandboxes;
import java.util.List;
import java.util.Optional;

/**
 * Mails, texts, calls and wakings of sandboxes, kept for their admins to read instead of being sent. Sealed at rest like
 * everything that holds codes and links. Thread-safe.
 */
public final class SandboxMessages {
  private final Database database;
  private final Sealer sealer;
  private final Entropy entropy;
  private final Sandboxes sandboxes;
  private final SandboxMessageStore store = new SandboxMessageStore();

  public SandboxMessages(Database database, Sealer sealer, Entropy entropy, Sandboxes sandboxes) {
    this.database = database;
    this.sealer = sealer;
    this.entropy = entropy;
    this.sandboxes = sandboxes;
  }

  /** How it would have gone; the words of the Management API. */
  public enum Channel {
    MAIL,
    TEXT,
    CALL,
    PUSH;

    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * What it says.
   *
   * @param subject empty but of a mail
   * @param html empty but of a mail
   */
  public record Content(String subject, Secret text, Secret html) {
    public static Content of(Secret text) {
      return new Content("", text, Secret.of(""));
    }
  }

  /** One that is kept. */
  public record Kept(String id, String channel, String to, Content content, Moment at) {}

  /** As it is written, before it is sealed. */
  private record Written(String subject, String text, String html) {}

  /** Whether this tenant's messages are kept instead of being sent. */
  public boolean takes(TenantId tenant) {
    return sandboxes.is(tenant);
  }

  /** Keeps one, dated by the tenant's own clock. */
  public void keep(
      TenantId tenant, Channel channel, String to, Content content, Moment everybodys) {
    if (!takes(tenant)) {
      throw new IllegalArgumentException("messages are kept in sandboxes only");
    }
    var now = sandboxes.now(tenant, everybodys);
    var id = Ids.ordered("msg_", now, entropy);
    var written =
        Json.write(
            new Written(content.subject(), content.text().reveal(), content.html().reveal()));
    database.run(tx ->
        store.insert(
            tx,
            tenant,
            new SandboxMessageStore.Row(
                id, channel.word(), to, sealer.seal(place(tenant, id), Secret.of(written)), now)));
  }

  /** The newest ones, the newest first; of one channel or to one address, if that is asked for. */
  public List<Kept> newest(
      Tx tx, TenantId tenant, Optional<String> channel, Optional<String> to, int most) {
    return store.newest(tx, tenant, channel.orElse(""), to.orElse(""), most).stream()
        .map(row -> kept(tenant, row))
        .toList();
  }

  private Kept kept(TenantId tenant, SandboxMessageStore.Row row) {
    var it =
        Json.read(
            sealer.openSecret(place(tenant, row.id()), row.message()).reveal(), Written.class);
    return new Kept(
        row.id(),
        row.channel(),
        row.to(),
        new Content(it.subject(), Secret.of(it.text()), Secret.of(it.html())),
        row.at());
  }

  /** Throws all away; returns how many there were. */
  public int clear(Tx tx, TenantId tenant) {
    return store.deleteAll(tx, tenant);
  }

  /** Removes those from before this time, at most {@code most}; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment before, int most) {
    return store.deleteBefore(tx, tenant, before, most);
  }

  private static Place place(TenantId tenant, String id) {
    return new Place(tenant, "sandbox_messages", "message", id);
  }
}
