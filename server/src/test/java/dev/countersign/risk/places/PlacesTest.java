package dev.countersign.risk.places;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.config.Located;
import dev.countersign.risk.networks.Address;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacesTest {
  @TempDir Path folder;

  private static Address address(String text) {
    return Address.parse(text).orElseThrow();
  }

  private static Places.Sight look(Places places, String text) {
    return places.of(address(text));
  }

  private static CountryTable bundled() throws IOException {
    try (var in =
        Objects.requireNonNull(PlacesTest.class.getResourceAsStream("/places/countries.bin"))) {
      return CountryTable.read(in);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "193.99.144.80, DE",
    "200.147.3.157, BR",
    "133.11.0.1, JP",
    "81.2.69.142, GB",
    "8.8.8.8, US",
    "2a02:2e0:3fe:1001:302::, DE",
    "2001:4860:4860::8888, US"
  })
  void the_table_that_comes_along_knows_countries(String address, String country)
      throws IOException {
    var found = bundled().find(address(address));

    assertThat(found).isNotNull();
    assertThat(found.country()).isEqualTo(country);
  }

  @Test
  void the_table_that_comes_along_says_where_it_is_from_and_knows_the_whole_world()
      throws IOException {
    var table = bundled();

    assertThat(table.source()).contains("CC0-1.0").contains("nro.net");
    assertThat(table.lines()).isGreaterThan(500_000);
    assertThat(table.find(address("0.0.0.0"))).isNull();
    assertThat(table.find(address("255.255.255.255"))).isNull();
    assertThat(table.find(address("::"))).isNull();
  }

  @Test
  void private_addresses_and_those_of_documents_are_nowhere_unless_the_operator_says_where() {
    var places =
        new Places(
            List.of(
                Located.parse("203.0.113.0/24=BR@-23.5:-46.6").orElseThrow(),
                Located.parse("10.0.0.0/8=CH").orElseThrow()),
            Optional.empty());

    assertThat(look(places, "203.0.113.9"))
        .isEqualTo(new Places.Sight.At(new Place("BR", -23.5, -46.6, 0)));
    assertThat(look(places, "10.2.3.4"))
        .isEqualTo(new Places.Sight.At(Countries.place("CH").orElseThrow()));
    assertThat(look(places, "192.168.1.1")).isEqualTo(new Places.Sight.Nowhere());
    assertThat(look(places, "198.51.100.1")).isEqualTo(new Places.Sight.Nowhere());
  }

  @Test
  void a_table_can_be_made_from_lists_of_addresses() throws Exception {
    var four =
        Files.writeString(
            folder.resolve("four.csv"),
            "1.0.0.0,1.0.0.255,AU\n1.0.1.0,1.0.3.255,CN\n1.0.4.0,1.0.7.255,CN\n1.0.16.0,1.0.31.255,JP\n");
    var six =
        Files.writeString(
            folder.resolve("six.csv"),
            "42540488320432167789079031612388147200,42540488320433376714898646241562853375,JP\n2a00::,2a00:1:ffff:ffff:ffff:ffff:ffff:ffff,DE\n");
    var out = new ByteArrayOutputStream();

    var made = CountryTableMaker.make(List.of(four, six), "a test; CC0", out);

    var table = CountryTable.read(new ByteArrayInputStream(out.toByteArray()));
    assertThat(made.read()).isEqualTo(6);
    assertThat(table.source()).isEqualTo("a test; CC0");
    var expected =
        Map.of(
            "1.0.0.0", "AU",
            "1.0.0.255", "AU",
            "1.0.1.0", "CN",
            "1.0.7.255", "CN",
            "1.0.16.1", "JP",
            "2001:2::1", "JP",
            "2a00:1::5", "DE");
    expected.forEach((asked, country) ->
        assertThat(table.find(address(asked))).as(asked).returns(country, it -> it.country()));
    for (var nobodys : List.of("0.255.255.255", "1.0.8.0", "1.0.15.255", "1.0.32.0", "2a00:2::")) {
      assertThat(table.find(address(nobodys))).as(nobodys).isNull();
    }
  }

  @Test
  void a_list_with_a_line_that_is_none_makes_no_table() throws IOException {
    var list = Files.writeString(folder.resolve("list.csv"), "1.0.0.0,1.0.0.255,AU\nhello\n");

    assertThatThrownBy(
            () -> CountryTableMaker.make(List.of(list), "a test", new ByteArrayOutputStream()))
        .isInstanceOf(CountryTableMaker.Malformed.class)
        .hasMessageContaining("list.csv, line 2");
  }

  // A file of the operator's

  @Test
  void a_file_of_cities_says_more_exactly_where_an_address_is() throws IOException {
    var file = Files.write(folder.resolve("cities.mmdb"), maxMind("DE", 52.5, 13.4));
    var places = new Places(List.of(), Optional.of(file));

    assertThat(look(places, "81.2.69.142"))
        .isEqualTo(new Places.Sight.At(new Place("DE", 52.5, 13.4, 50)));
    assertThat(look(places, "200.147.3.157")).isEqualTo(new Places.Sight.Nowhere());
  }

  @Test
  void a_file_that_was_replaced_is_read_anew_and_a_broken_one_is_not() throws IOException {
    var file = folder.resolve("cities.mmdb");
    Files.write(file, maxMind("DE", 52.5, 13.4));
    var places = new Places(List.of(), Optional.of(file));
    assertThat(look(places, "81.2.69.142")).isInstanceOf(Places.Sight.At.class);

    replace(file, maxMind("FR", 48.9, 2.4), 1);
    places.refresh();
    assertThat(look(places, "81.2.69.142"))
        .isEqualTo(new Places.Sight.At(new Place("FR", 48.9, 2.4, 50)));

    replace(file, "not a database".getBytes(StandardCharsets.UTF_8), 2);
    places.refresh();
    assertThat(look(places, "81.2.69.142"))
        .isEqualTo(new Places.Sight.At(new Place("FR", 48.9, 2.4, 50)));
  }

  /** As one replaces a file that others have open: with another one. */
  private void replace(Path file, byte[] content, int minutes) throws IOException {
    var other = Files.write(folder.resolve("other"), content);
    Files.setLastModifiedTime(other, FileTime.fromMillis(minutes * 60_000L));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void STEP_08_a_database_that_cannot_be_read_is_said_to_be_unavailable() throws IOException {
    var broken = Files.writeString(folder.resolve("broken.mmdb"), "not a database");

    for (var file : List.of(broken, folder.resolve("not there"))) {
      assertThat(look(new Places(List.of(), Optional.of(file)), "81.2.69.142"))
          .isEqualTo(new Places.Sight.Unavailable());
    }
  }

  // A database with one network, 81.0.0.0/8, by the MaxMind DB file format 2.0.

  private static byte[] maxMind(String country, double latitude, double longitude)
      throws IOException {
    var out = new ByteArrayOutputStream();
    int nodes = 8;
    var tree = new DataOutputStream(out);
    int network = 81;
    for (int bit = 0; bit < nodes; bit++) {
      boolean last = bit == nodes - 1;
      int on = last ? nodes + 16 : bit + 1; // The data section begins after 16 bytes of zeros.
      boolean one = (network >> (7 - bit) & 1) == 1;
      record24(tree, one ? nodes : on);
      record24(tree, one ? on : nodes);
    }
    out.write(new byte[16]);
    var entry = new TreeMap<String, Object>();
    entry.put("country", new TreeMap<>(Map.of("iso_code", country)));
    entry.put("location", new TreeMap<>(Map.of("latitude", latitude, "longitude", longitude)));
    value(out, entry);
    out.write(new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0xef});
    out.write("MaxMind.com".getBytes(StandardCharsets.UTF_8));
    var about = new TreeMap<String, Object>();
    about.put("binary_format_major_version", 2);
    about.put("binary_format_minor_version", 0);
    about.put("build_epoch", BigInteger.ONE);
    about.put("database_type", "Test-City");
    about.put("ip_version", 4);
    about.put("node_count", (long) nodes);
    about.put("record_size", 24);
    about.put("languages", List.of());
    about.put("description", new TreeMap<String, Object>());
    value(out, about);
    return out.toByteArray();
  }

  private static void record24(DataOutputStream out, int value) throws IOException {
    out.writeByte(value >> 16);
    out.writeByte(value >> 8);
    out.writeByte(value);
  }

  private static void value(ByteArrayOutputStream out, Object value) throws IOException {
    switch (value) {
      case String text -> {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(2 << 5 | bytes.length);
        out.write(bytes);
      }
      case Double number -> {
        out.write(3 << 5 | 8);
        new DataOutputStream(out).writeDouble(number);
      }
      case Integer number -> {
        out.write(5 << 5 | 2);
        new DataOutputStream(out).writeShort(number);
      }
      case Long number -> {
        out.write(6 << 5 | 4);
        new DataOutputStream(out).writeInt((int) (long) number);
      }
      case BigInteger number -> {
        out.writeBytes(new byte[] {8, 9 - 7});
        new DataOutputStream(out).writeLong(number.longValue());
      }
      case List<?> _ -> out.writeBytes(new byte[] {0, 11 - 7});
      case Map<?, ?> map -> {
        out.write(7 << 5 | map.size());
        for (var each : map.entrySet()) {
          value(out, each.getKey());
          value(out, each.getValue());
        }
      }
      default -> throw new IllegalArgumentException(Arrays.toString(new Object[] {value}));
    }
  }
}
