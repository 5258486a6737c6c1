package dev.countersign.risk.places;

import dev.countersign.risk.networks.Address;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Which country's an address is: a sorted table of where the next country begins, one of IPv4 addresses and one of the first
 * halves of IPv6 addresses. About 4 MB in memory for all the world. Immutable.
 *
 * <p>Its file begins with a line of its own and one that says where it comes from. The rest is deflated: the codes of
 * countries; then for each of the two tables how many lines it has, how many trailing zero bits each step from one beginning to the next has,
 * what is left of each step in groups of seven bits, and each line's country by its number, from 1 on, or 0 for none.
 */
final class CountryTable implements Atlas {
  private static final String FIRST_LINE = "countersign places 1\n";
  private static final int MOST_LINES = 20_000_000;

  private final String source;
  private final @Nullable Place[] places;

  // Turned by the sign bit, so that they sort as signed numbers.
  private final int[] starts4;
  private final byte[] countries4;
  private final long[] starts6;
  private final byte[] countries6;

  private CountryTable(
      String source,
      @Nullable Place[] places,
      int[] starts4,
      byte[] countries4,
      long[] starts6,
      byte[] countries6) {
    this.source = source;
    this.places = places;
    this.starts4 = starts4;
    this.countries4 = countries4;
    this.starts6 = starts6;
    this.countries6 = countries6;
  }

  /** The lines of one of the tables: where each begins, and the number of its country. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Lines(long[] starts, byte[] countries) {}

  static boolean isOne(byte[] beginning) {
    var first = FIRST_LINE.getBytes(StandardCharsets.US_ASCII);
    return Arrays.equals(
        first, 0, first.length, beginning, 0, Math.min(first.length, beginning.length));
  }

  static CountryTable read(InputStream from) throws IOException {
    var in = new BufferedInputStream(from);
    if (!FIRST_LINE.equals(line(in))) {
      throw new IOException("not a table of countries");
    }
    var source = line(in).strip();
    var data = new DataInputStream(new BufferedInputStream(new InflaterInputStream(in)));
    var places = new @Nullable Place[data.readUnsignedByte() + 1];
    places[0] = null;
    for (int i = 1; i < places.length; i++) {
      var code = new String(data.readNBytes(2), StandardCharsets.US_ASCII);
      places[i] = Countries.place(code).orElse(null);
    }
    var four = lines(data, places.length);
    var six = lines(data, places.length);
    var starts4 = new int[four.starts().length];
    for (int i = 0; i < starts4.length; i++) {
      starts4[i] = (int) four.starts()[i] ^ Integer.MIN_VALUE;
    }
    var starts6 = new long[six.starts().length];
    for (int i = 0; i < starts6.length; i++) {
      starts6[i] = six.starts()[i] ^ Long.MIN_VALUE;
    }
    return new CountryTable(source, places, starts4, four.countries(), starts6, six.countries());
  }

  private static String line(InputStream in) throws IOException {
    var out = new StringBuilder();
    int c;
    do {
      c = in.read();
      if (c < 0 || out.length() > 1_000) {
        throw new IOException("not a table of countries");
      }
      out.append((char) c);
    } while (c != '\n');
    return out.toString();
  }

  private static Lines lines(DataInputStream data, int countries) throws IOException {
    int count = data.readInt();
    if (count < 0 || count > MOST_LINES) {
      throw new IOException("a table of " + count + " lines");
    }
    var zeros = data.readNBytes(count);
    var starts = new long[count];
    long at = 0;
    for (int i = 0; i < zeros.length; i++) {
      at += number(data) << zeros[i];
      starts[i] = at;
    }
    var numbers = data.readNBytes(count);
    if (numbers.length < count) {
      throw new IOException("a table that breaks off");
    }
    for (byte number : numbers) {
      if ((number & 0xff) >= countries) {
        throw new IOException("a country without a code");
      }
    }
    return new Lines(starts, numbers);
  }

  private static long number(DataInputStream data) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = data.readUnsignedByte();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new IOException("a number without an end");
  }

  /** Writes the file of a table. */
  static void write(OutputStream to, String source, String codes, Lines four, Lines six)
      throws IOException {
    to.write(FIRST_LINE.getBytes(StandardCharsets.US_ASCII));
    to.write((source + "\n").getBytes(StandardCharsets.US_ASCII));
    var deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try (var out = new DataOutputStream(new DeflaterOutputStream(to, deflater))) {
      out.writeByte(codes.length() / 2);
      out.write(codes.getBytes(StandardCharsets.US_ASCII));
      write(out, four);
      write(out, six);
    } finally {
      deflater.end();
    }
  }

  private static void write(DataOutputStream out, Lines lines) throws IOException {
    out.writeInt(lines.starts().length);
    long before = 0;
    for (long start : lines.starts()) {
      out.writeByte(zeros(start - before));
      before = start;
    }
    before = 0;
    for (long start : lines.starts()) {
      long left = (start - before) >>> zeros(start - before);
      while (left >= 0x80) {
        out.writeByte((int) (left & 0x7f) | 0x80);
        left >>>= 7;
      }
      out.writeByte((int) left);
      before = start;
    }
    out.write(lines.countries());
  }

  private static int zeros(long step) {
    return step == 0 ? 0 : Long.numberOfTrailingZeros(step);
  }

  /** Where it comes from, and of when. */
  String source() {
    return source;
  }

  int lines() {
    return starts4.length + starts6.length;
  }

  @Override
  public @Nullable Place find(Address address) {
    int line;
    if (address.six()) {
      int at = Arrays.binarySearch(starts6, address.high() ^ Long.MIN_VALUE);
      line = at >= 0 ? at : -at - 2;
      return line < 0 ? null : places[countries6[line] & 0xff];
    }
    int at = Arrays.binarySearch(starts4, (int) address.low() ^ Integer.MIN_VALUE);
    line = at >= 0 ? at : -at - 2;
    return line < 0 ? null : places[countries4[line] & 0xff];
  }
}
