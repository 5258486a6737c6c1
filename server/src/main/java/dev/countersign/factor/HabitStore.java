package dev.countersign.factor;

import dev.countersign.kernel.Device;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;

/** The tables {@code factor_uses} and {@code first_choices}. */
final class HabitStore {
  /** Where and when a factor was used last on one kind of device. */
  record Use(FactorId factor, Device.Kind device, Moment lastAt) {}

  boolean again(
      Tx tx,
      TenantId tenant,
      UserId user,
      FactorId factor,
      Device.Kind device,
      String network,
      Moment now) {
    return tx.sql(
            "update factor_uses set last_at = :now where tenant = :tenant and user_id = :user"
                + " and factor = :factor and device = :device and network = :network")
        .set("tenant", tenant)
        .set("user", user)
        .set("factor", factor)
        .set("device", device)
        .set("network", network)
        .set("now", now)
        .changedOne();
  }

  void first(
      Tx tx,
      TenantId tenant,
      UserId user,
      FactorId factor,
      Device.Kind device,
      String network,
      Moment now) {
    tx.sql(
            "insert into factor_uses (tenant, user_id, factor, device, network, first_at, last_at)"
                + " values (:tenant, :user, :factor, :device, :network, :now, :now)")
        .set("tenant", tenant)
        .set("user", user)
        .set("factor", factor)
        .set("device", device)
        .set("network", network)
        .set("now", now)
        .update();
  }

  int forgetPlaces(Tx tx, TenantId tenant, UserId user) {
    return tx.sql("delete from factor_uses where tenant = :tenant and user_id = :user")
        .set("tenant", tenant)
        .set("user", user)
        .update();
  }

  List<Use> of(Tx tx, TenantId tenant, UserId user) {
    return tx.sql(
            "select factor, device, max(last_at) as last_at from factor_uses"
                + " where tenant = :tenant and user_id = :user group by factor, device")
        .set("tenant", tenant)
        .set("user", user)
        .list(row ->
            new Use(
                new FactorId(row.text("factor")),
                Device.Kind.valueOf(row.text("device")),
                row.moment("last_at")));
  }

  int deleteUsedBefore(Tx tx, TenantId tenant, Moment before, int most) {
    return tx.sql(
            "delete from factor_uses where tenant = :tenant and last_at < :before"
                + " and (user_id, factor, device, network) in (select user_id, factor, device, network from factor_uses"
                + " where tenant = :tenant and last_at < :before order by last_at fetch first :most rows only)")
        .set("tenant", tenant)
        .set("before", before)
        .set("most", most)
        .update();
  }

  Optional<FactorId> choice(Tx tx, TenantId tenant, UserId user) {
    return tx.sql("select factor from first_choices where tenant = :tenant and user_id = :user")
        .set("tenant", tenant)
        .set("user", user)
        .one(row -> new FactorId(row.text("factor")));
  }

  void forgetChoice(Tx tx, TenantId tenant, UserId user) {
    tx.sql("delete from first_choices where tenant = :tenant and user_id = :user")
        .set("tenant", tenant)
        .set("user", user)
        .update();
  }

  void choose(Tx tx, TenantId tenant, UserId user, FactorId factor, Moment now) {
    tx.sql(
            "insert into first_choices (tenant, user_id, factor, chosen_at) values (:tenant, :user, :factor, :now)")
        .set("tenant", tenant)
        .set("user", user)
        .set("factor", factor)
        .set("now", now)
        .update();
  }
}
