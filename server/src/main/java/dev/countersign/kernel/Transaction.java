package dev.countersign.kernel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * What a person is asked to approve: the authorization details (RFC 9396) that an application sent, and all that they say, in
 * the order in which it is shown. What is shown and what is approved are one value.
 *
 * @param details the JSON array in canonical form ({@link CanonicalJson}): what is hashed, kept and given back
 * @param parts one for each of its elements
 */
public record Transaction(String details, List<Part> parts) {
  public Transaction {
    parts = List.copyOf(parts);
  }

  /**
   * One element.
   *
   * @param type its type
   * @param names what the API calls it, by language; under the empty text for those that are not named
   */
  public record Part(String type, Map<String, String> names, List<Line> lines) {
    public Part {
      names = Map.copyOf(names);
      lines = List.copyOf(lines);
    }
  }

  /**
   * One thing that it says.
   *
   * @param name of the field, such as {@code creditor.name}
   * @param names what the API calls the field, by language; empty where its kind says enough
   * @param currency of an amount, by ISO 4217; empty of anything else
   */
  public record Line(
      Kind kind, String name, Map<String, String> names, String value, String currency) {
    public Line {
      names = Map.copyOf(names);
    }
  }

  /** What a field is to people. */
  public enum Kind {
    AMOUNT,
    PAYEE,
    ACCOUNT,
    DATE,
    TEXT
  }

  /** Names it: the SHA-256 of the canonical form in base64url. Whoever has the details can compute it. */
  public String hash() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(details));
  }

  /** The types, each once. */
  public List<String> types() {
    return parts.stream().map(Part::type).distinct().toList();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  /** Says nothing of amounts and payees. */
  @Override
  public String toString() {
    return "Transaction[" + hash() + "]";
  }
}
