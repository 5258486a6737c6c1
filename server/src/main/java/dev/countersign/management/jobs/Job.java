package dev.countersign.management.jobs;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import tools.jackson.databind.JsonNode;

/**
 * A job as it stands.
 *
 * @param order what was asked for
 * @param total how many people it is about, as counted when it began
 * @param nextPart the part that is next
 * @param reached after which person it goes on, where it reads them in order
 */
record Job(
    TenantId tenant,
    String id,
    Type type,
    State state,
    JsonNode order,
    long total,
    long nextPart,
    String reached,
    long inserted,
    long updated,
    long failed,
    Moment createdAt) {
  enum Type {
    USERS_IMPORT("users_import"),
    USERS_EXPORT("users_export");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  enum State {
    PENDING("pending"),
    PROCESSING("processing"),
    COMPLETED("completed"),
    FAILED("failed");

    private final String word;

    State(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  long done() {
    return inserted + updated + failed;
  }

  /** Of a hundred; all of them when it is done. */
  long percentage() {
    return switch (state) {
      case COMPLETED -> 100;
      case PENDING, PROCESSING, FAILED ->
          total == 0 ? 0 : Math.min(99, Math.floorDiv(done() * 100, total));
    };
  }
}
