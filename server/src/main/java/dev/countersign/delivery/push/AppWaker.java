package dev.countersign.delivery.push;

import dev.countersign.config.Keys;
import dev.countersign.config.Settings;
import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.outbound.Outbound;
import java.util.function.Function;

/** Wakes a tenant's own app, by the service that the tenant has chosen and with its account there. Thread-safe. */
public final class AppWaker implements Waker {
  private static final Woken NOBODY = new Woken.Failed("no_channel");

  /** There is but a key of the interface that Google turned off in 2024. */
  private static final Woken TURNED_OFF = new Woken.Failed("legacy_key_only");

  private final Function<TenantId, PushPlan> plans;
  private final GoogleMessaging google;
  private final ApplePush apple;
  private final AmazonPush amazon;

  public AppWaker(Outbound outbound, Settings configuration, Function<TenantId, PushPlan> plans) {
    this.plans = plans;
    this.google =
        new GoogleMessaging(
            outbound, configuration.get(Keys.FCM_URL), configuration.get(Keys.GOOGLE_TOKEN_URL));
    this.apple =
        new ApplePush(
            outbound, configuration.get(Keys.APNS_URL), configuration.get(Keys.APNS_SANDBOX_URL));
    this.amazon = new AmazonPush(outbound, configuration.get(Keys.SNS_URL));
  }

  @Override
  public Woken wake(TenantId tenant, Dispatch.Push.Target device, Word word, Moment now) {
    var plan = plans.apply(tenant);
    return switch (plan.sender()) {
      case GUARDIAN -> NOBODY;
      case SNS ->
          plan.amazon().map(it -> amazon.wake(tenant, it, device, word, now)).orElse(NOBODY);
      case DIRECT ->
          device.service().equals("apns")
              ? plan.apple().map(it -> apple.wake(tenant, it, device, word, now)).orElse(NOBODY)
              : plan.google()
                  .map(it -> google.wake(tenant, it, device, word, now))
                  .orElse(plan.hasLegacyKey() ? TURNED_OFF : NOBODY);
    };
  }
}
