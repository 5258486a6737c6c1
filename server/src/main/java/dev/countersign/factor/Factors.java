package dev.countersign.factor;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.factor.backupcodes.BackupCodes;
import dev.countersign.factor.custom.Custom;
import dev.countersign.factor.email.EmailCode;
import dev.countersign.factor.hardware.HardwareToken;
import dev.countersign.factor.push.Push;
import dev.countersign.factor.sms.Sms;
import dev.countersign.factor.totp.Totp;
import dev.countersign.factor.webauthn.WebAuthn;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.TenantId;
import dev.countersign.outbound.Callout;
import dev.countersign.tenant.TenantSettings;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Every factor there is. A new one is a folder and a line here. Beside those that every tenant has there are families, whose
 * members tenants define; {@link #of} knows both. Thread-safe.
 */
public final class Factors {
  /** The factors of Auth0's Guardian API in the order in which it lists them, whether or not they are in this build. */
  public static final List<String> GUARDIAN =
      List.of(
          "sms",
          "push-notification",
          "otp",
          "email",
          "duo",
          "webauthn-roaming",
          "webauthn-platform",
          "recovery-code");

  /** What the ids begin with that tenants give to factors of their own. */
  public static final List<String> DEFINED = List.of(Custom.PREFIX);

  private final List<Factor> all;
  private final List<FactorFamily> families;
  private final Function<TenantId, TenantSettings> settings;
  private final Consumer<TenantId> reading;
  private final Catalogue fixed;
  private final RecoveryCodes recovery;
  private final Cache<Map<String, String>, Catalogue> defined =
      Caches.begin().maximumSize(1_000).build();

  private Factors(
      List<Factor> all,
      List<FactorFamily> families,
      Function<TenantId, TenantSettings> settings,
      Consumer<TenantId> reading) {
    this.all = all;
    this.families = families;
    this.settings = settings;
    this.reading = reading;
    this.fixed = new Catalogue(all);
    this.recovery =
        all.stream()
            .filter(RecoveryCodes.class::isInstance)
            .map(RecoveryCodes.class::cast)
            .findFirst()
            .orElseThrow();
  }

  /**
   * All of this build.
   *
   * @param callout the way to services of tenants, for those that ask one
   * @param settings what a tenant has chosen, its own definitions among it; asks no database for a tenant that a request
   *     was let in for
   * @param reading reads a tenant anew, whatever is known of it here
   */
  public static Factors all(
      Entropy entropy,
      Callout callout,
      Function<TenantId, TenantSettings> settings,
      Consumer<TenantId> reading) {
    return new Factors(
        List.of(
            new Totp(entropy),
            WebAuthn.platform(entropy),
            WebAuthn.roaming(entropy),
            new Push(entropy),
            new BackupCodes(entropy),
            new EmailCode(entropy),
            new HardwareToken(),
            new Sms(entropy)),
        List.of(
            new Custom(
                entropy,
                callout,
                profile -> new Totp(entropy, profile),
                profile -> WebAuthn.of(entropy, profile))),
        settings,
        reading);
  }

  /** Those that every tenant has. */
  public Catalogue fixed() {
    return fixed;
  }

  /** Those of one tenant: the fixed ones and those that it has defined. */
  public Catalogue of(TenantId tenant) {
    return with(settings.apply(tenant)).orElse(id -> late(tenant, id));
  }

  /** The same, these among them, if there are such: another server may have been told of them just now. */
  public Catalogue of(TenantId tenant, Collection<FactorId> named) {
    var known = of(tenant);
    if (named.stream().noneMatch(id -> isDefined(id) && known.known(id).isEmpty())) {
      return known;
    }
    reading.accept(tenant);
    return of(tenant);
  }

  private boolean isDefined(FactorId id) {
    return families.stream().anyMatch(family -> id.value().startsWith(family.prefix()));
  }

  private Optional<Factor> late(TenantId tenant, FactorId id) {
    if (!isDefined(id)) {
      return Optional.empty();
    }
    reading.accept(tenant);
    return with(settings.apply(tenant)).known(id);
  }

  /** Those of a tenant that has chosen this. */
  public Catalogue with(TenantSettings chosen) {
    return chosen.factors().isEmpty() ? fixed : defined.get(chosen.factors(), this::made);
  }

  private Catalogue made(Map<String, String> definitions) {
    var own =
        new TreeMap<>(definitions)
            .entrySet().stream()
                .map(it -> member(new FactorId(it.getKey()), it.getValue()))
                .flatMap(Optional::stream);
    return new Catalogue(Stream.concat(all.stream(), own).toList());
  }

  /** What a definition makes, if it is one of a family. */
  public Optional<Factor> member(FactorId id, String definition) {
    return families.stream()
        .filter(family -> id.value().startsWith(family.prefix()))
        .map(family -> family.member(id, definition))
        .findFirst();
  }

  /** The names of {@link #GUARDIAN}, and after them those of this build that Auth0 has no name for. */
  public List<String> names() {
    return Stream.concat(
            GUARDIAN.stream(),
            fixed.profiles().stream()
                .map(FactorProfile::guardianName)
                .filter(it -> !GUARDIAN.contains(it)))
        .toList();
  }

  /** The classes beside which their words lie. */
  public List<Class<?>> speakers() {
    return Stream.<Object>concat(all.stream(), families.stream())
        .<Class<?>>map(Object::getClass)
        .toList();
  }

  public Optional<Factor> byGuardianName(String name) {
    return fixed.byGuardianName(name);
  }

  public RecoveryCodes recovery() {
    return recovery;
  }
}
