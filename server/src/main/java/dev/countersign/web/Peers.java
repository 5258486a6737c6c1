package dev.countersign.web;

import dev.countersign.config.Cidr;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Whose word on the caller's address counts. Only a connection from a configured proxy may name another address, in
 * {@code X-Forwarded-For}, read from the right to the first address that is not a proxy of ours. Thread-safe.
 */
public final class Peers {
  private final List<Cidr> proxies;

  public Peers(List<Cidr> proxies) {
    this.proxies = List.copyOf(proxies);
  }

  /** The address of the person's device. */
  public String address(InetAddress peer, List<String> forwardedFor) {
    if (!isProxy(peer)) {
      return text(peer);
    }
    var hops = String.join(",", forwardedFor).split(",", -1);
    for (int i = hops.length - 1; i >= 0 && i >= hops.length - 20; i--) {
      var hop = literal(hops[i].strip());
      if (hop.isEmpty()) {
        return text(peer); // Not an address: nothing to the left of it can be believed.
      }
      if (!isProxy(hop.get())) {
        return text(hop.get());
      }
    }
    return text(peer);
  }

  private boolean isProxy(InetAddress address) {
    return proxies.stream().anyMatch(block -> block.contains(address));
  }

  private static String text(InetAddress address) {
    var text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  /** Reads an address literal without ever asking a name server. */
  static Optional<InetAddress> literal(String text) {
    var bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    if (bare.isEmpty()
        || bare.length() > 45
        || !bare.matches("[0-9a-fA-F.:]+")
        || (bare.indexOf(':') < 0 && !bare.matches("(\\d{1,3}\\.){3}\\d{1,3}"))) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(bare));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
