package dev.countersign.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.config.Cidr;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Peers that cannot be arranged on one machine. */
class PeersTest {
  private static final Peers PEERS =
      new Peers(
          Stream.of("10.0.0.0/8", "fd00:1::/32", "fe80::/10")
              .map(it -> Cidr.parse(it).orElseThrow())
              .toList());

  private static String address(String peer, String... claims) {
    return PEERS.address(InetAddress.ofLiteral(peer), List.of(claims));
  }

  @Test
  void AUD_06_a_peer_is_recorded_in_one_spelling_and_without_its_zone()
      throws UnknownHostException {
    var linkLocal = InetAddress.ofLiteral("fe80::9").getAddress();

    assertThat(address("2001:DB8::9")).isEqualTo("2001:db8:0:0:0:0:0:9");
    assertThat(address("::ffff:192.0.2.7")).isEqualTo("192.0.2.7");
    assertThat(address("::1")).isEqualTo("0:0:0:0:0:0:0:1");
    assertThat(PEERS.address(Inet6Address.getByAddress(null, linkLocal, 7), List.of()))
        .as("on the seventh network of the machine")
        .isEqualTo("fe80:0:0:0:0:0:0:9");
  }

  @Test
  void AUD_06_a_proxy_is_known_by_its_address_however_it_connects() throws UnknownHostException {
    var linkLocal = InetAddress.ofLiteral("fe80::9").getAddress();

    assertThat(address("10.1.2.3", "192.0.2.7")).isEqualTo("192.0.2.7");
    assertThat(address("::ffff:10.1.2.3", "192.0.2.7")).isEqualTo("192.0.2.7");
    assertThat(address("fd00:1::2", "2001:db8::9, fd00:1::3")).isEqualTo("2001:db8:0:0:0:0:0:9");
    assertThat(PEERS.address(Inet6Address.getByAddress(null, linkLocal, 7), List.of("192.0.2.7")))
        .as("by way of a zone")
        .isEqualTo("192.0.2.7");
    assertThat(address("fd00:2::2", "192.0.2.7"))
        .as("next to the proxies")
        .isEqualTo("fd00:2:0:0:0:0:0:2");
    assertThat(address("::a01:203", "192.0.2.7"))
        .as("an IPv6 address that only ends like a proxy's")
        .isEqualTo("0:0:0:0:0:0:a01:203");
  }
}
