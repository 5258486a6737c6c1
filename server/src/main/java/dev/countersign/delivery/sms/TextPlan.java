package dev.countersign.delivery.sms;

import dev.countersign.delivery.Dispatch;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.proof.Allowance;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a tenant has set about texts. Prints nothing of it, for it holds keys. Immutable as long as nobody changes the
 * document; {@link #document} hands out a copy.
 */
public final class TextPlan {
  /** Of a tenant that has set nothing. */
  public static final TextPlan NONE = new TextPlan(Json.object());

  private final ObjectNode document;

  TextPlan(ObjectNode document) {
    this.document = document;
  }

  /** All of it, to be changed and set. */
  public ObjectNode document() {
    return document.deepCopy();
  }

  /** Who is asked, in order, as far as their accounts are complete and they can reach phones so; nobody when it is turned off. */
  List<Provider> providers(Provider.Bases bases, Dispatch.Via via) {
    return isOn(via) ? providers(bases).stream().filter(it -> it.carries(via)).toList() : List.of();
  }

  /** Texts are on until they are turned off, calls are not. */
  private boolean isOn(Dispatch.Via via) {
    var types = document.get("message_types");
    return types == null
        ? via == Dispatch.Via.SMS
        : types.valueStream().anyMatch(it -> it.asString("").equals(word(via)));
  }

  /** How the Management API and the hook call it. */
  static String word(Dispatch.Via via) {
    return via.name().toLowerCase(Locale.ROOT);
  }

  /** Whether one of those who are chosen makes calls, or will when its account is complete. */
  public boolean mayCall() {
    return Stream.of(first(), document.path("fallback").asString(""))
        .flatMap(word -> Provider.Name.of(word).stream())
        .anyMatch(name ->
            switch (name) {
              case TWILIO ->
                  twilio(Provider.Bases.NOWHERE)
                      .map(it -> it.carries(Dispatch.Via.VOICE))
                      .orElse(true);
              case HOOK -> true;
              case VONAGE, SNS -> false;
            });
  }

  private String first() {
    return document.path("provider").asString(Provider.Name.TWILIO.word());
  }

  private List<Provider> providers(Provider.Bases bases) {
    List<Provider> out = new ArrayList<>();
    provider(first(), bases).ifPresent(out::add);
    provider(document.path("fallback").asString(""), bases)
        .filter(it -> out.stream().noneMatch(other -> other.name() == it.name()))
        .ifPresent(out::add);
    return List.copyOf(out);
  }

  private Optional<Provider> provider(String word, Provider.Bases bases) {
    return Provider.Name.of(word)
        .flatMap(name ->
            switch (name) {
              case TWILIO -> twilio(bases).map(Provider.class::cast);
              case VONAGE -> vonage(bases).map(Provider.class::cast);
              case SNS -> sns(bases);
              case HOOK -> hook();
            });
  }

  /** Whether anybody would be asked to reach phones so. */
  public boolean serves(Dispatch.Via via) {
    return !providers(Provider.Bases.NOWHERE, via).isEmpty();
  }

  /** How often at most, when the tenant has set that; else as usual. */
  Allowance limit(Allowance usual, String name) {
    var own = document.path("limits").path(name);
    return own.isInt() ? new Allowance(usual.name(), own.asInt(), usual.per()) : usual;
  }

  Optional<Twilio> twilio(Provider.Bases bases) {
    var sid = text("twilio", "sid");
    var token = secret("twilio", "auth_token");
    var from = text("twilio", "from");
    var service = text("twilio", "messaging_service_sid");
    return sid.isEmpty() || token.isEmpty() || (from.isEmpty() && service.isEmpty())
        ? Optional.empty()
        : Optional.of(new Twilio(bases.twilio(), sid, token, from, service));
  }

  Optional<Vonage> vonage(Provider.Bases bases) {
    var key = text("vonage", "api_key");
    var secret = secret("vonage", "api_secret");
    var from = text("vonage", "from");
    return key.isEmpty() || secret.isEmpty() || from.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Vonage(bases.vonage(), key, secret, from, secret("vonage", "signature_secret")));
  }

  private Optional<Provider> sns(Provider.Bases bases) {
    var region = text("sns", "region");
    var id = text("sns", "access_key_id");
    var secret = secret("sns", "secret_access_key");
    return region.isEmpty() || id.isEmpty() || secret.isEmpty()
        ? Optional.empty()
        : Optional.of(new Sns(bases.sns(), region, id, secret, text("sns", "sender_id")));
  }

  private Optional<Provider> hook() {
    var url = text(Provider.Name.HOOK.word(), "url");
    var secret = secret(Provider.Name.HOOK.word(), "secret");
    return url.isEmpty() || secret.isEmpty()
        ? Optional.empty()
        : Optional.of(new MessageHook(URI.create(url), secret));
  }

  /** The tenant's own words for a text: in this language, or else in any. */
  Optional<String> template(String language, boolean enrolling) {
    var name = enrolling ? "enrollment_message" : "verification_message";
    var templates = document.path("templates");
    var own = templates.path("languages").path(language).path(name).asString("");
    var any = templates.path(name).asString("");
    return Optional.of(own.isEmpty() ? any : own).filter(it -> !it.isEmpty());
  }

  /** Countries (ISO 3166) that texts may go to; all when it is empty. */
  Set<String> countries() {
    var out = new TreeSet<String>();
    document.path("allowed_countries").forEach(it -> out.add(it.stringValue()));
    return out;
  }

  private String text(String provider, String name) {
    return document.path(provider).path(name).asString("");
  }

  private Secret secret(String provider, String name) {
    return Secret.of(text(provider, name));
  }

  @Override
  public String toString() {
    return "TextPlan";
  }
}
