package dev.countersign.risk;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.risk.places.Place;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table {@code risk_habits}, read together with what the tenant has set. */
final class SeenStore {
  private static final String FORGOTTEN = "{}";

  /**
   * What one read finds.
   *
   * @param version of the row; 0 where there is none
   * @param rememberedDays for how long the tenant wants devices to be known; 0 where it has not said
   * @param listsVersion of the tenant's lists of addresses; 0 where it has none
   */
  record Found(Seen seen, long version, int rememberedDays, long listsVersion) {}

  /** Stands between what a browser's cookie and what its key is known by. */
  private static final char WITH_KEY = '.';

  /** As it is stored: short names, whole seconds, a tenth of a degree. */
  private record Document(
      @Nullable Map<String, Long> devices,
      @Nullable Map<String, Long> countries,
      @Nullable List<String> last,
      @Nullable List<Integer> hours) {}

  Found find(Tx tx, TenantId tenant, UserId user) {
    return tx.sql(
            "select h.document, h.seen_at, h.version, s.remember_days, s.lists_version from (select 1 as one) x"
                + " left join risk_habits h on h.tenant = :tenant and h.user_id = :user"
                + " left join risk_settings s on s.tenant = :tenant")
        .set("tenant", tenant)
        .set("user", user)
        .one(row ->
            new Found(
                seen(row.textOrNull("document"), row.momentOrNull("seen_at")),
                row.number("version"),
                row.count("remember_days"),
                row.number("lists_version")))
        .orElseThrow();
  }

  boolean update(Tx tx, TenantId tenant, UserId user, Seen seen, Moment at, long version) {
    return tx.sql(
            "update risk_habits set document = :document, seen_at = :at, version = version + 1"
                + " where tenant = :tenant and user_id = :user and version = :version")
        .set("tenant", tenant)
        .set("user", user)
        .set("document", document(seen))
        .set("at", at)
        .set("version", version)
        .changedOne();
  }

  void insert(Tx tx, TenantId tenant, UserId user, Seen seen, Moment at) {
    try {
      tx.sql(
              "insert into risk_habits (tenant, user_id, document, seen_at, version)"
                  + " values (:tenant, :user, :document, :at, 1)")
          .set("tenant", tenant)
          .set("user", user)
          .set("document", document(seen))
          .set("at", at)
          .update();
    } catch (StorageException.Duplicate _) {
      throw StorageException.overtaken("first sign-in");
    }
  }

  /** All but when they were last here. */
  boolean forget(Tx tx, TenantId tenant, UserId user) {
    return tx.sql(
            "update risk_habits set document = :nothing, version = version + 1 where tenant = :tenant and user_id = :user")
        .set("tenant", tenant)
        .set("user", user)
        .set("nothing", FORGOTTEN)
        .changedOne();
  }

  int forgetBefore(Tx tx, TenantId tenant, Moment before, int most) {
    return tx.sql(
            "update risk_habits set document = :nothing, version = version + 1 where tenant = :tenant"
                + " and user_id in (select user_id from risk_habits where tenant = :tenant and seen_at < :before"
                + " and document <> :nothing order by seen_at fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("most", most)
        .set("nothing", FORGOTTEN)
        .update();
  }

  private static String document(Seen seen) {
    var place = seen.last();
    return Json.write(
        new Document(
            seen.devices().stream()
                .collect(
                    Collectors.toMap(
                        SeenStore::name, it -> it.lastAt().seconds(), (a, _) -> a, TreeMap::new)),
            seen.countries().entrySet().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey,
                        it -> it.getValue().seconds(),
                        (a, _) -> a,
                        TreeMap::new)),
            place == null
                ? null
                : List.of(
                    place.country(),
                    tenth(place.latitude()),
                    tenth(place.longitude()),
                    String.valueOf(place.within())),
            seen.hours()));
  }

  private static String name(Seen.Known it) {
    return it.key().isEmpty() ? it.mark() : it.mark() + WITH_KEY + it.key();
  }

  private static Seen.Known known(String name, Moment lastAt) {
    int end = name.indexOf(WITH_KEY);
    return end < 0
        ? new Seen.Known(name, lastAt)
        : new Seen.Known(name.substring(0, end), name.substring(end + 1), lastAt);
  }

  private static String tenth(double degrees) {
    return String.valueOf(Math.round(degrees * 10) / 10.0);
  }

  private static Seen seen(@Nullable String document, @Nullable Moment at) {
    if (document == null || at == null) {
      return Seen.NOTHING;
    }
    if (document.equals(FORGOTTEN)) {
      return new Seen(at, List.of(), Map.of(), null, Seen.NOTHING.hours());
    }
    var it = Json.read(document, Document.class);
    var last = it.last();
    var hours = it.hours();
    return new Seen(
        at,
        devices(it.devices() == null ? Map.of() : it.devices()),
        moments(it.countries() == null ? Map.of() : it.countries()),
        last == null
            ? null
            : new Place(
                last.get(0),
                Double.parseDouble(last.get(1)),
                Double.parseDouble(last.get(2)),
                Integer.parseInt(last.get(3))),
        hours == null ? Seen.NOTHING.hours() : hours);
  }

  private static List<Seen.Known> devices(Map<String, Long> stored) {
    return stored.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(it -> known(it.getKey(), Moment.ofSeconds(it.getValue())))
        .toList();
  }

  private static Map<String, Moment> moments(Map<String, Long> stored) {
    var out = new TreeMap<String, Moment>();
    stored.forEach((key, seconds) -> out.put(key, Moment.ofSeconds(seconds)));
    return out;
  }
}
