package dev.countersign.testkit;

import dev.countersign.Wiring;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policies;
import dev.countersign.enforcement.Policy;
import dev.countersign.factor.FactorProfile;
import dev.countersign.identity.People;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** One tenant of a {@link World}. Its policy is as for every new tenant until it is told otherwise. */
public final class Company {
  private final World world;
  private final TenantId id;
  private final String slug;
  private final Map<String, Someone> people = new ConcurrentHashMap<>();

  Company(World world, TenantId id, String slug) {
    this.world = world;
    this.id = id;
    this.slug = slug;
  }

  World world() {
    return world;
  }

  private Wiring wiring() {
    return world.wiring();
  }

  public TenantId id() {
    return id;
  }

  public String slug() {
    return slug;
  }

  /** The host that its people see. */
  public String host() {
    return World.ADDRESS.host(slug);
  }

  /** Where its people go, such as {@code https://acme-1.countersign.test}. */
  public String origin() {
    return World.ADDRESS.origin(host());
  }

  /** The whole address of a path. */
  public String url(String path) {
    return origin() + path;
  }

  /** Nobody comes in without one of exactly these factors. */
  public Company requiring(String... factors) {
    return policy(Mode.REQUIRED, Set.of(factors));
  }

  /** People are invited to set up one of exactly these factors. */
  public Company inviting(String... factors) {
    return policy(Mode.OPTIONAL, Set.of(factors));
  }

  /** Texts are sent by the first of these providers, and by the second when that one fails. */
  public Company textingBy(TextSink.Account... accounts) {
    wiring()
        .ground
        .database
        .run(tx ->
            wiring()
                .delivery
                .textSettings
                .change(tx, id, document -> written(document, accounts), world.clock().now()));
    return this;
  }

  private ObjectNode written(ObjectNode document, TextSink.Account... accounts) {
    document.put("provider", accounts[0].provider());
    document.put("fallback", accounts.length > 1 ? accounts[1].provider() : null);
    for (var account : accounts) {
      var one = Json.object();
      switch (account.provider()) {
        case "twilio" ->
            one.put("sid", account.id())
                .put("auth_token", account.key())
                .put("from", "+15005550006");
        case "vonage" ->
            one.put("api_key", account.id())
                .put("api_secret", account.key())
                .put("signature_secret", account.signatureSecret())
                .put("from", "Acme");
        case "sns" ->
            one.put("access_key_id", account.id())
                .put("secret_access_key", account.key())
                .put("region", "eu-central-1");
        default ->
            one.put("url", world.texts().url() + "/hook/" + account.id())
                .put("secret", account.key());
      }
      document.set(account.provider(), one);
    }
    return document;
  }

  /** Texts are sent by a provider in good health. */
  public Company texting() {
    return textingBy(world.texts().account("twilio"));
  }

  /** No second proof is asked for. */
  public Company demandingNothing() {
    return policy(policy -> policy.withMode(Mode.OFF));
  }

  private Company policy(Mode mode, Set<String> factors) {
    return policy(policy -> {
      var changed = policy.withMode(mode);
      for (var profile : wiring().methods.factors.of(id).profiles()) {
        changed = changed.allowing(profile.id(), factors.contains(profile.id().value()));
      }
      return changed;
    });
  }

  /** Changes the policy as an admin would who does not care whom it locks out. */
  public Company policy(UnaryOperator<Policy> edit) {
    var change =
        wiring()
            .ground
            .database
            .write(
                tx -> wiring().course.policies.change(tx, id, edit, "world", world.clock().now()));
    if (!(change instanceof Policies.Change.Saved)) {
      throw new IllegalStateException("the policy was refused: " + change);
    }
    return this;
  }

  /** All factors that people set up themselves. */
  List<FactorId> factors() {
    return wiring().methods.factors.of(id).profiles().stream()
        .filter(profile -> profile.audience() == FactorProfile.Audience.EVERYONE)
        .map(FactorProfile::id)
        .collect(Collectors.toList());
  }

  /** Somebody new, with a password and without any factor; the second time, the same person. */
  public Someone person(String name) {
    return people.computeIfAbsent(name, this::newcomer);
  }

  private Someone newcomer(String name) {
    var password = "correct horse " + world.entropy().token(72);
    world.canaries().password(password);
    var hash = wiring().proofs.passwords.hash(Secret.of(password));
    var email = name + "@" + slug + ".test";
    var user =
        wiring()
            .ground
            .database
            .write(tx -> {
              var person =
                  wiring()
                      .ground
                      .people
                      .add(tx, id, People.Newcomer.named(name, email), world.clock().now());
              wiring().proofs.passwords.set(tx, id, person.id(), hash, world.clock().now());
              return person.id();
            });
    return new Someone(this, user, name, email, password);
  }

  /** A script that may do everything by the Management API. */
  public Admin admin() {
    return Admin.of(this);
  }

  /** A script that may do this much. */
  public Admin admin(String... scopes) {
    return Admin.of(this, Set.of(scopes));
  }

  /** Has defined a factor of its own by this document; tells the secret of its service, or nothing. */
  public String defining(String json) {
    var answered = admin().post("/guardian/custom-factors", json);
    if (answered.status() != 201) {
      throw new IllegalStateException(answered.status() + " " + answered.text());
    }
    return answered.json().path("signing_secret").asString("");
  }

  /** What the audit log tells. */
  public AuditTrail audit() {
    return new AuditTrail(world, this);
  }

  @Override
  public String toString() {
    return slug;
  }
}
