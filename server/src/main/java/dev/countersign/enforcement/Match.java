package dev.countersign.enforcement;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whom a rule is for. Each condition that says something has to hold, by any one of what it names; one that names nothing
 * holds for everybody.
 *
 * @param groups of the person
 * @param roles of the person
 * @param applications client ids; {@code account} is our own security page
 * @param connections how the person came first
 * @param emailDomains what stands behind the {@code @} of the address, in lower case
 * @param traits of the person, such as {@code app_metadata.plan}, each with the values that match
 * @param networks blocks of addresses, of which the person comes from one
 * @param notNetworks blocks of which the person comes from none; where it is not asked from where, no rule about networks
 *     matches
 * @param percent of all people, the same ones as long as the rule's id stays; null for all of them
 */
public record Match(
    SortedSet<String> groups,
    SortedSet<String> roles,
    SortedSet<String> applications,
    SortedSet<String> connections,
    SortedSet<String> emailDomains,
    Map<String, SortedSet<String>> traits,
    SortedSet<Network> networks,
    SortedSet<Network> notNetworks,
    @Nullable Double percent) {
  /** Everybody, everywhere. */
  public static final Match EVERYBODY = of(Set.of(), Set.of());

  public Match {
    groups = sorted(groups);
    roles = sorted(roles);
    applications = sorted(applications);
    connections = sorted(connections);
    emailDomains = sorted(emailDomains);
    var copy = new TreeMap<String, SortedSet<String>>();
    traits.forEach((name, values) -> copy.put(name, sorted(values)));
    traits = Collections.unmodifiableMap(copy);
    networks = sorted(networks);
    notNetworks = sorted(notNetworks);
    if (percent != null && !(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException("percent " + percent);
    }
  }

  /** Who is in any of these groups and has any of these roles. */
  public static Match of(Set<String> groups, Set<String> roles) {
    return new Match(
        new TreeSet<>(groups),
        new TreeSet<>(roles),
        new TreeSet<>(),
        new TreeSet<>(),
        new TreeSet<>(),
        Map.of(),
        new TreeSet<>(),
        new TreeSet<>(),
        null);
  }

  private static <T extends Comparable<T>> SortedSet<T> sorted(Set<? extends T> set) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(set));
  }

  /** The same for this share of the people. */
  public Match ofEvery(double hundredth) {
    return new Match(
        groups,
        roles,
        applications,
        connections,
        emailDomains,
        traits,
        networks,
        notNetworks,
        hundredth);
  }

  /** The same in these applications. */
  public Match in(Set<String> clients) {
    return new Match(
        groups,
        roles,
        sorted(clients),
        connections,
        emailDomains,
        traits,
        networks,
        notNetworks,
        percent);
  }

  /** The same from these networks, or from anywhere but those. */
  public Match from(Set<Network> inside, Set<Network> outside) {
    return new Match(
        groups,
        roles,
        applications,
        connections,
        emailDomains,
        traits,
        sorted(inside),
        sorted(outside),
        percent);
  }

  boolean holds(String rule, Facts.Who who, String application, Facts.Where where) {
    return any(groups, who.groups())
        && any(roles, who.roles())
        && (applications.isEmpty() || applications.contains(application))
        && (connections.isEmpty() || connections.contains(who.connection()))
        && (emailDomains.isEmpty() || emailDomains.contains(who.emailDomain()))
        && traits.entrySet().stream()
            .allMatch(it -> it.getValue().contains(who.traits().getOrDefault(it.getKey(), "")))
        && (networks.isEmpty() || Network.anyContains(networks, where.address()))
        && (notNetworks.isEmpty()
            || (!where.address().isEmpty() && !Network.anyContains(notNetworks, where.address())))
        && (percent == null || share(rule, who.user()) < percent);
  }

  private static boolean any(Set<String> named, Set<String> had) {
    if (named.isEmpty()) {
      return true;
    }
    for (var each : had) {
      if (named.contains(each)) {
        return true;
      }
    }
    return false;
  }

  /** Where in a hundred a person stands for a rule: evenly spread, another place for each rule, and always the same. */
  static double share(String rule, String user) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest((rule + "\n" + user).getBytes(StandardCharsets.UTF_8));
      return (ByteBuffer.wrap(digest).getInt() & 0xffff_ffffL) * 100.0 / 0x1_0000_0000L;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has it.
    }
  }
}
