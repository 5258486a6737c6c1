package dev.countersign.risk.lists;

import dev.countersign.config.Cidr;
import dev.countersign.config.Feed;
import dev.countersign.kernel.Moment;
import dev.countersign.outbound.Outbound;
import dev.countersign.risk.networks.Networks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lists that the operator names in the configuration, for all tenants. Each server fetches them for itself and keeps
 * them in memory only. Thread-safe.
 */
public final class OperatorLists {
  private static final System.Logger LOG = System.getLogger(OperatorLists.class.getName());

  /** What standing on the operator's own list counts. */
  private static final int WEIGHT = 100;

  private static final Moment AT_ONCE = new Moment(0);

  private final List<Lists.Held> own;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile List<State> feeds;
  private volatile List<Lists.Held> held;

  private record State(Feed feed, Networks networks, long failures, Moment nextFetchAt) {
    Source source() {
      return Source.of(feed.source()).orElse(Source.CUSTOM);
    }

    Lists.Held held() {
      var name = source() == Source.CUSTOM ? feed.url().getHost() : source().title();
      return new Lists.Held(
          new Listing(name, source().weight(), source().isAnonymiser()),
          networks,
          true,
          failures >= Feeds.ERRORS);
    }
  }

  /**
   * Lists of the operator's.
   *
   * @param blocked networks that are not to be let in
   */
  public OperatorLists(List<Cidr> blocked, List<Feed> feeds) {
    this.own =
        blocked.isEmpty()
            ? List.of()
            : List.of(
                new Lists.Held(
                    new Listing(Source.OWN.title(), WEIGHT, false),
                    Networks.of(
                        blocked.stream()
                            .map(it -> Networks.Range.parse(it.toString()).orElseThrow())
                            .toList()),
                    false,
                    false));
    this.feeds = feeds.stream().map(it -> new State(it, Networks.NONE, 0, AT_ONCE)).toList();
    this.held = all(this.feeds);
  }

  List<Lists.Held> held() {
    return held;
  }

  private List<Lists.Held> all(List<State> states) {
    List<Lists.Held> all = new ArrayList<>(own);
    states.forEach(it -> all.add(it.held()));
    return List.copyOf(all);
  }

  /** Fetches what is due, one after the other; does nothing while somebody else does. */
  void fetchDue(Outbound outbound, Moment now) {
    if (!fetching.tryLock()) {
      return;
    }
    try {
      List<State> after = new ArrayList<>();
      for (var state : feeds) {
        after.add(now.reached(state.nextFetchAt()) ? fetched(state, outbound, now) : state);
      }
      feeds = List.copyOf(after);
      held = all(feeds);
    } finally {
      fetching.unlock();
    }
  }

  private static State fetched(State before, Outbound outbound, Moment now) {
    return switch (Fetch.from(outbound, before.feed().url(), Map.of())) {
      case Fetch.Result.Good(var reading) ->
          new State(before.feed(), reading.networks(), 0, now.plus(before.source().cadence()));
      case Fetch.Result.Bad(var why) -> {
        long failures = before.failures() + 1;
        LOG.log(
            failures == Feeds.ERRORS ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
            "the operator''s list at {0} could not be fetched: {1}",
            before.feed().url().getHost(),
            why);
        yield new State(
            before.feed(),
            before.networks(),
            failures,
            now.plus(Feeds.pause(failures, before.source().cadence())));
      }
    };
  }
}
