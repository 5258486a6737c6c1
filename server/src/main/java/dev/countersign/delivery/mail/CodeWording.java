package dev.countersign.delivery.mail;

import dev.countersign.delivery.Courier;
import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Occasion;
import java.util.Optional;

/** Puts a code in words, in the look of the tenant and the language of the person. Thread-safe. */
@FunctionalInterface
public interface CodeWording {
  /**
   * The mail with the code.
   *
   * @param id the mail's
   * @param name how the person is greeted
   * @param locale the language they chose, as a tag; empty for the tenant's
   */
  Mail of(
      Courier.Errand errand,
      Dispatch.Mail dispatch,
      String id,
      String name,
      Optional<String> locale,
      Occasion occasion);
}
