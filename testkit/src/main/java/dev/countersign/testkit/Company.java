package dev.countersign.testkit;

import dev.countersign.Wiring;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policies;
import dev.countersign.enforcement.Policy;
import dev.countersign.factor.FactorProfile;
import dev.countersign.identity.People;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

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

  /** No second proof is asked for. */
  public Company demandingNothing() {
    return policy(policy -> policy.withMode(Mode.OFF));
  }

  private Company policy(Mode mode, Set<String> factors) {
    return policy(policy -> {
      var changed = policy.withMode(mode);
      for (var profile : wiring().factors.profiles()) {
        changed = changed.allowing(profile.id(), factors.contains(profile.id().value()));
      }
      return changed;
    });
  }

  /** Changes the policy as an admin would who does not care whom it locks out. */
  public Company policy(UnaryOperator<Policy> edit) {
    var change =
        wiring()
            .database
            .write(tx -> wiring().policies.change(tx, id, edit, "world", world.clock().now()));
    if (!(change instanceof Policies.Change.Saved)) {
      throw new IllegalStateException("the policy was refused: " + change);
    }
    return this;
  }

  /** All factors that people set up themselves. */
  List<FactorId> factors() {
    return wiring().factors.profiles().stream()
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
    var hash = wiring().passwords.hash(Secret.of(password));
    var email = name + "@" + slug + ".test";
    var user =
        wiring()
            .database
            .write(tx -> {
              var person =
                  wiring()
                      .people
                      .add(tx, id, People.Newcomer.named(name, email), world.clock().now());
              wiring().passwords.set(tx, id, person.id(), hash, world.clock().now());
              return person.id();
            });
    return new Someone(this, user, name, email, password);
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
