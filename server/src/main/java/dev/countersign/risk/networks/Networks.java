package dev.countersign.risk.networks;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Any number of addresses and networks, as sorted ranges that do not touch: 8 bytes for one of IPv4, 32 for one of IPv6.
 * Immutable.
 */
public final class Networks {
  public static final Networks NONE = new Networks(new int[0], new int[0], new long[0]);

  /** The shortest prefixes that a list from elsewhere may have: one slip must not name half the world. */
  private static final int WIDEST_FOUR = 8;

  private static final int WIDEST_SIX = 16;

  // Of IPv4 turned by the sign bit, so that they sort as signed numbers.
  private final int[] starts4;
  private final int[] ends4;

  /** Of IPv6: the halves of the first, then those of the last address. */
  private final long[] ranges6;

  private Networks(int[] starts4, int[] ends4, long[] ranges6) {
    this.starts4 = starts4;
    this.ends4 = ends4;
    this.ranges6 = ranges6;
  }

  /** Addresses from {@code first} to {@code last}, both included and of one kind. */
  public record Range(Address first, Address last) {
    /** An address, a network such as {@code 192.0.2.0/24}, or two addresses with a hyphen between. */
    public static Optional<Range> parse(String text) {
      int hyphen = text.indexOf('-');
      if (hyphen >= 0) {
        var first = Address.parse(text.substring(0, hyphen).strip());
        var last = Address.parse(text.substring(hyphen + 1).strip());
        return first.isPresent()
                && last.isPresent()
                && first.get().six() == last.get().six()
                && first.get().compareTo(last.get()) <= 0
            ? Optional.of(new Range(first.get(), last.get()))
            : Optional.empty();
      }
      int slash = text.indexOf('/');
      return Address.parse(slash < 0 ? text : text.substring(0, slash))
          .flatMap(it ->
              slash < 0 ? Optional.of(new Range(it, it)) : network(it, text.substring(slash + 1)));
    }

    private static Optional<Range> network(Address address, String length) {
      if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > address.bits()) {
        return Optional.empty();
      }
      int prefix = Integer.parseInt(length);
      return Optional.of(new Range(address.first(prefix), address.last(prefix)));
    }

    public boolean contains(Address address) {
      return address.six() == first.six()
          && first.compareTo(address) <= 0
          && address.compareTo(last) <= 0;
    }

    /** Whether it is so wide that it can only be a slip. */
    boolean isHuge() {
      return first.six()
          ? first.first(WIDEST_SIX).compareTo(last.first(WIDEST_SIX)) != 0
          : first.first(WIDEST_FOUR).compareTo(last.first(WIDEST_FOUR)) != 0;
    }
  }

  /**
   * What a text held.
   *
   * @param entries how many lines named an address or a network
   * @param skipped how many lines with something on them did not, or named far too much
   */
  public record Reading(Networks networks, int entries, int skipped) {
    public static final Reading NOTHING = new Reading(NONE, 0, 0);
  }

  /**
   * Reads a text with one entry a line, as lists of addresses are published: what follows a blank, a comma, a {@code #} or a
   * {@code ;} is a remark. Nothing when it names more than {@code most}.
   */
  public static Optional<Reading> read(String text, int most) {
    List<Range> ranges = new ArrayList<>();
    int skipped = 0;
    for (var line : (Iterable<String>) text.lines()::iterator) {
      var entry = entry(line);
      if (entry.isEmpty()) {
        continue;
      }
      var range = Range.parse(entry).filter(it -> !it.isHuge());
      if (range.isPresent()) {
        ranges.add(range.get());
      } else {
        skipped++;
      }
      if (ranges.size() > most) {
        return Optional.empty();
      }
    }
    return Optional.of(new Reading(of(ranges), ranges.size(), skipped));
  }

  private static String entry(String line) {
    int end = 0;
    var from = line.strip();
    while (end < from.length() && " \t,;#".indexOf(from.charAt(end)) < 0) {
      end++;
    }
    return from.substring(0, end);
  }

  /** These together. */
  public static Networks of(List<Range> ranges) {
    var sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparing(Range::first).thenComparing(Range::last));
    List<Range> merged = new ArrayList<>();
    for (var range : sorted) {
      var before = merged.isEmpty() ? null : merged.getLast();
      if (before == null
          || before.last().six() != range.first().six()
          || range.first().compareTo(before.last().next()) > 0) {
        merged.add(range);
      } else if (range.last().compareTo(before.last()) > 0) {
        merged.set(merged.size() - 1, new Range(before.first(), range.last()));
      }
    }
    int four = (int) merged.stream().filter(it -> !it.first().six()).count();
    var starts = new int[four];
    var ends = new int[four];
    var six = new long[4 * (merged.size() - four)];
    for (int i = 0; i < merged.size(); i++) {
      var range = merged.get(i);
      if (i < four) {
        starts[i] = turned(range.first());
        ends[i] = turned(range.last());
      } else {
        int at = 4 * (i - four);
        six[at] = range.first().high();
        six[at + 1] = range.first().low();
        six[at + 2] = range.last().high();
        six[at + 3] = range.last().low();
      }
    }
    return new Networks(starts, ends, six);
  }

  private static int turned(Address four) {
    return (int) four.low() ^ Integer.MIN_VALUE;
  }

  public boolean contain(Address address) {
    return address.six() ? contain6(address) : contain4(turned(address));
  }

  private boolean contain4(int wanted) {
    int from = 0;
    int to = starts4.length - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      if (starts4[middle] > wanted) {
        to = middle - 1;
      } else if (ends4[middle] < wanted) {
        from = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  private boolean contain6(Address wanted) {
    int from = 0;
    int to = ranges6.length / 4 - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      int at = 4 * middle;
      if (compare(ranges6[at], ranges6[at + 1], wanted) > 0) {
        to = middle - 1;
      } else if (compare(ranges6[at + 2], ranges6[at + 3], wanted) < 0) {
        from = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  private static int compare(long high, long low, Address with) {
    int byHigh = Long.compareUnsigned(high, with.high());
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, with.low());
  }

  /** How many ranges there are. */
  public int size() {
    return starts4.length + ranges6.length / 4;
  }

  /** Each range as text: a network where it is one, or else its first and last address. */
  public List<String> texts() {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < starts4.length; i++) {
      out.add(
          text(
              new Address(false, 0, (starts4[i] ^ Integer.MIN_VALUE) & 0xffff_ffffL),
              new Address(false, 0, (ends4[i] ^ Integer.MIN_VALUE) & 0xffff_ffffL)));
    }
    for (int at = 0; at < ranges6.length; at += 4) {
      out.add(
          text(
              new Address(true, ranges6[at], ranges6[at + 1]),
              new Address(true, ranges6[at + 2], ranges6[at + 3])));
    }
    return out;
  }

  private static String text(Address first, Address last) {
    if (first.equals(last)) {
      return first.toString();
    }
    for (int prefix = 0; prefix < first.bits(); prefix++) {
      if (first.first(prefix).equals(first) && first.last(prefix).equals(last)) {
        return first + "/" + prefix;
      }
    }
    return first + "-" + last;
  }

  /** As they are stored. */
  public byte[] bytes() {
    var out = new ByteArrayOutputStream();
    try (var writing = new DataOutputStream(new DeflaterOutputStream(out))) {
      writing.writeInt(starts4.length);
      writing.writeInt(ranges6.length);
      for (int i = 0; i < starts4.length; i++) {
        writing.writeInt(starts4[i]);
        writing.writeInt(ends4[i]);
      }
      for (long each : ranges6) {
        writing.writeLong(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** What {@link #bytes} wrote. */
  public static Networks ofBytes(byte[] bytes) {
    try (var reading =
        new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(bytes)))) {
      var starts = new int[reading.readInt()];
      var ends = new int[starts.length];
      var six = new long[reading.readInt()];
      for (int i = 0; i < starts.length; i++) {
        starts[i] = reading.readInt();
        ends[i] = reading.readInt();
      }
      for (int i = 0; i < six.length; i++) {
        six[i] = reading.readLong();
      }
      return new Networks(starts, ends, six);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
