package dev.countersign.delivery;

import dev.countersign.kernel.Occasion;
import dev.countersign.storage.Tx;
import java.util.Optional;

/** Every way to reach a person, one courier each. Immutable. */
public record Channels(Courier texts, Courier mails, Courier pushes, Courier hooks)
    implements Courier {

  /** A channel that nothing goes through, where it is not set up. */
  public static final Courier CLOSED =
      new Courier() {
        @Override
        public Admission admit(Tx tx, Errand errand, Occasion occasion) {
          return new Admission.Refused("no_channel", Optional.empty());
        }

        @Override
        public Outcome send(Errand errand, Occasion occasion) {
          return new Outcome.Failed("no_channel");
        }
      };

  @Override
  public Admission admit(Tx tx, Errand errand, Occasion occasion) {
    return by(errand).admit(tx, errand, occasion);
  }

  @Override
  public Outcome send(Errand errand, Occasion occasion) {
    return by(errand).send(errand, occasion);
  }

  private Courier by(Errand errand) {
    return switch (errand.dispatch()) {
      case Dispatch.Text _, Dispatch.Farewell _, Dispatch.Warning _ -> texts;
      case Dispatch.Mail _ -> mails;
      case Dispatch.Push _, Dispatch.Alert _ -> pushes;
      case Dispatch.Hook _ -> hooks;
    };
  }
}
