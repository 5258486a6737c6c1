package dev.countersign.factor;

import dev.countersign.kernel.Secret;
import java.util.List;
import java.util.Optional;

/**
 * A factor whose answer says by itself whose it is, so that it can come first: keys that people pick on their own devices.
 * Whoever is there is asked, and nobody by name, so that asking tells nothing about anybody.
 */
public interface Discoverable extends Factor {
  /**
   * Asks whoever is there. The answer is judged by {@link #check}, with the one enrolment that it names.
   *
   * @param settings what the tenant has set for this factor
   */
  Posed invite(Scene.Site site, String settings);

  /**
   * Which key an answer claims to be of.
   *
   * @param handle the digest under which it would be registered, as in {@link Factor.Finish.Confirmed}
   * @param signal what the browser is to be told when it is registered here no more
   */
  record Named(String handle, Signal signal) {}

  /** Nothing when it is no answer at all, or to none of our questions. */
  Optional<Named> named(Secret memo, Answer answer);

  /** The domain that several hosts of a tenant share, if it has set one. */
  Optional<String> sharedDomain(String settings);

  /**
   * The keys that browsers may offer to this person: of each relying party all, and of the one here at least an empty list.
   *
   * @param scene with the person's enrolments of this factor that stand
   */
  List<Signal.Keys> keys(Scene scene);
}
