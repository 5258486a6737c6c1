package dev.countersign.risk;

import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import org.jspecify.annotations.Nullable;

/**
 * What a browser shows of itself.
 *
 * @param device the value of its lasting cookie; empty when it sent none
 * @param key the thumbprint of the key that it holds; empty when it showed none; null where it could not be asked
 * @param there false where an application asks by itself, so that nothing is to be seen of a browser
 */
public record Browser(Secret device, @Nullable String key, String userAgent, boolean there) {
  /** Where there is none to be seen. */
  public static final Browser HIDDEN = new Browser(Secret.of(""), null, "", false);

  /** As it was seen where it could not be asked for its key. */
  public static Browser of(Occasion occasion) {
    return new Browser(occasion.device(), null, occasion.userAgent(), true);
  }

  /** The same with what came of asking for its key; null where it could not be asked. */
  public Browser holding(@Nullable String thumbprint) {
    return new Browser(device, thumbprint, userAgent, there);
  }
}
