package dev.countersign.hosted.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which enrolled method to use. Posts {@code method}. */
public record PickerPage(Frame frame, List<Choice> choices, String lostUrl) implements Page {
  public PickerPage {
    choices = List.copyOf(choices);
  }

  /**
   * One method.
   *
   * @param id posted as {@code method}
   * @param name the kind, or the name its owner gave it
   * @param line what it is; for backup codes how many are left
   * @param used when it was last used, as a sentence; null if it wasn't
   */
  public record Choice(String id, Icon icon, String name, String line, @Nullable String used) {}
}
