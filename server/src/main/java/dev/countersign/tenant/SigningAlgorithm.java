package dev.countersign.tenant;

/** The signature algorithms of RFC 7518 that tokens may carry; there is no other, and none is not among them. */
public enum SigningAlgorithm {
  /** RSA of 2048 bits with SHA-256: what every client understands. */
  RS256,
  /** P-256 with SHA-256: smaller and quicker, where the recipient knows it. */
  ES256
}
