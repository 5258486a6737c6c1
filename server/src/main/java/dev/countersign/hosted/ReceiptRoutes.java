package dev.countersign.hosted;

import dev.countersign.delivery.sms.Receipts;
import dev.countersign.web.Guard;
import dev.countersign.web.Handler;
import dev.countersign.web.Method;
import dev.countersign.web.Params;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where providers of texts say what became of them. Each receipt proves by its signature whose it is. Thread-safe. */
public final class ReceiptRoutes {
  private final Receipts receipts;

  public ReceiptRoutes(Receipts receipts) {
    this.receipts = receipts;
  }

  public List<Route> routes() {
    return List.of(receipt(Receipts.TWILIO, this::twilio), receipt(Receipts.VONAGE, this::vonage));
  }

  private static Route receipt(String path, Handler handler) {
    return new Route(Method.POST, path, Guard.OPEN, handler);
  }

  private Reply twilio(Request request) {
    var text = request.query().text("text");
    return reply(
        receipts.twilio(
            request.site().tenant(),
            request.site().origin() + Receipts.TWILIO + "?text=" + text,
            text,
            fields(request.form()),
            request.header("x-twilio-signature").orElse(""),
            request.at()));
  }

  /** As a form or as JSON: the account says which. */
  private Reply vonage(Request request) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (request.isJson()) {
      for (var field : request.json().properties()) {
        fields.put(field.getKey(), field.getValue().asString(""));
      }
    } else {
      fields.putAll(fields(request.form()));
    }
    return reply(receipts.vonage(request.site().tenant(), fields, request.at()));
  }

  private static Map<String, String> fields(Params form) {
    Map<String, String> out = new LinkedHashMap<>();
    form.asMap().forEach((name, values) -> out.put(name, String.join("", values)));
    return out;
  }

  private static Reply reply(Receipts.Outcome outcome) {
    return Reply.empty(
        switch (outcome) {
          case HEARD -> 204;
          case UNSIGNED -> 403;
        });
  }
}
