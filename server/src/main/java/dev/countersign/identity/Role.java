package dev.countersign.identity;

import dev.countersign.kernel.Moment;

/**
 * A name that some people bear, by which enforcement rules match them.
 *
 * @param id such as {@code rol_...}
 * @param name nobody else's in its tenant
 */
public record Role(String id, String name, String description, Moment createdAt) {

  /** What tools say that a role allows; tokens carry nothing of it. */
  public record Permission(String audience, String name) {}
}
