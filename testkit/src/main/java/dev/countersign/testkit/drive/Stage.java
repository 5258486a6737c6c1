package dev.countersign.testkit.drive;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.testkit.AuthenticatorApp;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Who can sign in where: what a server started with {@code demo --json} says of itself.
 *
 * @param base where browsers find it
 * @param client the application that people sign in to
 * @param people those who have an authenticator app
 */
public record Stage(URI base, Client client, List<Person> people) {

  /** A confidential application. */
  public record Client(String id, Secret proof, String redirectUri) {}

  /** Somebody with a password and a phone. */
  public record Person(String name, Secret word, AuthenticatorApp phone) {}

  public static Stage of(String line) {
    var json = Json.tree(line);
    List<Person> people = new ArrayList<>();
    for (var person : json.path("people")) {
      if (person.path("totp_secret").isString()) {
        people.add(
            new Person(
                person.path("username").asString(),
                Secret.of(person.path("password").asString()),
                AuthenticatorApp.typed(person.path("totp_secret").asString())));
      }
    }
    return new Stage(URI.create(json.path("base").asString()), client(json), List.copyOf(people));
  }

  private static Client client(JsonNode json) {
    for (var app : json.path("apps")) {
      if (app.path("client_secret").isString() && !app.path("redirect_uris").isEmpty()) {
        return new Client(
            app.path("client_id").asString(),
            Secret.of(app.path("client_secret").asString()),
            app.path("redirect_uris").get(0).asString());
      }
    }
    throw new IllegalArgumentException(
        "no application with a secret and a redirect URI in " + json.path("apps"));
  }
}
