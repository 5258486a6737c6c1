package dev.countersign.factor;

import dev.countersign.kernel.FactorId;
import dev.countersign.proof.Door;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.List;

/**
 * All that the rest of the product knows of a factor; the API, pages, audit log, tokens and documents are driven by it.
 *
 * @param guardianName its name among the factors of Auth0's Guardian API
 * @param methodType its type among Auth0's authentication methods; also the prefix of ids there
 * @param audience who may enrol it
 * @param kind what answering it proves
 * @param amr authentication method references (RFC 8176) of an accepted answer
 * @param limits how many wrong answers it stands
 * @param perPerson how many of them one person may have
 * @param pendingFor how long a set-up may take
 * @param order the place among the factors that are offered, strongest first
 * @param words the prefix of its texts in the message files, and the name of its pages
 */
public record FactorProfile(
    FactorId id,
    String guardianName,
    String methodType,
    Audience audience,
    ProofKind kind,
    boolean phishingResistant,
    List<String> amr,
    GuessLimits limits,
    int perPerson,
    Duration pendingFor,
    int order,
    String words) {

  /** Who decides that a person has it. */
  public enum Audience {
    /** Offered to people, who set it up themselves. */
    EVERYONE,
    /** Registered or assigned by an admin. */
    ADMIN_DRIVEN,
    /** Issued beside another factor, as the way back in. */
    RECOVERY
  }

  /** Where wrong answers to it are counted. */
  public Door door() {
    return new Door(id.value(), limits);
  }

  public boolean recovers() {
    return audience == Audience.RECOVERY;
  }
}
