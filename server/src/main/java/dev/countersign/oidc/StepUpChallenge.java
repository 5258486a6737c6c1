package dev.countersign.oidc;

import dev.countersign.enforcement.Act;
import dev.countersign.enforcement.StepUp;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What somebody is told who has not proven enough for what they are about to do (RFC 9470 section 3). The acts go along
 * among the {@code acr_values}: what is sent back by whoever follows the challenge leads to the rules themselves, which know
 * more than a level and an age.
 *
 * @param rule the strictest of the rules that are not met
 * @param acts what they are about to do
 */
record StepUpChallenge(StepUp rule, List<String> acts) {
  /** As many acts may be asked about at once. */
  static final int MOST = 5;

  private static final String PREFIX = "act:";

  String acrValues() {
    var values = new ArrayList<>(List.of(rule.level().acr()));
    acts.forEach(act ->
        values.add(PREFIX + URLEncoder.encode(act, StandardCharsets.UTF_8).replace("+", "%20")));
    return String.join(" ", values);
  }

  long maxAge() {
    return rule.lastsSeconds();
  }

  /** The value of {@code WWW-Authenticate}. */
  String header() {
    return header(acrValues(), maxAge());
  }

  static String header(String acrValues, long maxAge) {
    return "Bearer error=\"insufficient_user_authentication\", acr_values=\"%s\", max_age=\"%d\""
        .formatted(acrValues, maxAge);
  }

  /** Whether this one of the {@code acr_values} names an act. */
  static boolean isAct(String value) {
    return value.startsWith(PREFIX);
  }

  /** The acts among the values; empty when one is none, or when there are too many. */
  static Optional<List<String>> acts(List<String> values) {
    var all = new ArrayList<String>();
    for (var value : values) {
      if (isAct(value)) {
        var act = decoded(value.substring(PREFIX.length())).flatMap(Act::of);
        if (act.isEmpty() || all.size() == MOST) {
          return Optional.empty();
        }
        all.add(act.get());
      }
    }
    return Optional.of(List.copyOf(all));
  }

  private static Optional<String> decoded(String text) {
    try {
      return Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
