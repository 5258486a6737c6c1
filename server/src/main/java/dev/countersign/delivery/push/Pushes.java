package dev.countersign.delivery.push;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.delivery.Courier;
import dev.countersign.delivery.Dispatch;
import dev.countersign.delivery.sandbox.SandboxMessages;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.proof.Allowance;
import dev.countersign.proof.Allowances;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the devices of a person, at most {@link #CAP} times whoever asks and in how many sign-ins: who is asked too often
 * approves at last what they did not ask for. A device that cannot be woken is not lost: it asks by itself while its
 * owner looks at it. Thread-safe.
 */
public final class Pushes implements Courier {
  public static final Allowance CAP = new Allowance("push", 4, Duration.ofMinutes(10));

  /** Words that ask for nothing, for all devices of one person. */
  private static final Allowance ALERTS = new Allowance("push-alert", 30, Duration.ofDays(1));

  private static final String GONE = "gone";

  private final Allowances allowances;
  private final Audit audit;
  private final Bell bell;
  private final Map<String, Waker> wakers;
  private final Database database;
  private final Forgetting forgetting;
  private final SandboxMessages sandboxes;
  private final InstantSource clock;
  private final Words words;

  /** What devices show that somebody recovers the account, for a reader of that language. */
  @FunctionalInterface
  public interface Words {
    Waker.Word.Alert recovery(TenantId tenant, @Nullable String language);
  }

  /** Drops an address that a service knows no longer. */
  @FunctionalInterface
  public interface Forgetting {
    void forget(Tx tx, TenantId tenant, EnrolmentId device, String address);
  }

  /**
   * The courier.
   *
   * @param wakers by the names of their services
   */
  public Pushes(
      Database database,
      Allowances allowances,
      Audit audit,
      Bell bell,
      Map<String, Waker> wakers,
      Forgetting forgetting,
      SandboxMessages sandboxes,
      InstantSource clock,
      Words words) {
    this.words = words;
    this.sandboxes = sandboxes;
    this.clock = clock;
    this.database = database;
    this.forgetting = forgetting;
    this.allowances = allowances;
    this.audit = audit;
    this.bell = bell;
    this.wakers = Map.copyOf(wakers);
  }

  private static List<Dispatch.Push.Target> devices(Errand errand) {
    return switch (errand.dispatch()) {
      case Dispatch.Push(var devices) -> devices;
      case Dispatch.Alert(var device) -> List.of(device);
      case Dispatch.Text _,
          Dispatch.Farewell _,
          Dispatch.Warning _,
          Dispatch.Mail _,
          Dispatch.Hook _ ->
          List.of();
    };
  }

  @Override
  public Admission admit(Tx tx, Errand errand, Occasion occasion) {
    if (devices(errand).isEmpty()) {
      record(tx, errand, "push_paused", occasion);
      return new Admission.Refused("push_paused", Optional.empty());
    }
    return switch (allowances.take(
        tx,
        errand.tenant(),
        isAlert(errand) ? ALERTS : CAP,
        errand.user().value(),
        occasion.at())) {
      case Allowances.Taking.Taken _ -> new Admission.Admitted();
      case Allowances.Taking.NoneLeft(var until) -> {
        record(tx, errand, "too_many", occasion);
        yield new Admission.Refused("too_many", Optional.of(until));
      }
    };
  }

  private static boolean isAlert(Errand errand) {
    return errand.dispatch() instanceof Dispatch.Alert;
  }

  /** What each device is sent. */
  private Waker.Word word(Errand errand) {
    return isAlert(errand)
        ? words.recovery(errand.tenant(), errand.locales())
        : new Waker.Word.Approval();
  }

  /** An approval is the usual thing, and not named. */
  private static AuditEvent about(AuditEvent event, Errand errand) {
    var named = event.by(errand.user()).in(errand.signIn(), null).with("factor", errand.factor());
    return isAlert(errand) ? named.with("purpose", "recovery") : named;
  }

  private void record(Tx tx, Errand errand, String reason, Occasion occasion) {
    audit.record(
        tx,
        errand.tenant(),
        about(AuditEvent.of(AuditType.PUSH_BLOCKED, AuditEvent.Outcome.DENIED, occasion), errand)
            .with("reason", reason));
  }

  private void told(Errand errand, Dispatch.Push.Target device, String reason, Occasion occasion) {
    database.run(tx -> {
      if (reason.equals(GONE)) {
        forgetting.forget(tx, errand.tenant(), device.device(), device.address());
      }
      audit.record(
          tx,
          errand.tenant(),
          about(AuditEvent.failure(AuditType.PUSH_FAILED, occasion, reason), errand)
              .with("by", device.service())
              .with("enrolment", device.device().value()));
    });
  }

  @Override
  public Outcome send(Errand errand, Occasion occasion) {
    var by = new ConcurrentSkipListSet<String>();
    var word = word(errand);
    // All at once: whoever has five phones waits no longer than for the slowest.
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var device : devices(errand)) {
        if (!isAlert(errand)) {
          bell.ring(errand.tenant(), device.device());
        }
        if (sandboxes.takes(errand.tenant())) {
          sandboxes.keep(
              errand.tenant(),
              SandboxMessages.Channel.PUSH,
              device.device().value(),
              content(word),
              Moment.of(clock.instant()));
          by.add("sandbox");
          continue;
        }
        var waker = wakers.get(device.service());
        if (waker != null) {
          threads.execute(() -> {
            switch (waker.wake(errand.tenant(), device, word, occasion.at())) {
              case Waker.Woken.Taken _ -> by.add(device.service());
              case Waker.Woken.Failed(var reason) -> told(errand, device, reason, occasion);
              case Waker.Woken.Gone _ -> told(errand, device, GONE, occasion);
            }
          });
        }
      }
    }
    return new Outcome.Handed(by.isEmpty() ? "approver" : String.join(", ", by));
  }

  private static SandboxMessages.Content content(Waker.Word word) {
    return switch (word) {
      case Waker.Word.Approval _ -> SandboxMessages.Content.of(Secret.of(""));
      case Waker.Word.Alert(var _, var title, var body) ->
          new SandboxMessages.Content(title, Secret.of(body), Secret.of(""));
    };
  }
}
