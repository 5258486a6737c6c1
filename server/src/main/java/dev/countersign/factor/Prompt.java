package dev.countersign.factor;

import dev.countersign.kernel.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a person is to do: the little that pages have to know to ask for it. A factor picks one of these; each has one page
 * for setting up and one for answering, with the factor's own words.
 */
public sealed interface Prompt {

  /**
   * How a code looks.
   *
   * @param digits how many digits it has; 0 when it is made of other characters too, or its length varies
   */
  record Shape(int digits) {
    public static final Shape ANY = new Shape(0);
  }

  /**
   * To type a code. The answer is {@code code}.
   *
   * @param sentTo where it was sent, masked; empty when it was not sent
   * @param again whether it can be sent again
   */
  record Code(Shape shape, Optional<String> sentTo, boolean again) implements Prompt {
    /** One that the person reads somewhere. */
    public static Code of(Shape shape) {
      return new Code(shape, Optional.empty(), false);
    }

    /** One that was sent. */
    public static Code sent(Shape shape, String to) {
      return new Code(shape, Optional.of(to), true);
    }
  }

  /**
   * To carry a key into an app, and to type the first code that the app makes of it. The answer is {@code code}.
   *
   * @param uri for a QR code
   * @param key for typing
   */
  record SharedKey(String uri, String key, String issuer, String label, Shape shape)
      implements Prompt {
    /** Says nothing of the key. */
    @Override
    public String toString() {
      return "SharedKey[" + label + "]";
    }
  }

  /** To say something before there is anything to confirm. The answers go by the names of the fields. */
  record Details(List<Field> fields) implements Prompt {
    public Details {
      fields = List.copyOf(fields);
    }

    /**
     * One question; its words stand under the factor's own, {@code <words>.field.<name>}.
     *
     * @param value filled in already, for the person to confirm or change
     * @param type of the input: {@code tel}, {@code email} or {@code text}
     */
    public record Field(String name, String value, String type) {}
  }

  /**
   * To approve on another device by typing there the number that this page shows.
   *
   * @param pollEvery how often the page may look whether it was done
   */
  record Approval(String number, State state, Duration pollEvery) implements Prompt {
    /** How far it has come. */
    public enum State {
      WAITING,
      /** Approved: what is left is to go on. */
      ANSWERED,
      /** Nobody answered in time. */
      EXPIRED,
      /** Another number was typed. */
      MISMATCHED
    }
  }

  /**
   * To open an address on another device, which becomes one of the person's by that.
   *
   * @param address for a QR code, where the page adds behind a hash sign, which browsers send to nobody, the id of the
   *     set-up and the ticket
   * @param ticket good for one device; empty when its time is over
   * @param answered whether the device has come
   * @param pollEvery how often the page may look whether it has
   * @param app what the device needs first; empty when its browser will do
   */
  record Pairing(
      String address, Secret ticket, boolean answered, Duration pollEvery, Optional<App> app)
      implements Prompt {
    /**
     * An app of the tenant's that the device needs first.
     *
     * @param apple where Apple's devices get it; may be empty
     * @param google where Google's do; may be empty
     */
    public record App(String name, String apple, String google) {}
  }

  /**
   * To do something elsewhere, and to go on here when it is done. Without an address: on another device, and then the answer
   * is empty. With one: at that page, from where the browser comes back with {@code answer}.
   *
   * @param address where the browser goes; empty when it stays
   * @param goesOn whether there is something to go on with here
   * @param again whether it can be asked anew
   */
  record Elsewhere(Optional<String> address, boolean goesOn, boolean again) implements Prompt {
    /** At that page. */
    public static Elsewhere at(String address) {
      return new Elsewhere(Optional.of(address), false, false);
    }

    /** On another device. */
    public static Elsewhere onAnotherDevice() {
      return new Elsewhere(Optional.empty(), true, true);
    }

    /** Nowhere any more: it has to be asked anew. */
    public static Elsewhere over() {
      return new Elsewhere(Optional.empty(), false, true);
    }
  }

  /**
   * To let the browser make a key, or sign with one (WebAuthn Level 3 sections 5.1.3 and 5.1.4). The answer is {@code
   * credential}, the JSON form of what the browser made; or {@code error}, the name of the exception that stopped it,
   * which is no answer and reaches no factor.
   *
   * @param options what the browser is asked, in JSON
   */
  record Credential(Ceremony ceremony, String options) implements Prompt {
    /** Making a key, or signing with one. */
    public enum Ceremony {
      CREATE,
      GET
    }
  }
}
