package dev.countersign.factor;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import java.util.Optional;

/** A factor that the server could answer in its person's place. It does so in sandboxes and nowhere else. */
public interface Scriptable {
  /** Whether the server holds all that it takes to answer with this one. */
  boolean isScripted(Enrolment enrolment);

  /** One that shows codes. */
  interface Codes extends Scriptable {
    /** The answer that this one would give now. */
    Secret answer(Enrolment enrolment, Moment moment);

    /** Until when it is right. */
    Moment changes(Enrolment enrolment, Moment moment);
  }

  /** One that signs with a key: with those that the server made itself. */
  interface Keys extends Scriptable {
    /**
     * Makes one for the person and the place of this scene.
     *
     * @param synced whether it says that it may be copied to other devices
     */
    Factor.Brought.Ready make(Scene scene, boolean synced);

    /** What a virtual authenticator has to be told so that it holds this one; nothing of a key that is not ours. */
    Optional<Loadable> loadable(Enrolment enrolment);

    /** What a browser would send that is asked this. */
    Signing sign(Enrolment enrolment, Asked asked);
  }

  /**
   * A key as virtual authenticators take it (WebAuthn Level 3 section 11.6); ids and handle in base64url.
   *
   * @param key the private key (PKCS #8), in base64url
   * @param counter how many signatures it has counted
   * @param synced whether it may be copied, and was
   */
  record Loadable(
      String id, String relyingParty, Secret key, String handle, long counter, boolean synced) {}

  /**
   * What is asked of a browser.
   *
   * @param options in the JSON form of WebAuthn Level 3 section 5.1.9
   * @param origin of the page that asks
   * @param verified whether the user is verified
   */
  record Asked(String options, String origin, boolean verified) {}

  /** What came of it. */
  sealed interface Signing {
    /**
     * Signed.
     *
     * @param credential in the JSON form of WebAuthn Level 3 section 5.1.4
     */
    record Signed(Secret credential) implements Signing {}

    /** No browser would ask this key that. */
    record Unfit(String field, String why) implements Signing {}
  }
}
