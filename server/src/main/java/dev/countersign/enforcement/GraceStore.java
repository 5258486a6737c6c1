package dev.countersign.enforcement;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;
import java.util.Map;
import java.util.stream.Collectors;

/** The table {@code graces}: a row for each person and rule. */
final class GraceStore {
  private record Row(String rule, Grace grace) {}

  Map<String, Grace> of(Tx tx, TenantId tenant, UserId user) {
    return tx
        .sql(
            "select rule, since, skips, last_skip from graces where tenant = :tenant and user_id = :user")
        .set("tenant", tenant)
        .set("user", user)
        .list(row ->
            new Row(
                row.text("rule"),
                new Grace(row.moment("since"), row.count("skips"), row.momentOrNull("last_skip"))))
        .stream()
        .collect(Collectors.toMap(Row::rule, Row::grace));
  }

  /** Does nothing where it had begun before. To be called while the person is held. */
  void begin(Tx tx, TenantId tenant, UserId user, String rule, Moment now) {
    boolean there =
        tx.sql(
                "select rule from graces where tenant = :tenant and user_id = :user and rule = :rule")
            .set("tenant", tenant)
            .set("user", user)
            .set("rule", rule)
            .one(row -> row.text("rule"))
            .isPresent();
    if (!there) {
      tx.sql(
              "insert into graces (tenant, user_id, rule, since, skips) values (:tenant, :user, :rule, :now, 0)")
          .set("tenant", tenant)
          .set("user", user)
          .set("rule", rule)
          .set("now", now)
          .update();
    }
  }

  void skip(Tx tx, TenantId tenant, UserId user, String rule, Moment now) {
    tx.sql(
            "update graces set skips = skips + 1, last_skip = :now"
                + " where tenant = :tenant and user_id = :user and rule = :rule")
        .set("tenant", tenant)
        .set("user", user)
        .set("rule", rule)
        .set("now", now)
        .update();
  }
}
