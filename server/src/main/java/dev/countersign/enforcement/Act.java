package dev.countersign.enforcement;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What somebody is about to do, as {@link StepUp}s name it: {@code operation:payout}, {@code scope:transfers:write}, {@code
 * endpoint:POST /payments/{id}}, {@code resource:statements}, {@code admin:delete_client}.
 *
 * <p>Endpoints are compared segment by segment, so that a path means the same however it was written. What programs read
 * differently is no act at all: whoever asks about it is told so, instead of being told that nothing is wanted.
 */
public final class Act {
  public static final int LONGEST = 200;

  /** Removing an application. */
  public static final String DELETE_CLIENT = "admin:delete_client";

  /** Taking somebody's factors, or giving them a way past those. */
  public static final String RESET_MFA = "admin:reset_mfa";

  /** Taking all people out at once. */
  public static final String EXPORT_USERS = "admin:export_users";

  /** Those of the Management API, which asks by itself. */
  public static final Set<String> OF_ADMINS = Set.of(DELETE_CLIENT, RESET_MFA, EXPORT_USERS);

  private static final String ENDPOINT = "endpoint:";
  private static final List<String> NAMED = List.of("operation:", "scope:", "resource:");

  /** A segment that may be anything. */
  private static final String ANY = "{}";

  private Act() {}

  /** The act in the form in which acts are compared; empty when this is none. */
  public static Optional<String> of(String text) {
    if (text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
      return Optional.empty();
    }
    if (text.startsWith(ENDPOINT)) {
      return endpoint(text.substring(ENDPOINT.length()));
    }
    return OF_ADMINS.contains(text)
            || NAMED.stream()
                .anyMatch(kind -> text.startsWith(kind) && !text.substring(kind.length()).isBlank())
        ? Optional.of(text)
        : Optional.empty();
  }

  /** Whether a rule may be for this: an act, or with a {@code *} at its end all that begin so. */
  public static boolean isForRule(String text) {
    boolean literal =
        !text.startsWith(ENDPOINT) || text.chars().noneMatch(c -> "?#;%".indexOf(c) >= 0);
    return literal
        && (text.equals(ENDPOINT + "*") || text.equals("admin:*") || of(text).isPresent());
  }

  /** Whether a rule for this is for that act, which is in the form that {@link #of} gives. */
  static boolean covers(String rule, String act) {
    if (rule.equals(act)) {
      return true;
    }
    if (rule.startsWith(ENDPOINT) && !rule.equals(ENDPOINT + "*")) {
      return act.startsWith(ENDPOINT)
          && of(rule).filter(it -> coversPath(it.split("/", -1), act.split("/", -1))).isPresent();
    }
    return rule.endsWith("*") && act.startsWith(rule.substring(0, rule.length() - 1));
  }

  /** Method and segments; a {@code *} at the end of a rule stands for one segment or more. */
  private static boolean coversPath(String[] rule, String[] act) {
    boolean below = rule.length > 1 && rule[rule.length - 1].equals("*");
    if (below ? act.length < rule.length : act.length != rule.length) {
      return false;
    }
    if (!rule[0].equals(act[0]) && !rule[0].equals(ENDPOINT + "* ")) {
      return false;
    }
    for (int i = 1; i < rule.length; i++) {
      // Whoever asks about a template asks about all that it may stand for.
      if (!isAny(rule[i]) && !isAny(act[i]) && !rule[i].equals(act[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAny(String segment) {
    return segment.equals(ANY) || segment.equals("*");
  }

  private static Optional<String> endpoint(String text) {
    int blank = text.indexOf(' ');
    var method = text.substring(0, Math.max(0, blank)).toUpperCase(Locale.ROOT);
    boolean named = !method.isEmpty() && method.chars().allMatch(c -> c >= 'A' && c <= 'Z');
    var path = text.substring(blank + 1);
    if (!(named || method.equals("*")) || !path.startsWith("/")) {
      return Optional.empty();
    }
    var segments = new ArrayList<String>();
    for (var each : path.split("[?#]", 2)[0].split("/", -1)) {
      var segment = segment(each);
      if (segment.isEmpty()) {
        return Optional.empty();
      }
      if (!segment.get().isEmpty()) {
        segments.add(segment.get());
      }
    }
    return Optional.of(ENDPOINT + method + " /" + String.join("/", segments));
  }

  /** Decoded once and without its parameters (RFC 3986 sections 2.1, 3.3); empty when programs might read it differently. */
  private static Optional<String> segment(String sent) {
    String text;
    try {
      text = URLDecoder.decode(sent.split(";", 2)[0].replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    boolean ambiguous =
        text.equals(".")
            || text.equals("..")
            || text.chars()
                .anyMatch(c -> "/\\%;?#\uFFFD".indexOf(c) >= 0 || Character.isISOControl(c));
    if (ambiguous) {
      return Optional.empty();
    }
    boolean template = (text.startsWith("{") && text.endsWith("}")) || text.startsWith(":");
    return Optional.of(template ? ANY : text);
  }
}
