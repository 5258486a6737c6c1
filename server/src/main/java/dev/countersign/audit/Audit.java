package dev.countersign.audit;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes and reads the audit log. An event is written in the transaction of what it reports: both happen or neither.
 * Ids sort in the order of writing on one server, and by time across servers. Thread-safe.
 */
public final class Audit {
  private static final int LONGEST = 500;
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  private final Entropy entropy;
  private final Followers followers;
  private final AuditStore store = new AuditStore();
  private final AtomicLong last = new AtomicLong();

  public Audit(Entropy entropy, Followers followers) {
    this.entropy = entropy;
    this.followers = followers;
  }

  /**
   * Which events are wanted; what is empty matches all.
   *
   * @param type one of our codes or of Auth0's
   * @param since not earlier than this
   * @param after later than the event of this id
   */
  public record Filter(
      Optional<String> user,
      Optional<String> signIn,
      Optional<String> type,
      Optional<String> client,
      Optional<Moment> since,
      Optional<String> after) {
    public static final Filter ALL =
        new Filter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public static Filter about(UserId user) {
      return new Filter(
          Optional.of(user.value()),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    public static Filter in(SignInId signIn) {
      return new Filter(
          Optional.empty(),
          Optional.of(signIn.value()),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    /** Those since then, in the order of ids after that one. */
    static Filter since(Moment since, String after) {
      return new Filter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(since),
          Optional.of(after));
    }

    public static Filter after(String id) {
      return new Filter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(id));
    }
  }

  public void record(Tx tx, TenantId tenant, AuditEvent event) {
    var written = clean(event).withId(nextId(event));
    store.insert(tx, tenant, written);
    followers.happened(tx, tenant, written);
  }

  public Optional<AuditEvent> find(Tx tx, TenantId tenant, String id) {
    return store.find(tx, tenant, id);
  }

  public List<AuditEvent> newestFirst(
      Tx tx, TenantId tenant, Filter filter, int offset, int limit) {
    return store.list(tx, tenant, filter, true, offset, limit);
  }

  public List<AuditEvent> oldestFirst(Tx tx, TenantId tenant, Filter filter, int limit) {
    return oldestFirst(tx, tenant, filter, 0, limit);
  }

  public List<AuditEvent> oldestFirst(
      Tx tx, TenantId tenant, Filter filter, int offset, int limit) {
    return store.list(tx, tenant, filter, false, offset, limit);
  }

  /** How many there are, counted up to {@code most}. */
  public long count(Tx tx, TenantId tenant, Filter filter, int most) {
    return store.count(tx, tenant, filter, most);
  }

  /** Milliseconds, then a number that keeps the order of one server within a millisecond, then 60 random bits. */
  private String nextId(AuditEvent event) {
    long ticks = event.occurredAt().millis() << 10;
    long mine =
        last.updateAndGet(
            previous -> previous < ticks || previous - ticks > 1L << 22 ? ticks : previous + 1);
    return begun(mine) + entropy.text(12, ALPHABET);
  }

  /** What sorts before the ids of all events since then. */
  static String before(Moment since) {
    return begun(since.millis() << 10);
  }

  private static String begun(long ticks) {
    var out = new char[12];
    long left = ticks;
    for (int i = 11; i >= 0; i--) {
      out[i] = ALPHABET.charAt((int) (left & 31));
      left >>>= 5;
    }
    return "log_" + new String(out);
  }

  private static AuditEvent clean(AuditEvent event) {
    Map<String, String> details = new TreeMap<>();
    event.details().forEach((name, value) -> details.put(name, clean(value)));
    return new AuditEvent(
        event.id(),
        event.type(),
        event.outcome(),
        event.occurredAt(),
        clean(event.actor()),
        event.user(),
        event.signIn(),
        event.client(),
        details,
        clean(event.address()),
        clean(event.userAgent()),
        event.requestId());
  }

  /** One line, bounded, without control or line-separating characters, so that no entry can pass for two. */
  static String clean(String text) {
    var out = new StringBuilder(Math.min(text.length(), LONGEST));
    text.codePoints()
        .limit(LONGEST)
        .forEach(c -> {
          int type = Character.getType(c);
          boolean plain =
              type != Character.CONTROL
                  && type != Character.FORMAT
                  && type != Character.LINE_SEPARATOR
                  && type != Character.PARAGRAPH_SEPARATOR
                  && type != Character.SURROGATE;
          out.appendCodePoint(plain ? c : '\uFFFD');
        });
    return out.toString();
  }
}
