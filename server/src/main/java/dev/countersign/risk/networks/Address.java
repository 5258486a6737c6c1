package dev.countersign.risk.networks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A network address as a number: of IPv4 32 bits in {@code low}, of IPv6 its two halves. An IPv4 address that is written as
 * IPv6 ({@code ::ffff:192.0.2.1}, RFC 4291 section 2.5.5.2) is the IPv4 address.
 */
public record Address(boolean six, long high, long low) implements Comparable<Address> {
  private static final int LONGEST = 45;

  /** Reads a literal; names are never looked up. Empty when it is no address. */
  public static Optional<Address> parse(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return Optional.empty();
    }
    return text.indexOf(':') < 0 ? four(text) : six(text);
  }

  private static Optional<Address> four(String text) {
    long value = 0;
    int parts = 0;
    int part = 0;
    int digits = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '.';
      if (c >= '0' && c <= '9' && digits < 3) {
        part = part * 10 + (c - '0');
        digits++;
      } else if (c == '.' && digits > 0 && part < 256) {
        value = value << 8 | part;
        parts++;
        part = 0;
        digits = 0;
      } else {
        return Optional.empty();
      }
    }
    return parts == 4 ? Optional.of(new Address(false, 0, value)) : Optional.empty();
  }

  private static Optional<Address> six(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(of(InetAddress.ofLiteral(text)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  public static Address of(InetAddress address) {
    var bytes = address.getAddress();
    if (bytes.length == 4) {
      return new Address(false, 0, number(bytes, 0, 4));
    }
    return new Address(true, number(bytes, 0, 8), number(bytes, 8, 8));
  }

  private static long number(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }

  int bits() {
    return six ? 128 : 32;
  }

  /** The first address of the network of this address that has so long a prefix. */
  Address first(int prefix) {
    return six
        ? new Address(true, high & mask(prefix), low & mask(prefix - 64))
        : new Address(false, 0, low & mask(prefix + 32) & 0xffff_ffffL);
  }

  /** The last one. */
  Address last(int prefix) {
    return six
        ? new Address(true, high | ~mask(prefix), low | ~mask(prefix - 64))
        : new Address(false, 0, (low | ~mask(prefix + 32)) & 0xffff_ffffL);
  }

  /** The leading bits of a long. */
  private static long mask(int bits) {
    return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
  }

  /**
   * Whether it belongs to somebody's own network rather than to the world's (RFC 1918, RFC 6598, RFC 4193, and what never
   * leaves a link or a machine). Addresses for documents are none of these.
   */
  public boolean isPrivate() {
    if (six) {
      return (high & 0xfe00_0000_0000_0000L) == 0xfc00_0000_0000_0000L
          || (high & 0xffc0_0000_0000_0000L) == 0xfe80_0000_0000_0000L
          || (high == 0 && (low == 0 || low == 1));
    }
    int a = (int) (low >> 24);
    int b = (int) (low >> 16) & 0xff;
    return a == 0
        || a == 10
        || a == 127
        || (a == 100 && (b & 0xc0) == 64)
        || (a == 169 && b == 254)
        || (a == 172 && (b & 0xf0) == 16)
        || (a == 192 && b == 168);
  }

  /** Whether it stands in documents only and is given to nobody (RFC 5737, RFC 3849). */
  public boolean isForDocuments() {
    if (six) {
      return high >>> 32 == 0x2001_0db8L;
    }
    return low >> 8 == 0xc0_0002L || low >> 8 == 0xc6_3364L || low >> 8 == 0xcb_0071L;
  }

  /** The one after this; the very last one has none but itself. */
  Address next() {
    if (!six) {
      return low == 0xffff_ffffL ? this : new Address(false, 0, low + 1);
    }
    return low != -1L
        ? new Address(true, high, low + 1)
        : high == -1L ? this : new Address(true, high + 1, 0);
  }

  /** As it is usually written. */
  @Override
  public String toString() {
    return inet().getHostAddress();
  }

  public InetAddress inet() {
    var bytes = new byte[six ? 16 : 4];
    for (int i = 0; i < bytes.length; i++) {
      int fromEnd = bytes.length - 1 - i;
      bytes[i] = (byte) ((fromEnd >= 8 ? high : low) >>> (8 * (fromEnd % 8)));
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four or sixteen bytes are an address", e);
    }
  }

  /** IPv4 before IPv6, then by number. */
  @Override
  public int compareTo(Address other) {
    if (six != other.six) {
      return six ? 1 : -1;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }
}
