package dev.countersign.risk.lists;

import dev.countersign.outbound.Outbound;
import dev.countersign.outbound.Outcome;
import dev.countersign.risk.networks.Networks;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Gets a list of addresses from elsewhere and reads it. */
final class Fetch {
  static final Duration MOST = Duration.ofSeconds(20);
  private static final int LARGEST = 8 << 20;

  private Fetch() {}

  /** What came of it. */
  sealed interface Result {
    record Good(Networks.Reading reading) implements Result {}

    /** {@code why} in one word, such as {@code status_404}. */
    record Bad(String why) implements Result {}
  }

  /** What is no list, such as a page that says that the list has moved, counts as none. */
  static Result from(Outbound outbound, URI url, Map<String, String> headers) {
    return switch (outbound.get(url, headers, MOST, LARGEST)) {
      case Outcome.Unanswered(var why) -> new Result.Bad(why.word());
      case Outcome.Answered(var status, var _) when status != 200 ->
          new Result.Bad("status_" + status);
      case Outcome.Answered(var _, var text) ->
          Networks.read(text, Lists.MOST_FETCHED)
              .<Result>map(it ->
                  it.entries() == 0 || it.skipped() > it.entries()
                      ? new Result.Bad("no_list")
                      : new Result.Good(it))
              .orElseGet(() -> new Result.Bad("too_many_entries"));
    };
  }
}
