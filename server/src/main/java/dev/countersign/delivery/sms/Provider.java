package dev.countersign.delivery.sms;

import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Moment;
import dev.countersign.outbound.Call;
import dev.countersign.outbound.Outcome;
import java.net.URI;
import java.util.Optional;

/** Somebody who sends texts, or makes calls, with one tenant's account: how they are asked, and how their answer is read. Immutable. */
interface Provider {
  /** What the audit log calls them. */
  Name name();

  /** Whether it can reach phones so. */
  default boolean carries(Dispatch.Via via) {
    return via == Dispatch.Via.SMS;
  }

  Call call(Text text, Moment now);

  /** Their own reference when they took it; empty when they did not, however politely they said so. */
  Optional<String> taken(Outcome.Answered answer);

  /** The providers that there are, by the names of the Management API. */
  enum Name {
    TWILIO("twilio"),
    VONAGE("vonage"),
    SNS("sns"),
    HOOK("phone-message-hook");

    private final String word;

    Name(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }

    static Optional<Name> of(String word) {
      for (var name : values()) {
        if (name.word.equals(word)) {
          return Optional.of(name);
        }
      }
      return Optional.empty();
    }
  }

  /**
   * Where they are reached.
   *
   * @param sns empty for the host of the account's region
   */
  record Bases(URI twilio, URI vonage, Optional<URI> sns) {
    /** For whoever looks at accounts and calls nobody. */
    static final Bases NOWHERE =
        new Bases(URI.create("https:/"), URI.create("https:/"), Optional.empty());
  }
}
