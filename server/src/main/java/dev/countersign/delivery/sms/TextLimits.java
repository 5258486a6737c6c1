package dev.countersign.delivery.sms;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import dev.countersign.delivery.Courier;
import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.proof.Allowance;
import dev.countersign.proof.Allowances;
import dev.countersign.storage.Digester;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Texts cost money, and there are people who earn it by having them sent. Counts, in the transaction that asks for a text,
 * against every limit there is; numbers are counted by their digests. Thread-safe.
 */
final class TextLimits {
  /** Between two texts to one person. */
  static final Allowance PAUSE = new Allowance("text-pause", 1, Duration.ofSeconds(20));

  static final Allowance ENROLLING = new Allowance("text-enrolling", 5, Duration.ofHours(1));
  static final Allowance SIGN_IN = new Allowance("text-sign-in", 3, Duration.ofHours(1));
  static final Allowance PERSON = new Allowance("text-person", 10, Duration.ofHours(1));
  static final Allowance NUMBER = new Allowance("text-number", 10, Duration.ofHours(1));

  /** From one network: an IPv6 customer, or an IPv4 address that may be a whole company's. */
  static final Allowance NETWORK = new Allowance("text-network", 60, Duration.ofHours(1));

  /** To numbers that differ in their last four digits only. */
  static final Allowance RANGE = new Allowance("text-range", 100, Duration.ofHours(1));

  static final Allowance TENANT = new Allowance("text-tenant", 2_000, Duration.ofHours(1));
  static final Allowance DAY = new Allowance("text-day", 10_000, Duration.ofDays(1));

  /** So many different numbers of one range tell how it fares. */
  static final int TELLING = 8;

  /** Of those at least one in so many has to be answered. */
  static final int ONE_IN = 4;

  private static final Duration WATCHED = Duration.ofHours(1);
  private static final int LAST_DIGITS = 4;

  private final Allowances allowances;
  private final Digester digester;
  private final TextStore store = new TextStore();

  TextLimits(Allowances allowances, Digester digester) {
    this.allowances = allowances;
    this.digester = digester;
  }

  /** What a tenant may set otherwise, by the names of the Management API. */
  static final Map<String, Allowance> SETTABLE = settable();

  private static Map<String, Allowance> settable() {
    Map<String, Allowance> out = new LinkedHashMap<>();
    out.put("enrolment_per_hour", ENROLLING);
    out.put("sign_in_per_hour", SIGN_IN);
    out.put("person_per_hour", PERSON);
    out.put("number_per_hour", NUMBER);
    out.put("network_per_hour", NETWORK);
    out.put("range_per_hour", RANGE);
    out.put("tenant_per_hour", TENANT);
    out.put("tenant_per_day", DAY);
    return Collections.unmodifiableMap(out);
  }

  private static Allowance own(TextPlan plan, Allowance usual) {
    return SETTABLE.entrySet().stream()
        .filter(it -> it.getValue().equals(usual))
        .findFirst()
        .map(it -> plan.limit(usual, it.getKey()))
        .orElse(usual);
  }

  /**
   * Why a text may not go.
   *
   * @param reason the stable word of the audit log
   * @param because the same for people
   * @param until when it may; empty when nobody knows
   */
  record Blocked(String reason, String because, Optional<Moment> until) {}

  private record Limit(String reason, Allowance allowance, String subject, String of) {}

  /** Counts a text and remembers it by this id, or says why it may not go. */
  Optional<Blocked> take(
      Tx tx, Courier.Errand errand, String id, String number, TextPlan plan, Occasion occasion) {
    var tenant = errand.tenant();
    var now = occasion.at();
    var range = range(number);
    var countries = plan.countries();
    if (!countries.isEmpty() && !countries.contains(country(number))) {
      return Optional.of(
          new Blocked(
              "country_not_allowed",
              "The tenant does not send texts to the country of this number.",
              Optional.empty()));
    }
    var digest = digester.digest("text-number", Secret.of(number));
    var fares = store.range(tx, tenant, range, now.minus(WATCHED));
    if (fares.numbers() >= TELLING && fares.completed() * ONE_IN < fares.numbers()) {
      return Optional.of(
          new Blocked(
              "pumping",
              "Within the last hour texts went to "
                  + fares.numbers()
                  + " numbers that begin like this one, and "
                  + fares.completed()
                  + " of them were answered"
                  + (fares.lost() == 0 ? "." : ", " + fares.lost() + " never arrived."),
              Optional.empty()));
    }
    // A farewell follows a code within seconds, is sent once, and nobody answers it.
    boolean farewell =
        errand.dispatch() instanceof Dispatch.Farewell
            || errand.dispatch() instanceof Dispatch.Warning;
    var user = errand.user().value();
    var limits = new ArrayList<Limit>();
    if (!farewell) {
      limits.addAll(ofCodes(errand, user));
    }
    limits.addAll(
        List.of(
            new Limit("limit_person", PERSON, user, "to this person"),
            new Limit("limit_number", NUMBER, digest.text(), "to this number"),
            new Limit("limit_network", NETWORK, occasion.network(), "from this network"),
            new Limit("limit_range", RANGE, range, "to numbers that begin like this one"),
            new Limit("limit_tenant", TENANT, "tenant", "of this tenant"),
            new Limit("limit_day", DAY, "tenant", "of this tenant")));
    for (var limit : limits) {
      if (allowances.take(tx, tenant, own(plan, limit.allowance()), limit.subject(), now)
          instanceof Allowances.Taking.NoneLeft(var until)) {
        return Optional.of(
            new Blocked(
                limit.reason(),
                "No more than "
                    + own(plan, limit.allowance()).most()
                    + " in "
                    + spoken(limit.allowance().per())
                    + " "
                    + limit.of()
                    + ".",
                Optional.of(until)));
      }
    }
    if (!farewell) {
      store.insert(tx, tenant, id, errand.user(), errand.factor(), digest, range, now);
    }
    return Optional.empty();
  }

  private static List<Limit> ofCodes(Courier.Errand errand, String user) {
    var signIn = errand.signIn();
    return List.of(
        new Limit("too_soon", PAUSE, user, "to this person"),
        errand.enrolling() || signIn == null
            ? new Limit("limit_enrolling", ENROLLING, user, "to set up this person's number")
            : new Limit("limit_sign_in", SIGN_IN, signIn.value(), "in this sign-in"));
  }

  int tidy(Tx tx, TenantId tenant, Moment now, int most) {
    return store.deleteSentBefore(tx, tenant, now.minus(Duration.ofDays(2)), most);
  }

  /** What is left of a number without its last digits. */
  static String range(String number) {
    return number.substring(0, Math.max(1, number.length() - LAST_DIGITS));
  }

  /** ISO 3166; {@code 001} where a number belongs to no country. */
  private static String country(String number) {
    var all = PhoneNumberUtil.getInstance();
    try {
      return Optional.ofNullable(all.getRegionCodeForNumber(all.parse(number, null))).orElse("");
    } catch (NumberParseException _) {
      return "";
    }
  }

  private static String spoken(Duration per) {
    return per.toHours() >= 1 ? per.toHours() + " h" : per.toSeconds() + " s";
  }
}
