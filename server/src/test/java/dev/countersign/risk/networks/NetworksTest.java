package dev.countersign.risk.networks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
  private static Address address(String text) {
    return Address.parse(text).orElseThrow();
  }

  private static Networks.Reading reading(String text) {
    return Networks.read(text, 1_000).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "2001:db8::1, 2001:db8:0:0:0:0:0:1",
    "::ffff:192.0.2.1, 192.0.2.1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
  })
  void an_address_is_read_as_it_is_written(String text, String as) {
    assertThat(address(text)).hasToString(as);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "1.2.3.4 ",
        "0x7f.1.1.1",
        "1..2.3",
        "1111.1.1.1",
        "2001:db8::g",
        "fe80::1%eth0",
        ":::",
        "localhost",
        "[::1]"
      })
  void what_is_no_address_is_none(String text) {
    assertThat(Address.parse(text)).isEmpty();
    assertThat(Address.parse("x".repeat(10_000) + text)).isEmpty();
  }

  @Test
  void one_list_holds_addresses_networks_and_ranges_of_both_kinds() {
    var read =
        reading(
            """
            # a remark
            ; and another
            192.0.2.7
            198.51.100.0/24 ; SBL1
            203.0.113.10-203.0.113.20
            2001:db8:1::/48,extra
            2001:db8:2::1
            <html>

            """);

    assertThat(read.entries()).isEqualTo(5);
    assertThat(read.skipped()).isEqualTo(1);
    for (var in :
        List.of(
            "192.0.2.7",
            "198.51.100.0",
            "198.51.100.255",
            "203.0.113.10",
            "203.0.113.20",
            "2001:db8:1::",
            "2001:db8:1:ffff:ffff:ffff:ffff:ffff",
            "2001:db8:2::1")) {
      assertThat(read.networks().contain(address(in))).as(in).isTrue();
    }
    for (var out :
        List.of(
            "192.0.2.6",
            "192.0.2.8",
            "198.51.99.255",
            "198.51.101.0",
            "203.0.113.9",
            "203.0.113.21",
            "0.0.0.0",
            "255.255.255.255",
            "2001:db8:0:ffff::",
            "2001:db8:2::",
            "2001:db8:2::2",
            "::")) {
      assertThat(read.networks().contain(address(out))).as(out).isFalse();
    }
  }

  @Test
  void half_the_world_is_a_slip_and_too_many_lines_are_no_list() {
    assertThat(reading("0.0.0.0/0\n0.0.0.0/7\n::/0\n2000::/3\n10.0.0.0/8").entries()).isEqualTo(1);
    assertThat(Networks.read("192.0.2.1\n192.0.2.2\n192.0.2.3", 2)).isEmpty();
  }

  @Test
  void what_touches_or_overlaps_is_one_and_everything_comes_back_from_its_bytes() {
    var networks =
        reading(
                """
                192.0.2.0/25
                192.0.2.128/25
                192.0.2.5
                203.0.113.1
                203.0.113.2
                2001:db8::/33
                2001:db8:8000::/33
                255.255.255.255
                """)
            .networks();

    assertThat(networks.texts())
        .containsExactly(
            "192.0.2.0/24",
            "203.0.113.1-203.0.113.2",
            "255.255.255.255",
            "2001:db8:0:0:0:0:0:0/32");
    assertThat(Networks.ofBytes(networks.bytes()).texts()).isEqualTo(networks.texts());
    assertThat(Networks.ofBytes(Networks.NONE.bytes()).size()).isZero();
  }

  @Test
  void whatever_is_asked_the_answer_is_that_of_looking_through_all() {
    var random = new Random(42);
    List<Networks.Range> ranges = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      ranges.add(
          Networks.Range.parse(anywhere(random) + "/" + (20 + random.nextInt(13))).orElseThrow());
    }
    var networks = Networks.of(ranges);

    for (int i = 0; i < 20_000; i++) {
      var asked = address(anywhere(random));
      assertThat(networks.contain(asked))
          .isEqualTo(ranges.stream().anyMatch(it -> it.contains(asked)));
    }
  }

  private static String anywhere(Random random) {
    return random.ints(4, 0, 256).mapToObj(it -> it % 8 + "").collect(Collectors.joining("."));
  }

  @Test
  void private_addresses_and_those_of_documents_are_told_apart() {
    assertThat(
            List.of(
                "10.1.2.3", "127.0.0.1", "192.168.1.1", "172.31.0.1", "fd00::1", "fe80::1", "::1"))
        .allMatch(it -> address(it).isPrivate());
    assertThat(List.of("192.0.2.1", "8.8.8.8", "172.32.0.1", "2a00::1"))
        .noneMatch(it -> address(it).isPrivate());
    assertThat(List.of("192.0.2.1", "198.51.100.2", "203.0.113.3", "2001:db8::1"))
        .allMatch(it -> address(it).isForDocuments());
    assertThat(address("192.0.3.1").isForDocuments()).isFalse();
  }
}
