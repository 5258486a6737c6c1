package dev.countersign.management.policy;

import dev.countersign.enforcement.Decision;
import dev.countersign.enforcement.Demand;
import dev.countersign.enforcement.Enforcement;
import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Policy;
import dev.countersign.factor.FactorProfile;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.loginsession.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A draft asked about the sign-ins that were: by the same decision, on the facts that were recorded. Memory does not grow
 * with the history. Thread-safe.
 */
public final class PolicyReplay {
  private static final int SOME = 20;

  private final History history;

  public PolicyReplay(History history) {
    this.history = history;
  }

  /** Hears how far it is. */
  @FunctionalInterface
  public interface Progress {
    /**
     * So far.
     *
     * @param share how much is done, about, from 0 to 1
     */
    void isAt(long signIns, double share);
  }

  /**
   * What a draft would have meant.
   *
   * @param signIns how many sign-ins were replayed
   * @param changed from what to what, and how often, such as {@code cleared -> challenge}
   * @param texts how many texts or calls the draft would have cost: challenges that can be answered by nothing else
   * @param textsBefore how many the policy of the day cost by the same count
   * @param some sign-ins that would have ended otherwise
   */
  public record Tally(
      long signIns, Map<String, Long> changed, long texts, long textsBefore, List<String> some) {
    /** How many of the draft's results are this one. */
    public long results(String word) {
      return changed.entrySet().stream()
          .filter(it -> it.getKey().endsWith("-> " + word))
          .mapToLong(Map.Entry::getValue)
          .sum();
    }
  }

  /**
   * Asks the draft about every sign-in since then.
   *
   * @param progress told after every page of the history
   */
  public Tally replay(TenantId tenant, Policy draft, Moment since, Progress progress) {
    var counting = new Counting();
    history.eachSince(
        tenant,
        since,
        record -> counting.take(record, Enforcement.decide(draft, record.facts())),
        share -> progress.isAt(counting.signIns, share));
    return new Tally(
        counting.signIns,
        counting.changed,
        counting.texts,
        counting.textsBefore,
        List.copyOf(counting.some));
  }

  private static final class Counting {
    private final Map<String, Long> changed = new TreeMap<>();
    private final List<String> some = new ArrayList<>();
    private long signIns;
    private long texts;
    private long textsBefore;

    void take(History.Recorded record, Decision then) {
      signIns++;
      var result = then.word();
      changed.merge(record.result() + " -> " + result, 1L, Long::sum);
      if (!record.result().equals(result) && some.size() < SOME) {
        some.add(
            record.signIn().value()
                + " of "
                + record.facts().who().user()
                + ": "
                + record.result()
                + " -> "
                + result
                + " ("
                + then.because().reason().word()
                + ")");
      }
      texts +=
          then instanceof Decision.Demanded(Demand.Challenge(var anyOf), var _)
                  && anyOf.stream().allMatch(it -> costs(record.facts(), it.value()))
              ? 1
              : 0;
      textsBefore += record.result().equals("challenge") && onlyByTelephone(record.facts()) ? 1 : 0;
    }

    /** Backup codes cost nothing, and nobody is asked for them first. */
    private static boolean costs(Facts facts, String factor) {
      return facts.offers().stream()
          .filter(offer -> offer.factor().value().equals(factor))
          .allMatch(
              offer -> offer.byTelephone() || offer.audience() == FactorProfile.Audience.RECOVERY);
    }

    private static boolean onlyByTelephone(Facts facts) {
      var mine =
          facts.offers().stream()
              .filter(offer -> offer.enrolled() > 0 && offer.kind().isMoreThanPassword())
              .toList();
      return mine.stream().anyMatch(Facts.Offer::byTelephone)
          && mine.stream().allMatch(offer -> costs(facts, offer.factor().value()));
    }
  }
}
