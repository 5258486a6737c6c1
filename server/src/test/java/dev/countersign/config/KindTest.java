package dev.countersign.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KindTest {
  @Test
  void a_time_has_a_unit_and_a_range() {
    Kind<Duration> kind = Kind.duration(Duration.ofMillis(250), Duration.ofDays(2));

    assertThat(kind.form()).isEqualTo("time from 250ms to 2d");
    assertThat(kind.parse("250ms")).isEqualTo(new Kind.Fits<>(Duration.ofMillis(250)));
    assertThat(kind.parse("36h")).isEqualTo(new Kind.Fits<>(Duration.ofHours(36)));
    unfit(kind, "249ms", "3d", "1", "", "-1s", "1 s", "1s1s", "99999999999999s");
  }

  @Test
  void a_size_counts_in_1024s() {
    Kind<Long> kind = Kind.bytes(1_024, 1L << 30);

    assertThat(kind.form()).isEqualTo("size from 1k to 1g");
    assertThat(kind.parse("64K")).isEqualTo(new Kind.Fits<>(65_536L));
    assertThat(kind.parse("2000")).isEqualTo(new Kind.Fits<>(2_000L));
    unfit(kind, "1023", "2g", "", "k", "1.5m", "999999999g");
  }

  @Test
  void a_number_stays_in_its_range() {
    assertThat(Kind.port().parse("0")).isEqualTo(new Kind.Fits<>(0));
    assertThat(Kind.port().parse("65535")).isEqualTo(new Kind.Fits<>(65_535));
    unfit(Kind.port(), "65536", "-1", "", " 1", "9999999999", "99999999999", "٣");
  }

  @Test
  void an_origin_has_no_path_user_or_query() {
    assertThat(Kind.origin().parse("https://id.example.org:8443")).isInstanceOf(Kind.Fits.class);
    unfit(
        Kind.origin(),
        "id.example.org",
        "https://",
        "https://u@example.org",
        "https://example.org/a",
        "https://example.org?a",
        "https://example.org#a",
        "https://EXAMPLE.org",
        "javascript:alert(1)",
        "");
  }

  @Test
  void a_host_is_written_in_lower_case_without_a_port() {
    assertThat(Kind.host().parse("acme.example.org")).isInstanceOf(Kind.Fits.class);
    unfit(Kind.host(), "", "-a", "a.", "a..b", "A.b", "a:80", "a/b", "a".repeat(64));
  }

  @Test
  void a_list_may_be_empty_but_no_entry_of_it() {
    Kind<List<Integer>> kind = Kind.port().list();

    assertThat(kind.parse("")).isEqualTo(new Kind.Fits<>(List.of()));
    assertThat(kind.parse("1, 2")).isEqualTo(new Kind.Fits<>(List.of(1, 2)));
    unfit(kind, "1,,2", "1,", ",");
  }

  @Test
  void empty_means_not_set_where_a_key_may_be_unset() {
    assertThat(Kind.port().optional().parse("")).isEqualTo(new Kind.Fits<>(Optional.empty()));
    assertThat(Kind.port().optional().parse("1")).isEqualTo(new Kind.Fits<>(Optional.of(1)));
    unfit(Kind.port().optional(), "x");
  }

  private static void unfit(Kind<?> kind, String... texts) {
    assertThat(texts)
        .allSatisfy(text -> assertThat(kind.parse(text)).as(text).isInstanceOf(Kind.Unfit.class));
  }
}
