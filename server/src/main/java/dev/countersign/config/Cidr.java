package dev.countersign.config;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A block of network addresses. Host names are never looked up.
 *
 * @param base the first address of the block
 * @param prefix how many leading bits all addresses of the block share
 */
public record Cidr(InetAddress base, int prefix) {
  private static final Pattern LITERAL =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /** Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or one address; empty when it is none or has host bits set. */
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    if (!LITERAL.matcher(literal).matches()) {
      return Optional.empty();
    }
    InetAddress base;
    try {
      base = InetAddress.ofLiteral(literal);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    int bits = base.getAddress().length * 8;
    int prefix = bits;
    if (slash >= 0) {
      String length = text.substring(slash + 1);
      if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > bits) {
        return Optional.empty();
      }
      prefix = Integer.parseInt(length);
    }
    byte[] address = base.getAddress();
    for (int bit = prefix; bit < bits; bit++) {
      if (bitOf(address, bit)) {
        return Optional.empty();
      }
    }
    return Optional.of(new Cidr(base, prefix));
  }

  /** Whether the address lies in this block. IPv4 never lies in an IPv6 block, nor the other way round. */
  public boolean contains(InetAddress address) {
    byte[] mine = base.getAddress();
    byte[] theirs = address.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      if (bitOf(mine, bit) != bitOf(theirs, bit)) {
        return false;
      }
    }
    return true;
  }

  private static boolean bitOf(byte[] address, int bit) {
    return ((address[bit / 8] >> (7 - bit % 8)) & 1) == 1;
  }

  @Override
  public String toString() {
    return base.getHostAddress() + "/" + prefix;
  }
}
