package dev.countersign.hosted.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for what a factor has to know before it can be set up. Posts the fields by their names, and {@code action=begin}.
 *
 * @param words the prefix of the factor's texts
 * @param otherUrl where to choose another method; null if there is none
 */
public record DetailsPage(Frame frame, String words, List<Field> fields, @Nullable String otherUrl)
    implements Page {
  public DetailsPage {
    fields = List.copyOf(fields);
  }

  /**
   * One question.
   *
   * @param autocomplete what browsers may fill in
   * @param inputmode the keyboard of a phone
   */
  public record Field(String name, String value, String autocomplete, String inputmode) {}
}
