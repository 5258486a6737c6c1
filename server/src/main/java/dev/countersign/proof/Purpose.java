package dev.countersign.proof;

/** What a proof was given for; it counts for nothing else. */
public enum Purpose {
  /** To say who one is. */
  FIRST,
  /** To back that up. */
  SECOND,
  /** To confirm a factor just set up, which backs it up as well. */
  ENROL,
  /** To approve one transaction; it backs up nothing else. */
  TRANSACTION,
  /** No proof at all: notes which browser it was, that its person trusts. Counts for nothing by itself. */
  TRUST
}
