package dev.countersign.testkit.demo;

import dev.countersign.application.Api;
import dev.countersign.application.TransactionType;
import dev.countersign.kernel.Transaction;
import java.util.List;
import java.util.Map;

/** The bank's API for payments, which lets people approve them. */
public final class Payments {
  /** What it is called. */
  public static final String IDENTIFIER = "https://harbour.example/payments";

  private static final TransactionType PAYOUT =
      new TransactionType(
          "payout",
          Map.of(
              "en",
              "Transfer",
              "de",
              "Überweisung",
              "fr",
              "Virement",
              "es",
              "Transferencia",
              "pt",
              "Transferência",
              "ja",
              "振込",
              "ar",
              "تحويل"),
          List.of(
              new TransactionType.Field(
                  "amount", Transaction.Kind.AMOUNT, "currency", Map.of(), false),
              new TransactionType.Field("payee", Transaction.Kind.PAYEE, null, Map.of(), false),
              new TransactionType.Field(
                  "account", Transaction.Kind.ACCOUNT, null, Map.of(), false)));

  private Payments() {}

  public static Api api() {
    return Api.of(IDENTIFIER, "Harbour Payments", List.of()).approving(List.of(PAYOUT));
  }
}
