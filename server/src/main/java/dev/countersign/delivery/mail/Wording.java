package dev.countersign.delivery.mail;

/** Puts a notice in words, in the look of the tenant and the language of the person. Thread-safe. */
@FunctionalInterface
public interface Wording {
  Mail of(Errand errand);
}
