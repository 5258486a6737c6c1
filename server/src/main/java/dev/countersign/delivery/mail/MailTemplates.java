package dev.countersign.delivery.mail;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.tenant.Tenants;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tenant's own words for mails, by Auth0's names of templates. Subject and HTML take the place of ours; the plain part stays
 * ours, so that a code or link is there in any case. Of Liquid only values are understood, and only {@link #VALUES}. What is read
 * is kept for {@link Tenants#FRESH}. Thread-safe.
 */
public final class MailTemplates {
  /** The mail with a code to type. */
  public static final String CODE = "mfa_oob_code";

  /** The mail with a link to reset a password. */
  public static final String RESET = "reset_email";

  /** The mail with a ticket to set a factor up by. */
  public static final String ENROLMENT = "enrollment_email";

  public static final Set<String> VALUES =
      Set.of("code", "url", "user.email", "application.name", "friendly_name");

  /** What an enabled template has to hold to be of any use. */
  private static final Map<String, String> NEEDED =
      Map.of(CODE, "code", RESET, "url", ENROLMENT, "url");

  private static final Pattern VALUE = Pattern.compile("\\{\\{-?\\s*([^{}]*?)\\s*-?}}");

  private final Database database;
  private final MailTemplateStore store = new MailTemplateStore();
  private final Cache<Key, Optional<ObjectNode>> known =
      Caches.begin().maximumSize(10_000).expireAfterWrite(Tenants.FRESH).build();

  private record Key(TenantId tenant, String name) {}

  public MailTemplates(Database database) {
    this.database = database;
  }

  /** The template as it was set. */
  public Optional<ObjectNode> find(Tx tx, TenantId tenant, String name) {
    return store.find(tx, tenant, name).map(it -> (ObjectNode) Json.tree(it));
  }

  /** Sets a template that {@link #fault} finds nothing in. */
  public void put(Tx tx, TenantId tenant, String name, ObjectNode template, Moment now) {
    store.put(tx, tenant, name, Json.write(template), now);
    known.invalidate(new Key(tenant, name));
  }

  /** What cannot be written with it, in words, by the field that it stands in. */
  public static Optional<Map.Entry<String, String>> fault(String name, JsonNode template) {
    for (var field : new String[] {"subject", "body", "from"}) {
      var why = fault(template.path(field).stringValue(""));
      if (why.isPresent()) {
        return Optional.of(Map.entry(field, why.get()));
      }
    }
    var needed = NEEDED.get(name);
    boolean lacks =
        needed != null
            && template.path("enabled").asBoolean(false)
            && VALUE
                .matcher(template.path("body").stringValue(""))
                .results()
                .noneMatch(it -> it.group(1).equals(needed));
    return lacks
        ? Optional.of(Map.entry("body", "The mail is of no use without {{ " + needed + " }}"))
        : Optional.empty();
  }

  private static Optional<String> fault(String text) {
    if (text.contains("{%")) {
      return Optional.of("Tags of Liquid are not understood, only values: " + shown());
    }
    var strange =
        VALUE.matcher(text).results().filter(it -> !VALUES.contains(it.group(1))).findFirst();
    if (strange.isPresent() || VALUE.matcher(text).replaceAll("").contains("{{")) {
      return Optional.of("There are these values: " + shown());
    }
    return Optional.empty();
  }

  private static String shown() {
    return String.join(", ", VALUES.stream().sorted().map(it -> "{{ " + it + " }}").toList());
  }

  /** The mail in the tenant's words, where it has any of its own. */
  Mail dressed(TenantId tenant, String name, Mail usual, Map<String, String> values) {
    var template =
        known.get(
            new Key(tenant, name), key -> database.read(tx -> find(tx, key.tenant(), key.name())));
    if (template.filter(it -> it.path("enabled").asBoolean(false)).isEmpty()) {
      return usual;
    }
    Map<String, String> all = new LinkedHashMap<>(values);
    all.put("user.email", usual.to());
    all.put("friendly_name", usual.sender());
    var it = template.get();
    var subject = it.path("subject").stringValue("");
    return new Mail(
        usual.id(),
        usual.sender(),
        usual.to(),
        usual.replyTo(),
        usual.language(),
        subject.isBlank() ? usual.subject() : rendered(subject, all, text -> text),
        usual.plain(),
        rendered(it.path("body").stringValue(""), all, MailTemplates::escaped));
  }

  private static String rendered(
      String text, Map<String, String> values, UnaryOperator<String> escape) {
    return VALUE
        .matcher(text)
        .replaceAll(
            it -> Matcher.quoteReplacement(escape.apply(values.getOrDefault(it.group(1), ""))));
  }

  /** Fit for HTML, within text and within quoted attributes. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
