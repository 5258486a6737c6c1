package dev.countersign.testkit.demo;

import dev.countersign.Wiring;
import dev.countersign.enforcement.Adaptive;
import dev.countersign.enforcement.Graces;
import dev.countersign.enforcement.Match;
import dev.countersign.enforcement.Mode;
import dev.countersign.enforcement.Policy;
import dev.countersign.enforcement.Timing;
import dev.countersign.identity.Identifier;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.risk.Browser;
import dev.countersign.storage.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * People from whom more is asked than a password, for a reason: in one tenant what is noteworthy about their sign-in, in
 * another a second proof that is only being introduced. Where they were last is set anew at every start.
 */
final class Situations {
  /** Requires nothing of anyone, and follows risk. */
  static final String RISK = "situations";

  /** Introduces a second proof. */
  static final String ROLLOUT = "rollout";

  /** Rules of {@link #ROLLOUT} that would leave stella without a factor. */
  static final String LOCKING_OUT =
      """
      {"mode": "off", "rules": [
        {"name": "Staff use apps", "groups": ["staff"], "mode": "required", "allowed_factors": ["otp"]},
        {"name": "The board uses passkeys", "groups": ["board"], "mode": "required", "allowed_factors": ["webauthn-platform"]}]}
      """;

  private static final String COUNTER = "counter";

  /** Low enough for a new browser alone; high enough to stop nobody who only travels. What is rarer weighs more. */
  private static final Adaptive WATCHFUL =
      new Adaptive(
          Adaptive.State.ON,
          20,
          95,
          100,
          Map.of("new_device", 20, "new_country", 25),
          Adaptive.WithoutFactor.VERIFY_EMAIL_FIRST,
          null);

  private final Wiring wiring;
  private final Scene.Setting setting;
  private final Moment now;

  Situations(Wiring wiring, Scene.Setting setting) {
    this.wiring = wiring;
    this.setting = setting;
    this.now = Moment.of(wiring.ground.clock.instant());
  }

  /** Sets them, and tells who of {@link #RISK} is in which. */
  List<Scene.Resident> set() {
    if (wiring.ground.tenants.bySlug(RISK).isEmpty()) {
      rollout();
      risk();
    }
    var tenant = wiring.ground.tenants.bySlug(RISK).orElseThrow().id();
    was(tenant, "tara", Duration.ofDays(3));
    was(tenant, "dieter", Duration.ofDays(3));
    was(tenant, "ivan", Duration.ofHours(1));
    was(tenant, "nils", Duration.ofDays(3));
    return setting.everybody(tenant);
  }

  private void risk() {
    var tenant = setting.tenant(RISK, "Harbour Abroad", "#0b6e5f");
    var hash = wiring.proofs.passwords.hash(Secret.of(Scene.PASSWORD));
    var drawn = wiring.enrolling.codeSets.draw();
    wiring.ground.database.run(tx -> {
      setting.policy(tx, tenant, policy -> policy.withMode(Mode.OFF).with(WATCHFUL));
      int number = 20;
      for (var name : List.of("tara", "dieter", "ivan")) {
        var person =
            setting.add(tx, tenant, Scene.Setting.newcomer(name, Set.of(), number++), hash);
        setting.withApp(tx, tenant, person, drawn);
      }
      setting.add(tx, tenant, Scene.Setting.newcomer("nils", Set.of(), number), hash);
    });
  }

  private void rollout() {
    var tenant = setting.tenant(ROLLOUT, "Harbour Rollout", "#0b6e5f");
    var hash = wiring.proofs.passwords.hash(Secret.of(Scene.PASSWORD));
    wiring.ground.database.run(tx -> {
      var cleo = setting.add(tx, tenant, Scene.Setting.newcomer("cleo", Set.of(), 30), hash);
      var others = new ArrayList<Person>();
      others.add(setting.add(tx, tenant, Scene.Setting.newcomer("colin", Set.of(), 31), hash));
      var greta =
          setting.add(tx, tenant, Scene.Setting.newcomer("greta", Set.of(COUNTER), 32), hash);
      others.add(greta);
      others.add(
          setting.add(
              tx, tenant, Scene.Setting.newcomer("stella", Set.of("staff", "board"), 33), hash));
      others.add(
          setting.add(tx, tenant, Scene.Setting.newcomer("stan", Set.of("staff"), 34), hash));
      var campaign =
          Shares.reaching(10, List.of(cleo.id()), others.stream().map(Person::id).toList());
      setting.policy(
          tx,
          tenant,
          policy ->
              policy
                  .withMode(Mode.OFF)
                  .withRules(
                      List.of(
                          rule(COUNTER, "The counter needs a second proof")
                              .of(Match.of(Set.of(COUNTER), Set.of()))
                              .from(Timing.grace(null, 2)),
                          rule(campaign, "Spring campaign")
                              .of(Match.EVERYBODY.ofEvery(10))
                              .from(
                                  new Timing(
                                      null,
                                      false,
                                      null,
                                      null,
                                      now.plus(Duration.ofDays(30)),
                                      7)))));
      new Graces().putOff(tx, tenant, greta.id(), List.of(COUNTER), now);
    });
  }

  private static Policy.Rule rule(String id, String name) {
    return new Policy.Rule(id, name, Set.of(), Set.of(), Mode.REQUIRED, Set.of());
  }

  /** That they were in Berlin, in a browser that is gone. */
  private void was(TenantId tenant, String name, Duration ago) {
    wiring.ground.database.run(tx -> {
      var person = person(tx, tenant, name);
      wiring.risk.observe.forget(tx, tenant, person.id());
      wiring.risk.observe.learn(
          tx,
          tenant,
          person.id(),
          Browser.HIDDEN,
          new Occasion(now.minus(ago), Whereabouts.BERLIN.address, "", ""));
    });
  }

  private Person person(Tx tx, TenantId tenant, String name) {
    return wiring.ground.people.find(tx, tenant, Identifier.of(name)).orElseThrow();
  }
}
