package dev.countersign.factor;

import dev.countersign.kernel.FactorId;
import dev.countersign.proof.Door;
import dev.countersign.proof.Evidence;
import dev.countersign.proof.GuessLimits;
import dev.countersign.proof.ProofKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that the rest of the product knows of a factor; the API, pages, audit log, tokens and documents are driven by it.
 *
 * @param guardianName its name among the factors of Auth0's Guardian API
 * @param methodType its type among Auth0's authentication methods; also the prefix of ids there
 * @param audience who may enrol it
 * @param evidence what answering it is worth, unless an answer says otherwise
 * @param memory what is kept between question and answer
 * @param limits how many wrong answers it stands
 * @param perPerson how many of them one person may have
 * @param pendingFor how long a set-up may take
 * @param order the place among the factors that are offered, strongest first
 * @param look how it appears on pages
 */
public record FactorProfile(
    FactorId id,
    String guardianName,
    String methodType,
    Audience audience,
    Evidence evidence,
    Memory memory,
    GuessLimits limits,
    int perPerson,
    Duration pendingFor,
    int order,
    Look look) {

  /** Who decides that a person has it. */
  public enum Audience {
    /** Offered to people, who set it up themselves. */
    EVERYONE,
    /** Registered or assigned by an admin. */
    ADMIN_DRIVEN,
    /** Issued beside another factor, as the way back in. */
    RECOVERY
  }

  /** What the server keeps between question and answer. */
  public enum Memory {
    /** Nothing: the question is always the same. */
    NONE,
    /** A memo, until the right answer or the end of its time; wrong answers leave it. */
    UNTIL_RIGHT,
    /** A memo for one answer, be it right or wrong. */
    ONE_ANSWER
  }

  /**
   * How it appears.
   *
   * @param words the prefix of its texts in the message files; its name and line stand under {@code factor.<words>}
   * @param icon the name of one of the pages' line drawings
   * @param minutes how long setting it up takes; 0 says nothing
   * @param needs what the browser has to have for setting it up, as its page's script finds out
   * @param called what a tenant calls it; empty for those that have a name in the message files
   */
  public record Look(String words, String icon, int minutes, Needs needs, Optional<Called> called) {
    /** One that every browser will do for. */
    public Look(String words, String icon, int minutes) {
      this(words, icon, minutes, Needs.NOTHING);
    }

    public Look(String words, String icon, int minutes, Needs needs) {
      this(words, icon, minutes, needs, Optional.empty());
    }

    /** The same, called so by its tenant. */
    public Look called(Called name) {
      return new Look(words, icon, minutes, needs, Optional.of(name));
    }
  }

  /** What a browser has to have. */
  public enum Needs {
    NOTHING,
    /** An authenticator built into the device, which can verify its user (WebAuthn Level 3 section 5.1.6). */
    BUILT_IN_AUTHENTICATOR
  }

  /**
   * A name and a line that a tenant gives a factor, by language; under {@code ""} for the rest of them.
   *
   * @param like the prefix of the texts that its other words are, with the name put into them
   */
  public record Called(String like, Map<String, String> names, Map<String, String> lines) {
    public Called {
      names = Map.copyOf(names);
      lines = Map.copyOf(lines);
    }

    public String name(String language) {
      return names.getOrDefault(language, names.getOrDefault("", ""));
    }

    public String line(String language) {
      return lines.getOrDefault(language, lines.getOrDefault("", ""));
    }
  }

  /** Where wrong answers to it are counted. */
  public Door door() {
    return new Door(id.value(), limits);
  }

  public boolean recovers() {
    return audience == Audience.RECOVERY;
  }

  /** Whether having it means more than a password: neither the way back in does, nor what proves nothing of another sort. */
  public boolean protects() {
    return !recovers() && kind().isMoreThanPassword();
  }

  public ProofKind kind() {
    return evidence.kind();
  }

  public List<String> amr() {
    return evidence.amr();
  }

  public boolean phishingResistant() {
    return evidence.phishingResistant();
  }

  public String words() {
    return look.words();
  }

  /** Whether a question has to be put before it can be answered. */
  public boolean asks() {
    return memory != Memory.NONE;
  }
}
