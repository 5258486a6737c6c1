package dev.countersign.enforcement;

import dev.countersign.config.Cidr;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/**
 * A block of addresses as a policy names it, such as {@code 203.0.113.0/24}.
 *
 * @param text as it was written
 */
public record Network(String text) implements Comparable<Network> {
  public Network {
    if (Cidr.parse(text).isEmpty()) {
      throw new IllegalArgumentException("no block of addresses: " + text);
    }
  }

  /** Empty when the text is no block, or has bits set behind its prefix. */
  public static Optional<Network> parse(String text) {
    return Cidr.parse(text).map(_ -> new Network(text));
  }

  /** Its first address. */
  String first() {
    return Cidr.parse(text).orElseThrow().base().getHostAddress();
  }

  static boolean anyContains(Set<Network> networks, String address) {
    InetAddress parsed;
    try {
      parsed = InetAddress.ofLiteral(address);
    } catch (IllegalArgumentException _) {
      return false; // An address that is not known.
    }
    return networks.stream().anyMatch(it -> Cidr.parse(it.text).orElseThrow().contains(parsed));
  }

  @Override
  public int compareTo(Network other) {
    return text.compareTo(other.text);
  }
}
