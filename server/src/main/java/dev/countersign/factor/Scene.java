package dev.countersign.factor;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Transaction;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a factor may know of the place where it is asked for something.
 *
 * @param holder whose factor it is
 * @param site the tenant and where it is reached
 * @param settings what the tenant has set for this factor, as a JSON document in the factor's own form; {@code {}} means
 *     all as usual
 * @param asking who wants to know
 * @param mine while setting another one up, the active ones of this factor that the person has already
 */
public record Scene(
    Holder holder, Site site, String settings, Asking asking, Moment moment, List<Enrolment> mine) {
  public Scene {
    mine = List.copyOf(mine);
  }

  /** Where it does not matter what the person has already. */
  public Scene(Holder holder, Site site, String settings, Asking asking, Moment moment) {
    this(holder, site, settings, asking, moment, List.of());
  }

  /** The same for somebody who has these already. */
  public Scene having(List<Enrolment> already) {
    return new Scene(holder, site, settings, asking, moment, already);
  }

  /** The same, asked for an application of that name. */
  public Scene forApplication(String name) {
    return new Scene(
        holder,
        site,
        settings,
        new Asking(name, asking.address(), asking.userAgent(), asking.transaction()),
        moment,
        mine);
  }

  /** The same, asked to approve this; null to approve nothing. */
  public Scene approving(@Nullable Transaction transaction) {
    return new Scene(
        holder,
        site,
        settings,
        new Asking(asking.application(), asking.address(), asking.userAgent(), transaction),
        moment,
        mine);
  }

  /**
   * The tenant.
   *
   * @param name as people know it
   * @param origin where the person is now, such as {@code https://acme.example.com}; empty when not in a browser
   * @param origins all origins of the tenant
   * @param locale the tenant's own language, and country if it names one
   * @param page path and query of the page where answers are given, for who is sent elsewhere; empty when not in a browser
   */
  public record Site(String name, String origin, List<String> origins, Locale locale, String page) {
    public Site {
      origins = List.copyOf(origins);
    }

    /** One that nobody is sent away from. */
    public Site(String name, String origin, List<String> origins, Locale locale) {
      this(name, origin, origins, locale, "");
    }

    /** One that speaks English. */
    public Site(String name, String origin, List<String> origins) {
      this(name, origin, origins, Locale.ENGLISH);
    }
  }

  /**
   * Who asks, and from where, for what is shown on another device.
   *
   * @param application the name of the application, or of our own security page
   * @param address the network address of the browser
   * @param userAgent what the browser says it is
   * @param transaction what is to be approved; null where somebody signs in
   */
  public record Asking(
      String application, String address, String userAgent, @Nullable Transaction transaction) {
    /** Somebody who signs in. */
    public Asking(String application, String address, String userAgent) {
      this(application, address, userAgent, null);
    }

    public static final Asking NOBODY = new Asking("", "", "");
  }
}
