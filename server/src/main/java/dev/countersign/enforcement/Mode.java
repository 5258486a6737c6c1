package dev.countersign.enforcement;

/** How much multi-factor authentication is demanded, from least to most: of several, the last in this order wins. */
public enum Mode {
  /** Never demanded; what an application asks for itself still works. */
  OFF,
  /** People are invited; whoever has enrolled is challenged at every sign-in. */
  OPTIONAL,
  /** No sign-in completes without it. */
  REQUIRED
}
