package dev.countersign.storage;

/** The key file is unreadable, lacks a key, or has another key than the one something was sealed with. */
public final class KeyException extends RuntimeException {
  private static final long serialVersionUID = 1;

  KeyException(String message) {
    super(message);
  }

  KeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
