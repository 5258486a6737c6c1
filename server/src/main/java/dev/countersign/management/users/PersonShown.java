package dev.countersign.management.users;

import dev.countersign.identity.Identifier;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Json;
import dev.countersign.management.api.Shape;
import java.util.Collection;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A person as the API shows them. */
final class PersonShown {
  /** Where groups and roles stand: the one place that Auth0's clients can write to without knowing us. */
  static final String GROUPS = "groups";

  static final String ROLES = "roles";

  /** Nothing is required of it, as callers may ask for some fields only. */
  static final Shape SHAPE =
      Shape.fields()
          .with("user_id", Shape.text(1, 128))
          .with("username", Shape.text(1, 128))
          .with("email", Shape.text(3, Identifier.LONGEST))
          .with("email_verified", Shape.flag())
          .with("phone_number", Shape.text(1, 32))
          .with("name", Shape.text(0, 300))
          .with("blocked", Shape.flag())
          .with("created_at", Shape.moment())
          .with("updated_at", Shape.moment())
          .with(
              "identities",
              new Shape.ListOf(
                  Shape.fields()
                      .withRequired("connection", Shape.text(1, 128))
                      .withRequired("provider", Shape.text(1, 64))
                      .withRequired("user_id", Shape.text(1, 128))
                      .withRequired("isSocial", Shape.flag()),
                  20))
          .with("user_metadata", new Shape.Open(100_000))
          .with("app_metadata", new Shape.Open(100_000));

  private PersonShown() {}

  static ObjectNode of(Person person) {
    ObjectNode out = Json.object().put("user_id", person.id().value());
    put(out, "username", person.username());
    put(out, "email", person.email());
    if (person.email() != null) {
      out.put("email_verified", person.emailVerified());
    }
    var phone = person.phone();
    put(out, "phone_number", phone == null ? null : masked(phone));
    out.put("name", person.name())
        .put("blocked", person.blocked())
        .put("created_at", person.createdAt().toString())
        .put("updated_at", person.updatedAt().toString());
    out.set(
        "identities",
        Json.array()
            .add(
                Json.object()
                    .put("connection", person.connection())
                    .put("provider", "auth0")
                    .put(
                        "user_id",
                        person.id().value().substring(person.id().value().indexOf('|') + 1))
                    .put("isSocial", false)));
    out.set("user_metadata", Json.tree(Json.write(person.userMetadata())));
    var app = (ObjectNode) Json.tree(Json.write(person.appMetadata()));
    putAll(app, GROUPS, person.groups());
    putAll(app, ROLES, person.roles());
    out.set("app_metadata", app);
    return out;
  }

  /** Every character but the last four hidden, the length kept. */
  static String masked(String phone) {
    int shown = Math.min(4, phone.length());
    return "X".repeat(phone.length() - shown) + phone.substring(phone.length() - shown);
  }

  private static void put(ObjectNode out, String name, @Nullable String value) {
    if (value != null) {
      out.put(name, value);
    }
  }

  private static void putAll(ObjectNode out, String name, Collection<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = Json.array();
      new TreeSet<>(values).forEach(array::add);
      out.set(name, array);
    }
  }
}
