package dev.countersign.oidc;

import dev.countersign.application.Api;
import dev.countersign.application.TransactionType;
import dev.countersign.kernel.CanonicalJson;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads the parameter {@code authorization_details} (RFC 9396 section 2) by the types that an API has registered. */
final class AuthorizationDetails {
  static final String PARAMETER = "authorization_details";

  /** More than that nobody reads before approving it. */
  private static final int MOST = 5;

  private AuthorizationDetails() {}

  /** What came of reading. */
  sealed interface Reading {
    record Read(Transaction transaction) implements Reading {}

    /** What is wrong, for the application (section 5). */
    record Wrong(OAuthError error) implements Reading {}
  }

  static Reading read(String sent, Optional<Api> api) {
    JsonNode details;
    try {
      details = Json.parse(sent.getBytes(StandardCharsets.UTF_8));
    } catch (Json.Malformed _) {
      return wrong("authorization_details is a JSON array.");
    }
    if (!details.isArray() || details.isEmpty() || details.size() > MOST) {
      return wrong("authorization_details is a JSON array of 1 to " + MOST + " objects.");
    }
    if (api.isEmpty()) {
      return wrong("The audience has to name the API that the authorization_details are for.");
    }
    var parts = new ArrayList<Transaction.Part>();
    for (var detail : details) {
      var type = api.get().transaction(detail.path("type").stringValue(""));
      if (type.isEmpty()) {
        return wrong("The API knows no such type of authorization_details.");
      }
      switch (type.get().read(detail)) {
        case TransactionType.Reading.Read(var part) -> parts.add(part);
        case TransactionType.Reading.Unfit(var why) -> {
          return wrong(
              "Of the " + OAuthError.plain(type.get().type()) + ": " + OAuthError.plain(why) + ".");
        }
      }
    }
    return CanonicalJson.of(details)
        .<Reading>map(canonical -> new Reading.Read(new Transaction(canonical, parts)))
        .orElseGet(() -> wrong("authorization_details hold a number or character that is unsafe."));
  }

  private static Reading wrong(String description) {
    return new Reading.Wrong(OAuthError.of("invalid_authorization_details", description));
  }
}
