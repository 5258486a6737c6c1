package dev.countersign.risk.lists;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A list of addresses of a tenant's.
 *
 * @param url where it is fetched from; null of one that is written down here
 * @param header what is sent along when it is fetched; empty with most
 * @param weight what standing on it counts, of 100
 * @param anonymiser whether it lists ways out of a network that hides where people are
 * @param cadence how often it is fetched
 */
public record AddressList(
    String id,
    String name,
    Source source,
    @Nullable URI url,
    Optional<Header> header,
    int weight,
    boolean anonymiser,
    Duration cadence,
    Standing standing,
    Moment createdAt) {

  /** A header with a key to the feed. */
  public record Header(String name, Secret value) {}

  /** How it is with a list. */
  public enum State {
    /** Added, and not fetched yet. */
    PENDING,
    ACTIVE,
    /** Three fetches in a row failed. What the last good one brought still counts, and every sign-in says that this may be old. */
    ERROR,
    /** Neither fetched nor looked at. */
    PAUSED
  }

  /**
   * How a list stands.
   *
   * @param entries how many lines with an address or a network it has
   * @param failures how many fetches failed since the last good one
   * @param error why the last fetch failed; empty when it did not
   * @param fetchedAt when it was last fetched well; null before that
   * @param contentDigest by which what it holds is told apart; empty while it holds nothing
   */
  public record Standing(
      State state,
      long entries,
      long failures,
      String error,
      @Nullable Moment fetchedAt,
      String contentDigest) {
    public static final Standing NEW = new Standing(State.PENDING, 0, 0, "", null, "");
  }

  Listing listing() {
    return new Listing(name, weight, anonymiser);
  }

  AddressList standing(Standing changed) {
    return new AddressList(
        id, name, source, url, header, weight, anonymiser, cadence, changed, createdAt);
  }

  // What is sealed in the database.

  private record Document(
      String name,
      String source,
      String url,
      String header,
      String headerValue,
      int weight,
      boolean anonymiser,
      long cadence) {}

  Secret document() {
    return Secret.of(
        Json.write(
            new Document(
                name,
                source.word(),
                url == null ? "" : url.toString(),
                header.map(Header::name).orElse(""),
                header.map(it -> it.value().reveal()).orElse(""),
                weight,
                anonymiser,
                cadence.toSeconds())));
  }

  static AddressList read(String id, Secret document, Standing standing, Moment createdAt) {
    var it = Json.read(document.reveal(), Document.class);
    return new AddressList(
        id,
        it.name(),
        Source.of(it.source()).orElseThrow(),
        it.url().isEmpty() ? null : URI.create(it.url()),
        it.header().isEmpty()
            ? Optional.empty()
            : Optional.of(new Header(it.header(), Secret.of(it.headerValue()))),
        it.weight(),
        it.anonymiser(),
        Duration.ofSeconds(it.cadence()),
        standing,
        createdAt);
  }
}
