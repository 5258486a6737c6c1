package dev.countersign.testkit;

import dev.countersign.factor.Answer;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.web.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A phone with the approver on it: it pairs, signs, approves and denies as the real page does, written apart from the
 * product's own reckoning; and it misbehaves when told to. Not thread-safe but for {@link #saying}.
 */
public final class Phone {
  private final Company company;
  private final String device;
  private final KeyPair keys;
  private String origin;
  private long ahead;
  private long said;

  private Phone(Company company, String device, KeyPair keys) {
    this.company = company;
    this.device = device;
    this.keys = keys;
    this.origin = company.origin();
  }

  /** A phone that is about to become the device of that id. */
  static Phone of(Company company, String device) {
    return new Phone(company, device, keys());
  }

  /** Opens what a QR code says, and says yes. */
  public static Phone scanning(Company company, String uri) {
    var phone = reading(company, uri);
    var received = phone.tells("/approver/answers", phone.pairing(ticket(uri)));
    if (received.status() != 200) {
      throw new AssertionError("not paired: " + received.status() + " " + received.text());
    }
    return phone;
  }

  /** Opens what a QR code says, and does nothing yet. */
  public static Phone reading(Company company, String uri) {
    return new Phone(company, fragment(uri)[0], keys());
  }

  public static String ticket(String uri) {
    return fragment(uri)[1];
  }

  private static String[] fragment(String uri) {
    return URI.create(uri).getFragment().split("\\.", 2);
  }

  private static KeyPair keys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same device with other keys, as a forger has it. */
  public Phone forged() {
    return new Phone(company, device, keys());
  }

  /** The same keys, held up as another device's. */
  public Phone as(Phone other) {
    return new Phone(company, other.device, keys);
  }

  /** The same keys and device, talking to another company's server as if it was theirs. */
  public Phone at(Company other) {
    return new Phone(other, device, keys);
  }

  /** Signs for another site than the one it talks to, as a page in the middle would have it. */
  public Phone signingFor(String otherOrigin) {
    this.origin = otherOrigin;
    return this;
  }

  /** Its clock is off. */
  public Phone aheadBy(java.time.Duration offset) {
    this.ahead = offset.toMillis();
    return this;
  }

  public String device() {
    return device;
  }

  // Messages

  /** The message of a pairing. */
  public Answer pairing(String ticket) {
    return saying("pair", "", ticket, attached(Map.of("key", publicKey(), "name", "Pixel")));
  }

  static String attached(Map<String, ?> document) {
    return Json.write(document);
  }

  private String publicKey() {
    return base64url(keys.getPublic().getEncoded());
  }

  /** A message, signed. */
  public Answer saying(String what, String question, String answer, String attachment) {
    return saying(
        what, question, answer, attachment, company.world().instant().toEpochMilli() + ahead);
  }

  private Answer saying(String what, String question, String answer, String attachment, long at) {
    var signed =
        String.join(
            "\n",
            "countersign-approver-1",
            origin,
            what,
            device,
            question,
            answer,
            String.valueOf(at),
            digest(attachment));
    Map<String, Secret> fields = new LinkedHashMap<>();
    fields.put("what", Secret.of(what));
    fields.put("device", Secret.of(device));
    fields.put("question", Secret.of(question));
    fields.put("answer", Secret.of(answer));
    fields.put("at", Secret.of(String.valueOf(at)));
    fields.put("attachment", Secret.of(attachment));
    fields.put("signature", Secret.of(signature(signed)));
    return new Answer(fields);
  }

  private String signature(String signed) {
    try {
      var made = Signature.getInstance("SHA256withECDSAinP1363Format");
      made.initSign(keys.getPrivate());
      made.update(signed.getBytes(StandardCharsets.UTF_8));
      return base64url(made.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String digest(String text) {
    try {
      return base64url(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Sends a message, whoever signed it. */
  public Wire.Received tells(String path, Answer said) {
    Map<String, String> body = new LinkedHashMap<>();
    said.fields().forEach((name, value) -> body.put(name, value.reveal()));
    return company
        .world()
        .node()
        .send(
            new Wire.Sent(
                Method.POST,
                URI.create(company.url(path)),
                Map.of(
                    "content-type", List.of("application/json"),
                    "user-agent",
                        List.of(
                            "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0.0.0 Mobile Safari/537.36")),
                Json.writeBytes(body)));
  }

  // What its owner does

  /** What it shows. */
  public JsonNode asks() {
    return read(tells("/approver/questions", saying("look", "", "", "")));
  }

  /** The id of the one question that it shows. */
  public String question() {
    var questions = asks().path("questions");
    if (questions.size() != 1) {
      throw new AssertionError("not one question: " + questions);
    }
    return questions.get(0).path("id").asString("");
  }

  /** Types this number for the question that it shows; returns what came of it. */
  public String approves(String number) {
    return approves(question(), number);
  }

  public String approves(String question, String number) {
    return outcome(tells("/approver/answers", saying("approve", question, number, "")));
  }

  /** Presses 'It was not me'. */
  public String disowns() {
    return outcome(tells("/approver/answers", saying("disown", question(), "", "")));
  }

  /** Takes questions again; false when that was refused. */
  public boolean resumes() {
    return ofItself("resume", "");
  }

  /** Says where it can be woken. */
  public boolean subscribes(String address, String p256dh, String auth) {
    return ofItself(
        "subscribe",
        attached(Map.of("service", "web", "address", address, "p256dh", p256dh, "auth", auth)));
  }

  /** Says by whose service a tenant's own app on it can be woken, and as what. */
  public boolean registers(String service, String registration) {
    return ofItself("subscribe", attached(Map.of("service", service, "address", registration)));
  }

  private boolean ofItself(String what, String attachment) {
    said = Math.max(said + 1, company.world().instant().toEpochMilli() + ahead + 1);
    return tells("/approver/devices", saying(what, "", "", attachment, said)).status() == 200;
  }

  public static String outcome(Wire.Received received) {
    return read(received).path("outcome").asString("");
  }

  private static JsonNode read(Wire.Received received) {
    return Json.tree(received.text());
  }
}
