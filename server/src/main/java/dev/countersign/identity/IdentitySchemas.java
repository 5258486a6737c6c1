package dev.countersign.identity;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * Each tenant's {@link IdentitySchema}, in versions. What is read is kept for two seconds: a change counts everywhere after
 * that long. Thread-safe.
 */
public final class IdentitySchemas {
  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final int PAGE = 500;

  /** So many of those that break are named for each trait. */
  private static final int NAMED = 5;

  private final People people;
  private final IdentitySchemaStore store = new IdentitySchemaStore();
  private final Cache<TenantId, IdentitySchema> read =
      Caches.begin().maximumSize(10_000).expireAfterWrite(FRESH).build();

  public IdentitySchemas(People people) {
    this.people = people;
  }

  /** What came of a change. */
  public sealed interface Change {
    record Saved(IdentitySchema schema) implements Change {}

    record Unfit(String why, String path) implements Change {}

    /** Refused: people who are there already would not fit it. */
    record Breaks(List<Broken> broken) implements Change {}
  }

  /**
   * People who do not fit.
   *
   * @param trait empty where it is not one of them alone
   * @param first some of their ids
   */
  public record Broken(String trait, int people, List<String> first) {}

  public IdentitySchema current(Tx tx, TenantId tenant) {
    var known = read.getIfPresent(tenant);
    if (known == null) {
      known = stored(tx, tenant);
      read.put(tenant, known);
    }
    return known;
  }

  private IdentitySchema stored(Tx tx, TenantId tenant) {
    return store
        .newest(tx, tenant)
        .map(row ->
            switch (IdentitySchema.read((ObjectNode) Json.tree(row.document()), row.version())) {
              case IdentitySchema.Reading.Read(var schema) -> schema;
              case IdentitySchema.Reading.Unfit(var why, var path) ->
                  throw new IllegalStateException("stored schema: " + why + " at " + path);
            })
        .orElse(IdentitySchema.usual());
  }

  /** Replaces the schema, unless it is none or somebody would not fit it. When another took the version meanwhile, a {@link dev.countersign.storage.StorageException.Duplicate} ends the transaction. */
  public Change change(Tx tx, TenantId tenant, ObjectNode document, String author, Moment now) {
    var before = stored(tx, tenant);
    if (document.equals(before.document())) {
      return new Change.Saved(before);
    }
    return switch (IdentitySchema.read(document, before.version() + 1)) {
      case IdentitySchema.Reading.Unfit(var why, var path) -> new Change.Unfit(why, path);
      case IdentitySchema.Reading.Read(var after) -> {
        var broken = broken(tx, tenant, after);
        if (!broken.isEmpty()) {
          yield new Change.Breaks(broken);
        }
        store.insert(
            tx,
            tenant,
            new IdentitySchemaStore.Row(after.version(), Json.write(after.document())),
            author,
            now);
        read.invalidate(tenant);
        yield new Change.Saved(after);
      }
    };
  }

  private List<Broken> broken(Tx tx, TenantId tenant, IdentitySchema schema) {
    Map<String, List<String>> byTrait = new TreeMap<>();
    for (int offset = 0; ; offset += PAGE) {
      var page = people.page(tx, tenant, offset, PAGE);
      for (var person : page) {
        schema.misfits(IdentitySchema.Traits.of(person)).stream()
            .map(IdentitySchema.Misfit::trait)
            .distinct()
            .forEach(trait ->
                byTrait.computeIfAbsent(trait, _ -> new ArrayList<>()).add(person.id().value()));
      }
      if (page.size() < PAGE) {
        break;
      }
    }
    return byTrait.entrySet().stream()
        .map(it ->
            new Broken(
                it.getKey(),
                it.getValue().size(),
                it.getValue().subList(0, Math.min(NAMED, it.getValue().size()))))
        .toList();
  }
}
