package dev.countersign.bench;

import dev.countersign.delivery.Dispatch;
import dev.countersign.factor.Answer;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Factor;
import dev.countersign.factor.Prompt;
import dev.countersign.factor.Scene;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Secret;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to judge a right answer, without its transaction, beside the signature check that a passkey's contains. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class FactorChecksBench {
  private @Nullable World world;
  private @Nullable Case passkey;
  private @Nullable Case text;
  private @Nullable KeyPair keys;
  private byte[] signature = {};

  private static final byte[] SIGNED = new byte[69]; // authenticator data and a hash

  /** A question and its right answer. */
  private record Case(
      Factor factor, Scene scene, List<Enrolment> mine, Optional<Secret> memo, Answer answer) {
    Factor.Verdict judged() {
      var verdict = factor.check(scene, mine, memo, answer);
      if (!(verdict instanceof Factor.Verdict.Accepted)) {
        throw new IllegalStateException("not accepted: " + verdict);
      }
      return verdict;
    }
  }

  @Setup
  public void setUp() throws GeneralSecurityException {
    var made = World.on(Engine.EMBEDDED).make();
    world = made;
    var acme = made.tenant("acme").texting();
    passkey = ready(made, acme.person("ana").enrolledIn("webauthn-platform"), "webauthn-platform");
    text = ready(made, acme.person("ben").enrolledIn("sms"), "sms");
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    var pair = generator.generateKeyPair();
    keys = pair;
    var signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(pair.getPrivate());
    signer.update(SIGNED);
    signature = signer.sign();
  }

  private static Case ready(World world, Someone who, String factorId) {
    var id = new FactorId(factorId);
    var wiring = world.wiring();
    var factor = wiring.methods.factors.of(who.company().id()).get(id);
    var scene = who.scene(id);
    var mine =
        wiring.ground.database.read(tx -> wiring.methods.enrolments.active(tx, who.company().id(), who.id(), id));
    var posed = factor.pose(scene, mine);
    var answer =
        posed.prompt() instanceof Prompt.Credential(var _, var options)
            ? new Answer(
                Map.of("credential", Secret.of(who.authenticator(factorId).signs(options))))
            : Answer.ofCode(posed.dispatch().map(it -> ((Dispatch.Text) it).code()).orElseThrow());
    return new Case(factor, scene, mine, Optional.of(posed.memo()), answer);
  }

  @TearDown
  public void tearDown() {
    Objects.requireNonNull(world).close();
  }

  @Benchmark
  public Factor.Verdict passkeyAssertion() {
    return Objects.requireNonNull(passkey).judged();
  }

  @Benchmark
  public Factor.Verdict codeByText() {
    return Objects.requireNonNull(text).judged();
  }

  /** The yardstick: the one signature that an assertion is checked by. */
  @Benchmark
  public boolean es256Verification() throws GeneralSecurityException {
    var verifier = Signature.getInstance("SHA256withECDSA");
    verifier.initVerify(Objects.requireNonNull(keys).getPublic());
    verifier.update(SIGNED);
    return verifier.verify(signature);
  }
}
