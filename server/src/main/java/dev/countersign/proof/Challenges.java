package dev.countersign.proof;

import dev.countersign.kernel.ChallengeId;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.storage.Place;
import dev.countersign.storage.Sealed;
import dev.countersign.storage.Sealer;
import dev.countersign.storage.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Questions that were put to people and wait for an answer: a code that was sent, a random value to be signed. Each belongs
 * to one person, sign-in, factor and purpose, and is answered once or never; of one sign-in and factor only the newest
 * counts. What the server keeps to judge the answer is sealed. Thread-safe.
 */
public final class Challenges {
  private final Sealer sealer;
  private final Entropy entropy;
  private final ChallengeStore store = new ChallengeStore();

  public Challenges(Sealer sealer, Entropy entropy) {
    this.sealer = sealer;
    this.entropy = entropy;
  }

  /**
   * Whom it was put to, and for what.
   *
   * @param enrolment the set-up that it is to confirm; null where it is to be answered with what is enrolled
   */
  public record Whose(
      UserId user,
      SignInId signIn,
      FactorId factor,
      Purpose purpose,
      @Nullable EnrolmentId enrolment) {}

  /**
   * One that waits.
   *
   * @param memo what the factor keeps to judge the answer
   */
  public record Waiting(
      ChallengeId id, Whose whose, Secret memo, Moment createdAt, Moment expiresAt) {}

  /** Puts a new one; those before it for the same sign-in, factor and purpose are worthless from now on. */
  public Waiting pose(
      Tx tx, TenantId tenant, Whose whose, Secret memo, Moment now, Moment expiresAt) {
    store.closeAll(tx, tenant, whose, now);
    var id = ChallengeId.fresh(entropy);
    store.insert(
        tx,
        tenant,
        new ChallengeStore.Row(
            id, whose, seal(tenant, id, memo), now, expiresAt, Optional.empty()));
    return new Waiting(id, whose, memo, now, expiresAt);
  }

  /** The one that waits for an answer now, if there is one. */
  public Optional<Waiting> waiting(Tx tx, TenantId tenant, Whose whose, Moment now) {
    return store.newest(tx, tenant, whose, now).map(row -> waiting(tenant, row));
  }

  /** One by its id, for an answer that comes from elsewhere than the page it was put on; whoever asks has to see whose it is. */
  public Optional<Waiting> find(Tx tx, TenantId tenant, ChallengeId id, Moment now) {
    return store
        .find(tx, tenant, id)
        .filter(row -> row.closedAt().isEmpty() && now.isBefore(row.expiresAt()))
        .map(row -> waiting(tenant, row));
  }

  /** All of a person's that wait, for devices on which they are answered; oldest first. */
  public List<Waiting> waiting(
      Tx tx, TenantId tenant, UserId user, FactorId factor, Purpose purpose, Moment now) {
    return store.open(tx, tenant, user, factor, purpose, now).stream()
        .map(row -> waiting(tenant, row))
        .toList();
  }

  /** Notes what has become known meanwhile, such as what was pressed on the phone; false when it waits no more. */
  public boolean note(Tx tx, TenantId tenant, Waiting before, Secret memo, Moment now) {
    return store.note(tx, tenant, before.id(), seal(tenant, before.id(), memo), now);
  }

  /** Ends it unanswered; false when it was over before. */
  public boolean close(Tx tx, TenantId tenant, ChallengeId id, Moment now) {
    return store.close(tx, tenant, id, now);
  }

  /** Ends all of a person's, when what they could be answered with is gone. */
  public void closeAll(Tx tx, TenantId tenant, UserId user, FactorId factor, Moment now) {
    store.closeAll(tx, tenant, user, factor, now);
  }

  /** Removes what ran out before {@code before}, at most {@code most} rows; returns how many. */
  public int tidy(Tx tx, TenantId tenant, Moment before, int most) {
    return store.deleteExpired(tx, tenant, before, most);
  }

  private Waiting waiting(TenantId tenant, ChallengeStore.Row row) {
    return new Waiting(
        row.id(),
        row.whose(),
        sealer.openSecret(place(tenant, row.id()), row.memo()),
        row.createdAt(),
        row.expiresAt());
  }

  private Sealed seal(TenantId tenant, ChallengeId id, Secret memo) {
    return sealer.seal(place(tenant, id), memo);
  }

  private static Place place(TenantId tenant, ChallengeId id) {
    return new Place(tenant, "challenges", "memo", id.value());
  }
}
