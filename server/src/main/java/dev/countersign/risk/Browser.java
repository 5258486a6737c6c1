package dev.countersign.risk;

import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;

/**
 * What a browser shows of itself.
 *
 * @param device the value of its lasting cookie; empty when it sent none
 * @param there false where an application asks by itself, so that nothing is to be seen of a browser
 */
public record Browser(Secret device, String userAgent, boolean there) {
  /** Where there is none to be seen. */
  public static final Browser HIDDEN = new Browser(Secret.of(""), "", false);

  public static Browser of(Occasion occasion) {
    return new Browser(occasion.device(), occasion.userAgent(), true);
  }
}
