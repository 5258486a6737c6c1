package dev.countersign.hosted.view;

/** A message above the page's content. */
public record Notice(Tone tone, String text) {
  /** How it looks; {@code PROBLEM} is announced at once. */
  public enum Tone {
    INFORMATION,
    SUCCESS,
    WARNING,
    PROBLEM
  }
}
