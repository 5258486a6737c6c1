package dev.countersign.risk.places;

import dev.countersign.risk.networks.Address;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes the file of a table of countries from lists of addresses: lines of first address, last address and ISO 3166-1 code
 * with commas between, addresses as text or as whole numbers, such as the project ip-location-db publishes.
 */
public final class CountryTableMaker {
  private static final byte NO_COUNTRY = 0;

  private CountryTableMaker() {}

  /** A line that is none, by its number in its file. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(Path file, int line) {
      super(file.getFileName() + ", line " + line + ": not first address, last address, country");
    }
  }

  /**
   * What was made.
   *
   * @param read how many lines there were
   * @param kept how many are left, where neighbours of one country are one
   */
  public record Made(int read, int kept) {}

  private record Stretch(long first, long last, String country) {}

  /**
   * Reads lists of addresses and writes the file of a table.
   *
   * @param source where the lists come from, of when, and under which licence; one line
   */
  public static Made make(List<Path> lists, String source, OutputStream to)
      throws IOException, Malformed {
    List<Stretch> four = new ArrayList<>();
    List<Stretch> six = new ArrayList<>();
    for (var list : lists) {
      read(list, four, six);
    }
    var codes = new TreeSet<String>();
    four.forEach(it -> codes.add(it.country()));
    six.forEach(it -> codes.add(it.country()));
    if (codes.size() > 255) {
      throw new IOException("more countries than there are");
    }
    var numbered = new ArrayList<>(codes);
    var lines4 = lines(four, numbered);
    var lines6 = lines(six, numbered);
    CountryTable.write(to, source, String.join("", codes), lines4, lines6);
    return new Made(four.size() + six.size(), lines4.starts().length + lines6.starts().length);
  }

  private static void read(Path list, List<Stretch> four, List<Stretch> six)
      throws IOException, Malformed {
    try (var reader = Files.newBufferedReader(list)) {
      int number = 0;
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        var parts = line.strip().split("\\s*,\\s*", -1);
        if (parts.length != 3 || !parts[2].matches("[A-Z]{2}")) {
          throw new Malformed(list, number);
        }
        var first = address(parts[0]);
        var last = address(parts[1]);
        if (first == null || last == null || first.six() != last.six()) {
          throw new Malformed(list, number);
        }
        if (first.six()) {
          six.add(new Stretch(first.high(), last.high(), parts[2]));
        } else {
          four.add(new Stretch(first.low(), last.low(), parts[2]));
        }
      }
    }
  }

  private static @Nullable Address address(String text) {
    if (!text.matches("[0-9]{1,39}")) {
      return Address.parse(text).orElse(null);
    }
    if (text.length() <= 10) {
      long number = Long.parseLong(text);
      return number <= 0xffff_ffffL ? new Address(false, 0, number) : null;
    }
    var number = new BigInteger(text);
    return number.bitLength() > 128
        ? null
        : new Address(true, number.shiftRight(64).longValue(), number.longValue());
  }

  /**
   * Where the next country begins. Of what overlaps the first counts; of an IPv6 network that is smaller than a first half,
   * all of that half is its country's.
   */
  private static CountryTable.Lines lines(List<Stretch> stretches, List<String> countries) {
    stretches.sort(Comparator.comparingLong(Stretch::first).thenComparingLong(Stretch::last));
    var starts = new long[2 * stretches.size() + 1];
    var numbers = new byte[starts.length];
    int count = 0;
    long next = 0; // the first address after what was read so far
    long current = NO_COUNTRY;
    for (var stretch : stretches) {
      long first = Math.max(stretch.first(), next);
      if (stretch.last() < first) {
        continue;
      }
      if (first > next && current != NO_COUNTRY) {
        starts[count] = next;
        numbers[count++] = NO_COUNTRY;
        current = NO_COUNTRY;
      }
      int number = countries.indexOf(stretch.country()) + 1;
      if (number != current) {
        starts[count] = first;
        numbers[count++] = (byte) number;
        current = number;
      }
      next = stretch.last() + 1;
    }
    if (current != NO_COUNTRY) {
      starts[count] = next;
      numbers[count++] = NO_COUNTRY;
    }
    return new CountryTable.Lines(Arrays.copyOf(starts, count), Arrays.copyOf(numbers, count));
  }
}
