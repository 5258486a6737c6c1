package dev.countersign;

import java.util.Objects;

/** The version of this build, as its jar's manifest gives it. */
public record Version(String text) {

  /** The running build's version; {@code "development"} when the classes do not come from a jar. */
  public static Version running() {
    return new Version(
        Objects.requireNonNullElse(
            Version.class.getPackage().getImplementationVersion(), "development"));
  }
}
