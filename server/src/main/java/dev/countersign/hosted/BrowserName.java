package dev.countersign.hosted;

import dev.countersign.kernel.Device;
import org.jspecify.annotations.Nullable;

/** What a browser calls itself, in words a person knows: {@code Firefox, Linux}. */
public final class BrowserName {
  private BrowserName() {}

  /** Null when it says nothing that we know. */
  public static @Nullable String of(String userAgent) {
    var device = Device.of(userAgent);
    if (device.browser().isEmpty()) {
      return device.system().isEmpty() ? null : device.system();
    }
    return device.system().isEmpty() ? device.browser() : device.browser() + ", " + device.system();
  }

  /** Whether it is likely a phone, where a picture on the screen cannot be scanned with the phone itself. */
  public static boolean isPhone(String userAgent) {
    return Device.of(userAgent).kind() == Device.Kind.PHONE;
  }
}
