package dev.countersign.hosted.view;

import java.util.List;

/** What is to be approved, all of it, in the reader's words. */
public record TransactionCard(List<Part> parts) {
  public TransactionCard {
    parts = List.copyOf(parts);
  }

  /** One of them. */
  public record Part(String title, List<Row> rows) {
    public Part {
      rows = List.copyOf(rows);
    }
  }

  /**
   * One thing that it says.
   *
   * @param main whether it is what is looked at first, such as the amount
   */
  public record Row(String label, String value, boolean main) {}

  /** Says nothing of amounts and payees. */
  @Override
  public String toString() {
    return "TransactionCard[" + parts.size() + "]";
  }
}
