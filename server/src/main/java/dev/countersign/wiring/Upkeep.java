package dev.countersign.wiring;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Rounds;
import dev.countersign.kernel.TenantId;
import dev.countersign.management.jobs.Jobs;
import dev.countersign.proof.Spendables;
import dev.countersign.storage.Tidy;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What runs by itself beside requests. */
public final class Upkeep implements AutoCloseable {
  public final Tidy tidy;

  private final Ground ground;
  private final Proofs proofs;
  private final Methods methods;
  private final Delivery delivery;
  private final Risk risk;
  private final Course course;
  private final Recovering recovering;
  private final Administration administration;
  private final List<Rounds> rounds = new ArrayList<>();

  public Upkeep(
      Ground ground,
      Proofs proofs,
      Methods methods,
      Delivery delivery,
      Risk risk,
      Course course,
      Recovering recovering,
      Administration administration) {
    this.ground = ground;
    this.proofs = proofs;
    this.methods = methods;
    this.delivery = delivery;
    this.risk = risk;
    this.course = course;
    this.recovering = recovering;
    this.administration = administration;
    tidy =
        new Tidy(
            ground.database,
            () -> ground.tenants.all().stream().map(Tenant::id).toList(),
            ground.clock,
            ground.sandboxes::now,
            brooms());
  }

  public void start() {
    every(Duration.ofSeconds(1), "outbox", delivery.outbox::deliverDue);
    every(Duration.ofSeconds(1), "log-streams", administration.streamPump::deliverDue);
    every(Duration.ofMinutes(5), "tidy", tidy::sweep);
    every(Duration.ofMinutes(1), "recoveries", this::sweepRecoveries);
    every(Duration.ofSeconds(1), "jobs", administration.jobs::runDue);
    every(Duration.ofMinutes(1), "places", risk.places::refresh);
    every(Duration.ofSeconds(10), "feeds", risk.feeds::fetchDue);
  }

  private void every(Duration pause, String name, Runnable work) {
    rounds.add(Rounds.every(pause, name, work));
  }

  /** Tells people of recoveries by waiting, and stops those that were overtaken: in each tenant by its own time. */
  public void sweepRecoveries() {
    for (var tenant : ground.tenants.all()) {
      recovering.recoveries.sweep(
          tenant.id(), ground.sandboxes.now(tenant.id(), Moment.of(ground.clock.instant())));
    }
  }

  /** What may be removed, and when. The record of what happened, audit and decisions, stays. */
  private List<Tidy.Broom> brooms() {
    return List.of(
        after(Duration.ofDays(1), course.signIns::tidy),
        after(Duration.ofDays(1), proofs.spendables::tidy),
        this::sweepPushed,
        after(Duration.ofDays(1), proofs.challenges::tidy),
        proofs.guesses::tidy,
        after(Duration.ofDays(2), proofs.allowances::tidy),
        course.endAccess::tidy,
        after(Jobs.KEPT, administration.jobs::tidy),
        delivery.texts::tidy,
        course.sessions::tidy,
        after(Duration.ofDays(365), course.trustedBrowsers::tidy),
        after(Duration.ofDays(30), ground.logStreams::tidy),
        after(Duration.ofDays(400), risk.observe::tidy),
        after(Duration.ofDays(90), recovering.accessCodes::tidy),
        after(Duration.ofDays(90), recovering.recoveries::tidy),
        after(Duration.ofDays(7), delivery.sandboxMessages::tidy),
        after(Duration.ofDays(400), methods.habits::tidy),
        after(Duration.ofDays(30), delivery.outbox::tidy));
  }

  /** Removes what has been over for that long. */
  private static Tidy.Broom after(Duration age, Tidy.Broom broom) {
    return (tx, tenant, now, most) -> broom.sweep(tx, tenant, now.minus(age), most);
  }

  /** Anybody can have many of them kept, so they go sooner than the rest; what an idle server has missed goes with that. */
  private int sweepPushed(Tx tx, TenantId tenant, Moment now, int most) {
    return proofs.spendables.tidy(
        tx,
        tenant,
        Spendables.Kind.PUSHED_REQUEST,
        now.minus(Duration.ofHours(3)),
        now.minus(Duration.ofMinutes(10)),
        most);
  }

  @Override
  public void close() {
    rounds.forEach(Rounds::close);
  }
}
