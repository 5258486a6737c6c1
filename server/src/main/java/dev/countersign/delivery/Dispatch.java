package dev.countersign.delivery;

import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** What has to reach a person so that a challenge can be answered. A value; {@link Courier} carries it. */
public sealed interface Dispatch {
  /**
   * A code to a phone.
   *
   * @param number in E.164
   */
  record Text(String number, Secret code, Via via) implements Dispatch {}

  /**
   * A word to a phone that is asked for no codes any more, so that its owner notices when it was not their doing.
   *
   * @param number in E.164
   */
  record Farewell(String number) implements Dispatch {}

  /**
   * A word to a phone that somebody recovers the account without its owner's factors.
   *
   * @param number in E.164
   */
  record Warning(String number) implements Dispatch {}

  /** The same word to a device that approves sign-ins: shown by itself, asking for nothing. */
  record Alert(Push.Target device) implements Dispatch {}

  /** How a phone is reached. */
  enum Via {
    SMS,
    VOICE
  }

  /**
   * A code by mail.
   *
   * @param lasts how long it can be used
   */
  record Mail(String address, Secret code, Duration lasts) implements Dispatch {}

  /**
   * A message to a service of the tenant's, which reaches the person by itself.
   *
   * @param id names the message, however often it is sent
   * @param keys that it is signed with, one after the other
   * @param body JSON
   * @param most how long the service may take
   */
  record Hook(URI url, String id, List<Secret> keys, Secret body, Duration most)
      implements Dispatch {
    public Hook {
      keys = List.copyOf(keys);
    }
  }

  /** A waking of the person's devices, which then ask for what there is. Without any device there is nobody to wake. */
  record Push(List<Target> devices) implements Dispatch {
    public Push {
      devices = List.copyOf(devices);
    }

    /**
     * One device.
     *
     * @param device the enrolment that it is
     * @param service {@code web}, {@code fcm} or {@code apns}; empty when it can only be waited for
     * @param address the push resource (RFC 8030), or the registration of an app
     * @param p256dh the public key of the subscription (RFC 8291); only of {@code web}
     * @param auth its authentication value; only of {@code web}
     */
    public record Target(
        EnrolmentId device, String service, String address, String p256dh, String auth) {}
  }
}
