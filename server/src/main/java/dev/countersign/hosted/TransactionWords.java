package dev.countersign.hosted;

import dev.countersign.hosted.view.TransactionCard;
import dev.countersign.kernel.Transaction;
import dev.countersign.web.Messages;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says a transaction in the language of whoever is to approve it. */
final class TransactionWords {
  private TransactionWords() {}

  /** All that it says, for a page. */
  static TransactionCard card(Transaction transaction, Messages text) {
    return new TransactionCard(
        transaction.parts().stream()
            .map(part ->
                new TransactionCard.Part(
                    title(part, text), part.lines().stream().map(line -> row(line, text)).toList()))
            .toList());
  }

  /** Its amount and payee in a few words, for a text; of one that has none what it says. */
  static String summary(Transaction transaction, Messages text) {
    return transaction.parts().stream()
        .map(part -> summary(part, text))
        .collect(Collectors.joining("; "));
  }

  private static String summary(Transaction.Part part, Messages text) {
    var amount = first(part, Transaction.Kind.AMOUNT).map(line -> value(line, text));
    var payee = first(part, Transaction.Kind.PAYEE).map(line -> value(line, text));
    if (amount.isPresent() && payee.isPresent()) {
      return text.text("transaction.summary", amount.get(), payee.get());
    }
    var values =
        part.lines().stream().map(line -> value(line, text)).collect(Collectors.joining(", "));
    return values.isEmpty() ? title(part, text) : title(part, text) + ": " + values;
  }

  private static Optional<Transaction.Line> first(Transaction.Part part, Transaction.Kind kind) {
    return part.lines().stream().filter(line -> line.kind() == kind).findFirst();
  }

  private static String title(Transaction.Part part, Messages text) {
    return named(part.names(), text).orElse(part.type());
  }

  private static Optional<String> named(Map<String, String> names, Messages text) {
    var own = names.get(text.locale().getLanguage());
    return Optional.ofNullable(own == null ? names.get("en") : own)
        .or(() -> names.values().stream().findFirst());
  }

  private static TransactionCard.Row row(Transaction.Line line, Messages text) {
    return new TransactionCard.Row(
        named(line.names(), text).orElseGet(() -> label(line, text)),
        value(line, text),
        line.kind() == Transaction.Kind.AMOUNT);
  }

  private static String label(Transaction.Line line, Messages text) {
    return switch (line.kind()) {
      case AMOUNT -> text.text("transaction.amount");
      case PAYEE -> text.text("transaction.payee");
      case ACCOUNT -> text.text("transaction.account");
      case DATE -> text.text("transaction.date");
      case TEXT -> line.name();
    };
  }

  private static String value(Transaction.Line line, Messages text) {
    return switch (line.kind()) {
      case AMOUNT -> amount(line, text.locale());
      case DATE ->
          text.date(
              LocalDate.parse(line.value()).atStartOfDay(ZoneOffset.UTC).toInstant(),
              ZoneOffset.UTC);
      case ACCOUNT ->
          line.value().matches("[A-Z]{2}[0-9]{2}[A-Z0-9]+")
              ? line.value().replaceAll("(.{4})(?=.)", "$1 ")
              : line.value();
      case PAYEE, TEXT -> line.value();
    };
  }

  /** To the last digit that was sent, however many its currency usually has. */
  private static String amount(Transaction.Line line, Locale locale) {
    var number = new BigDecimal(line.value());
    var form =
        line.currency().isEmpty()
            ? NumberFormat.getNumberInstance(locale)
            : NumberFormat.getCurrencyInstance(locale);
    int usual = 0;
    if (!line.currency().isEmpty()) {
      var currency = Currency.getInstance(line.currency());
      form.setCurrency(currency);
      usual = Math.max(0, currency.getDefaultFractionDigits());
    }
    form.setMinimumFractionDigits(usual);
    form.setMaximumFractionDigits(Math.max(usual, number.scale()));
    return form.format(number);
  }
}
