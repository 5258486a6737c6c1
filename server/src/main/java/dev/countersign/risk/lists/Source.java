package dev.countersign.risk.lists;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where a list of addresses comes from, and what is usual with it. */
public enum Source {
  /** Written down here. */
  OWN("Block list", "", 80, Duration.ZERO),
  /** Networks that nobody should hear from: attacks, malware, spyware. */
  FIREHOL(
      "FireHOL level 1",
      "https://raw.githubusercontent.com/firehol/blocklist-ipsets/master/firehol_level1.netset",
      30,
      Duration.ofHours(12)),
  /** The ways out of Tor. */
  TOR("Tor exits", "https://check.torproject.org/torbulkexitlist", 20, Duration.ofHours(1)),
  /** Addresses that were reported to AbuseIPDB; it wants an account's key in the header {@code Key}. */
  ABUSEIPDB(
      "AbuseIPDB",
      "https://api.abuseipdb.com/api/v2/blacklist?limit=10000&plaintext",
      15,
      Duration.ofHours(24)),
  /** Any text with an address or a network on each line. */
  CUSTOM("Custom feed", "", 25, Duration.ofHours(6));

  private final String title;
  private final String url;
  private final int weight;
  private final Duration cadence;

  Source(String title, String url, int weight, Duration cadence) {
    this.title = title;
    this.url = url;
    this.weight = weight;
    this.cadence = cadence;
  }

  /** By what it is called where nobody gave it a name. */
  public String title() {
    return title;
  }

  /** Empty where there is no usual one. */
  public Optional<URI> url() {
    return url.isEmpty() ? Optional.empty() : Optional.of(URI.create(url));
  }

  public int weight() {
    return weight;
  }

  /** How often it is fetched. */
  public Duration cadence() {
    return cadence;
  }

  public boolean isFetched() {
    return this != OWN;
  }

  public boolean isAnonymiser() {
    return this == TOR;
  }

  /** Its name in the API and in configuration. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Source> of(String word) {
    return Arrays.stream(values()).filter(it -> it.word().equals(word)).findFirst();
  }
}
