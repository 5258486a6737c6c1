package dev.countersign.risk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Moment;
import dev.countersign.risk.lists.Listing;
import dev.countersign.risk.places.Countries;
import dev.countersign.risk.places.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is noticed, as a function of what is known and what there is to see. */
class SignalsTest {
  private static final Moment NOW = Moment.of(Instant.parse("2026-05-04T09:30:00Z"));
  private static final Duration KEPT = Duration.ofDays(30);
  private static final String FIREFOX =
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  private static final Place BERLIN = new Place("DE", 52.5, 13.4, 20);
  private static final Place MUNICH = new Place("DE", 48.1, 11.6, 20);
  private static final Place SAO_PAULO = new Place("BR", -23.5, -46.6, 20);

  /** Somebody who has signed in at 9 o'clock on each of the last days, from one browser in Berlin. */
  private static Seen known(Duration ago) {
    var last = NOW.minus(ago);
    return new Seen(
        last, List.of(new Seen.Known("hers", last)), Map.of("DE", last), BERLIN, hours(9, 30));
  }

  private static List<Integer> hours(int hour, int times) {
    var hours = new ArrayList<>(Collections.nCopies(24, 0));
    hours.set(hour, times);
    return hours;
  }

  private static Now now(String device, @Nullable String agent, @Nullable Place place) {
    return now(new Devices.Marks(device, ""), agent, place);
  }

  private static Now now(Devices.Marks device, @Nullable String agent, @Nullable Place place) {
    return new Now(NOW, device, agent, place, List.of(), Now.Failures.NONE, List.of());
  }

  private static List<Finding> findings(Seen before, Now now) {
    return Signals.of(before, now, KEPT);
  }

  private static Map<String, Integer> words(List<Finding> findings) {
    var words = new TreeMap<String, Integer>();
    findings.forEach(it -> words.put(it.signal().word(), it.strength()));
    return words;
  }

  private static Map<String, Integer> of(Seen before, Now now) {
    return words(findings(before, now));
  }

  private static Map<String, String> details(Seen before, Now now, Signal signal) {
    return findings(before, now).stream()
        .filter(it -> it.signal() == signal)
        .findFirst()
        .orElseThrow()
        .details();
  }

  @Test
  void nothing_is_noteworthy_about_a_usual_sign_in() {
    assertThat(of(known(Duration.ofDays(1)), now("hers", FIREFOX, BERLIN))).isEmpty();
    assertThat(of(known(Duration.ofDays(1)), now("hers", FIREFOX, MUNICH))).isEmpty();
  }

  @Test
  void a_first_sign_in_is_in_a_new_browser_and_nothing_else() {
    var first = now("hers", FIREFOX, SAO_PAULO);

    assertThat(of(Seen.NOTHING, first)).containsOnlyKeys("new_device");
    assertThat(details(Seen.NOTHING, first, Signal.NEW_DEVICE)).containsEntry("first", "true");
  }

  @Test
  void STEP_08_a_browser_without_its_cookie_is_a_new_one() {
    var before = known(Duration.ofDays(1));

    assertThat(of(before, now("", FIREFOX, BERLIN))).containsExactly(Map.entry("new_device", 100));
    assertThat(of(before, now("other", FIREFOX, BERLIN)))
        .containsExactly(Map.entry("new_device", 100));
  }

  @Test
  void a_browser_is_known_for_as_long_as_the_tenant_says() {
    var before = known(Duration.ofDays(29));

    assertThat(of(before, now("hers", FIREFOX, BERLIN))).isEmpty();
    assertThat(words(Signals.of(before, now("hers", FIREFOX, BERLIN), Duration.ofDays(29))))
        .containsOnlyKeys("new_device");
  }

  @Test
  void an_application_that_asks_by_itself_shows_no_browser_to_be_judged() {
    assertThat(of(known(Duration.ofDays(1)), now("", null, BERLIN))).isEmpty();
  }

  @Test
  void STEP_08_a_country_that_flips_is_new_and_the_journey_is_impossible() {
    var before = known(Duration.ofHours(2));
    var there = now("hers", FIREFOX, SAO_PAULO);

    assertThat(of(before, there)).containsOnlyKeys("new_country", "impossible_travel");
    assertThat(details(before, there, Signal.NEW_COUNTRY))
        .containsEntry("country", "BR")
        .containsEntry("before", "DE");
    assertThat(details(before, there, Signal.IMPOSSIBLE_TRAVEL))
        .containsEntry("country", "BR")
        .containsEntry("before", "DE")
        .containsEntry("hours", "2.0")
        .hasEntrySatisfying("km", km -> assertThat(Integer.parseInt(km)).isBetween(10_000, 10_400));
  }

  @Test
  void who_had_the_time_to_fly_has_only_come_to_another_country() {
    assertThat(of(known(Duration.ofHours(14)), now("hers", FIREFOX, SAO_PAULO)))
        .containsExactly(Map.entry("impossible_travel", 50), Map.entry("new_country", 100));
    assertThat(of(known(Duration.ofDays(2)), now("hers", FIREFOX, SAO_PAULO)))
        .containsOnlyKeys("new_country");
  }

  @Test
  void who_crosses_a_border_is_no_impossible_traveller_by_the_middles_of_countries() {
    var germany = Countries.place("DE").orElseThrow();
    var france = Countries.place("FR").orElseThrow();
    var last = NOW.minus(Duration.ofMinutes(20));
    var before =
        new Seen(
            last,
            List.of(new Seen.Known("hers", last)),
            Map.of("DE", last, "FR", last),
            germany,
            hours(9, 30));

    assertThat(of(before, now("hers", FIREFOX, france))).isEmpty();
  }

  @Test
  void an_address_that_is_nowhere_is_a_new_country_once() {
    var before = known(Duration.ofDays(1));
    var nowhere = now("hers", FIREFOX, null);

    assertThat(of(before, nowhere)).containsOnlyKeys("new_country");
    assertThat(of(before.with(nowhere, KEPT), nowhere)).isEmpty();
  }

  @Test
  void who_was_away_for_long_is_missed() {
    assertThat(of(known(Duration.ofDays(89)), now("", null, BERLIN))).isEmpty();
    assertThat(of(known(Duration.ofDays(90)), now("", null, BERLIN)))
        .containsExactly(Map.entry("long_absence", 60));
    assertThat(of(known(Duration.ofDays(200)), now("", null, BERLIN)))
        .containsExactly(Map.entry("long_absence", 100));
  }

  @Test
  void an_hour_is_unusual_only_against_a_habit() {
    var last = NOW.minus(Duration.ofDays(1));
    var devices = List.of(new Seen.Known("hers", last));
    for (var each : Map.of(9, 0, 10, 0, 8, 0, 11, 1, 21, 1).entrySet()) {
      var before = new Seen(last, devices, Map.of("DE", last), BERLIN, hours(each.getKey(), 30));
      assertThat(of(before, now("hers", FIREFOX, BERLIN))).hasSize(each.getValue());
    }
    var newcomer = new Seen(last, devices, Map.of("DE", last), BERLIN, hours(21, 19));
    assertThat(of(newcomer, now("hers", FIREFOX, BERLIN))).isEmpty();
  }

  @Test
  void wrong_answers_of_late_count_by_their_number() {
    var before = known(Duration.ofDays(1));
    assertThat(of(before, failing(2, 9, 99))).isEmpty();
    assertThat(of(before, failing(3, 10, 100)))
        .containsExactly(
            Map.entry("address_failures", 40),
            Map.entry("tenant_failures", 40),
            Map.entry("user_failures", 40));
    assertThat(of(before, failing(1_000, 1_000, 1_000)))
        .containsExactly(
            Map.entry("address_failures", 100),
            Map.entry("tenant_failures", 100),
            Map.entry("user_failures", 100));
  }

  private static Now failing(int user, int network, int tenant) {
    return new Now(
        NOW,
        new Devices.Marks("hers", ""),
        FIREFOX,
        BERLIN,
        List.of(),
        new Now.Failures(user, network, tenant),
        List.of());
  }

  @Test
  void each_list_that_an_address_stands_on_counts_with_its_own_weight() {
    var listed =
        new Now(
            NOW,
            new Devices.Marks("hers", ""),
            FIREFOX,
            BERLIN,
            List.of(new Listing("FireHOL level 1", 30, false), new Listing("Tor exits", 20, true)),
            Now.Failures.NONE,
            List.of());

    assertThat(findings(known(Duration.ofDays(1)), listed))
        .containsExactly(
            new Finding(
                Signal.ADDRESS_LISTED, 100, Map.of("list", "FireHOL level 1", "weight", "30")),
            new Finding(Signal.ANONYMISER, 100, Map.of("list", "Tor exits", "weight", "20")));
  }

  @Test
  void STEP_08_a_missing_user_agent_is_odd() {
    assertThat(of(known(Duration.ofDays(1)), now("hers", "", BERLIN)))
        .containsExactly(Map.entry("odd_user_agent", 100));
  }

  @Test
  void STEP_08_whatever_could_not_be_found_out_is_one_finding_and_no_country_is_guessed() {
    var blind =
        new Now(
            NOW,
            new Devices.Marks("hers", ""),
            FIREFOX,
            null,
            List.of(),
            Now.Failures.NONE,
            List.of(Observe.PLACES, "lists: Tor exits"));

    assertThat(findings(known(Duration.ofDays(1)), blind))
        .containsExactly(
            new Finding(
                Signal.SENSES_UNAVAILABLE, 100, Map.of("senses", "places, lists: Tor exits")));
    assertThat(known(Duration.ofDays(1)).with(blind, KEPT).countries()).containsOnlyKeys("DE");
  }

  // What is learned

  @Test
  void what_was_seen_is_known_from_then_on() {
    var there = now("new", FIREFOX, SAO_PAULO);

    var after = known(Duration.ofDays(2)).with(there, KEPT);

    assertThat(of(after, there)).isEmpty();
    assertThat(after.devices()).extracting(Seen.Known::mark).containsExactly("new", "hers");
    assertThat(after.countries()).containsOnlyKeys("BR", "DE");
    assertThat(after.last()).isEqualTo(SAO_PAULO);
    assertThat(after.hours().get(9)).isEqualTo(31);
  }

  @Test
  void nothing_is_written_for_what_is_known_and_was_written_lately() {
    var lately = known(Duration.ofMinutes(59));

    assertThat(lately.wouldLearn(now("hers", FIREFOX, BERLIN))).isFalse();
    assertThat(lately.wouldLearn(now("", null, BERLIN))).isFalse();
    assertThat(lately.wouldLearn(now("other", FIREFOX, BERLIN))).isTrue();
    assertThat(lately.wouldLearn(now("hers", FIREFOX, SAO_PAULO))).isTrue();
    assertThat(known(Duration.ofHours(1)).wouldLearn(now("hers", FIREFOX, BERLIN))).isTrue();
    assertThat(Seen.NOTHING.wouldLearn(now("hers", FIREFOX, BERLIN))).isTrue();
  }

  @Test
  void what_is_known_of_one_person_stays_small_and_what_is_old_is_forgotten() {
    var seen = known(Duration.ofDays(31));
    for (int i = 0; i < 400; i++) {
      seen =
          seen.with(
              new Now(
                  NOW.plus(Duration.ofHours(i)),
                  new Devices.Marks("device-" + i, ""),
                  FIREFOX,
                  new Place("" + (char) ('A' + i % 26) + (char) ('A' + i / 26 % 26), 0, 0, 10),
                  List.of(),
                  Now.Failures.NONE,
                  List.of()),
              KEPT);
    }

    assertThat(seen.devices()).hasSize(Seen.MOST_DEVICES);
    assertThat(seen.devices().getFirst().mark()).isEqualTo("device-399");
    assertThat(seen.countries()).hasSize(Seen.MOST_COUNTRIES);
    assertThat(seen.times()).isLessThanOrEqualTo(241);
    assertThat(known(Duration.ofDays(31)).with(now("new", FIREFOX, BERLIN), KEPT).devices())
        .extracting(Seen.Known::mark)
        .containsExactly("new");
  }

  // Keys

  private static final Devices.Marks BOUND = new Devices.Marks("hers", "key");

  private static Seen bound() {
    return known(Duration.ofDays(1)).with(now(BOUND, FIREFOX, BERLIN), KEPT);
  }

  private static Map<String, Integer> from(Seen before, String cookie, @Nullable String key) {
    return of(before, now(new Devices.Marks(cookie, key), FIREFOX, BERLIN));
  }

  @Test
  void STEP_08_a_cookie_whose_browser_had_a_key_is_not_known_without_it() {
    assertThat(from(bound(), "hers", "key")).isEmpty();
    for (var wrong : List.of("", "other")) {
      assertThat(from(bound(), "hers", wrong)).as(wrong).containsOnlyKeys("new_device");
      assertThat(
              details(
                  bound(),
                  now(new Devices.Marks("hers", wrong), FIREFOX, BERLIN),
                  Signal.NEW_DEVICE))
          .as(wrong)
          .containsExactly(
              Map.entry("cookie", "true"),
              Map.entry("first", "false"),
              Map.entry("key", wrong.isEmpty() ? "none" : "other"));
    }
    assertThat(from(bound(), "another", "key")).as("a key alone").containsOnlyKeys("new_device");
    assertThat(from(bound(), "", "key")).as("no cookie").containsOnlyKeys("new_device");
  }

  @Test
  void where_no_key_could_be_asked_for_the_cookie_is_enough_and_what_is_bound_stays_bound() {
    var seen = bound();

    assertThat(from(seen, "hers", null)).isEmpty();
    assertThat(seen.with(now(new Devices.Marks("hers", null), FIREFOX, BERLIN), KEPT).devices())
        .extracting(Seen.Known::key)
        .containsExactly("key");
  }

  @Test
  void a_cookie_that_was_known_without_a_key_is_bound_by_the_next_sign_in_with_one() {
    var before = known(Duration.ofMinutes(1));
    var shown = now(BOUND, FIREFOX, BERLIN);

    assertThat(of(before, shown)).isEmpty();
    assertThat(before.wouldLearn(shown)).isTrue();
    assertThat(from(before.with(shown, KEPT), "hers", "")).containsOnlyKeys("new_device");
    assertThat(before.with(shown, KEPT).wouldLearn(shown)).isFalse();
  }

  @Test
  void who_signed_in_without_the_key_is_known_so_until_the_key_is_shown_again() {
    var without = now(new Devices.Marks("hers", ""), FIREFOX, BERLIN);
    var both = bound().with(without, KEPT);

    assertThat(of(both, without)).isEmpty();
    assertThat(from(both, "hers", "key")).isEmpty();
    assertThat(both.wouldLearn(now(BOUND, FIREFOX, BERLIN))).isTrue();
    assertThat(of(both.with(now(BOUND, FIREFOX, BERLIN), KEPT), without))
        .containsOnlyKeys("new_device");
  }

  @Test
  void a_copied_cookie_that_came_through_with_a_key_of_its_own_leaves_the_other_known() {
    var both = bound().with(now(new Devices.Marks("hers", "other"), FIREFOX, BERLIN), KEPT);

    assertThat(from(both, "hers", "key")).isEmpty();
    assertThat(from(both, "hers", "other")).isEmpty();
    assertThat(from(both, "hers", "third")).containsOnlyKeys("new_device");
  }
}
