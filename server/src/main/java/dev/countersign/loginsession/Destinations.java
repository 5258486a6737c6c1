package dev.countersign.loginsession;

import dev.countersign.kernel.TenantId;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What the pages of a sign-in have to know of the place that it leads to. Thread-safe. */
public interface Destinations {
  Place place(TenantId tenant, SignIn.Destination destination);

  /** The answer for a destination to which nobody comes, whatever the reason. */
  Arrivals.Onward turnedAway(TenantId tenant, SignIn.Destination destination);

  /**
   * The answer for a destination that asked for more than the person can prove.
   *
   * @param asked what it asked for
   * @param why the word of a reason that {@link dev.countersign.enforcement.Because.Reason#isUnmet} knows
   */
  Arrivals.Onward unmet(
      TenantId tenant, SignIn.Destination destination, SignIn.Asked asked, String why);

  /** Asks {@code these} where the test holds of the destination, and {@code others} everywhere else. */
  static Destinations either(
      Predicate<SignIn.Destination> test, Destinations these, Destinations others) {
    return new Destinations() {
      @Override
      public Place place(TenantId tenant, SignIn.Destination destination) {
        return (test.test(destination) ? these : others).place(tenant, destination);
      }

      @Override
      public Arrivals.Onward turnedAway(TenantId tenant, SignIn.Destination destination) {
        return (test.test(destination) ? these : others).turnedAway(tenant, destination);
      }

      @Override
      public Arrivals.Onward unmet(
          TenantId tenant, SignIn.Destination destination, SignIn.Asked asked, String why) {
        return (test.test(destination) ? these : others).unmet(tenant, destination, asked, why);
      }
    };
  }

  /**
   * Where a sign-in leads.
   *
   * @param name what people call it
   * @param formTargets origins to which the browser may be sent at the end: browsers check the {@code form-action} of the
   *     page that posted along every redirect
   * @param begin where a sign-in that was never answered begins again; nothing when that is not known
   * @param start where whoever is signed in goes on by themselves; nothing when that is not known
   * @param popup whether the answer goes to the window that opened ours, so that the two must not be cut apart
   */
  record Place(
      String name,
      Set<String> formTargets,
      Optional<String> begin,
      Optional<String> start,
      boolean popup) {
    public Place {
      formTargets = Set.copyOf(formTargets);
    }
  }
}
