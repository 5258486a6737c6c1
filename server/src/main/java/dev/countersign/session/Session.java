package dev.countersign.session;

import dev.countersign.enforcement.Level;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.SessionId;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.UserId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One browser in which one person is signed in.
 *
 * @param signIns the sign-ins whose proofs it rests on, oldest first
 * @param level what they amounted to
 * @param applications client ids that got tokens in it
 * @param secondProofsAfter second proofs from before count no more, because it lay unused; null while all do
 */
public record Session(
    SessionId id,
    UserId user,
    List<SignInId> signIns,
    Level level,
    Set<String> applications,
    boolean declined,
    String address,
    String userAgent,
    Moment createdAt,
    Moment authenticatedAt,
    Moment seenAt,
    @Nullable Moment secondProofsAfter,
    Optional<Moment> endedAt) {}
