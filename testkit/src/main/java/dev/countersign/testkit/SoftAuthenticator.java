package dev.countersign.testkit;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Json;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * An authenticator and its browser in one, holding one ES256 key: it does what WebAuthn Level 3 says, and any single step
 * of it wrong when told to. What it is told counts until it is {@link #honest} again. Not thread-safe.
 */
public final class SoftAuthenticator {
  private static final int UP = 0x01;
  private static final int UV = 0x04;
  private static final int BE = 0x08;
  private static final int BS = 0x10;
  private static final int AT = 0x40;

  private final KeyPair keys;
  private byte[] id;
  private byte[] aaguid = new byte[16];
  private byte[] handle = new byte[0];
  private int standing = UP | UV | BE | BS;
  private boolean counting;
  private long counter;
  private int algorithm = -7;

  private String origin;
  private UnaryOperator<ObjectNode> clientData;
  private UnaryOperator<ObjectNode> credential;
  private IntUnaryOperator flags;
  private @Nullable String relyingParty;
  private boolean forging;
  private Statement statement;

  /** How it says who made it: the statement's format and, but for {@code none}, its CBOR map made from what is signed. */
  public interface Statement {
    Statement NONE = new None();

    String format();

    byte[] map(KeyPair keys, byte[] signed);

    /** Says nothing. */
    record None() implements Statement {
      @Override
      public String format() {
        return "none";
      }

      @Override
      public byte[] map(KeyPair keys, byte[] signed) {
        return new byte[] {(byte) 0xa0};
      }
    }

    /** Signs with the credential's own key. */
    record Self() implements Statement {
      @Override
      public String format() {
        return "packed";
      }

      @Override
      public byte[] map(KeyPair keys, byte[] signed) {
        return Cbor.map(2).text("alg").number(-7).text("sig").bytes(sign(keys, signed)).done();
      }
    }
  }

  /** A synced passkey that verifies its user, at a page of that origin. */
  public SoftAuthenticator(Entropy entropy, String origin) {
    this.keys = pair();
    this.id = entropy.bytes(16);
    this.origin = origin;
    this.clientData = UnaryOperator.identity();
    this.credential = UnaryOperator.identity();
    this.flags = IntUnaryOperator.identity();
    this.statement = Statement.NONE;
  }

  private static KeyPair pair() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  // What it is

  /** Its key cannot leave it, and it counts its signatures. */
  public SoftAuthenticator bound() {
    standing &= ~(BE | BS);
    counting = true;
    return this;
  }

  /** The copy in the cloud comes or goes. */
  public SoftAuthenticator backedUp(boolean is) {
    standing = is ? standing | BS : standing & ~BS;
    return this;
  }

  public SoftAuthenticator model(String uuid) {
    var hex = uuid.replace("-", "");
    aaguid = java.util.HexFormat.of().parseHex(hex);
    return this;
  }

  public SoftAuthenticator called(byte[] credentialId) {
    id = credentialId.clone();
    return this;
  }

  public SoftAuthenticator counterAt(long value) {
    counting = true;
    counter = value;
    return this;
  }

  public SoftAuthenticator attesting(Statement how) {
    statement = how;
    return this;
  }

  /** Says that its key is of another algorithm (RFC 9053). */
  public SoftAuthenticator claimingAlgorithm(int cose) {
    algorithm = cose;
    return this;
  }

  public String id() {
    return text(id);
  }

  public byte[] cosePublicKey() {
    return cose();
  }

  /** Names another person. */
  public SoftAuthenticator knowing(byte[] userHandle) {
    handle = userHandle.clone();
    return this;
  }

  // What it does wrong

  public SoftAuthenticator at(String anotherOrigin) {
    origin = anotherOrigin;
    return this;
  }

  public SoftAuthenticator tellingClientData(UnaryOperator<ObjectNode> edit) {
    clientData = edit;
    return this;
  }

  public SoftAuthenticator sending(UnaryOperator<ObjectNode> edit) {
    credential = edit;
    return this;
  }

  public SoftAuthenticator flags(IntUnaryOperator edit) {
    flags = edit;
    return this;
  }

  public SoftAuthenticator withoutVerification() {
    return flags(it -> it & ~UV);
  }

  public SoftAuthenticator withoutPresence() {
    return flags(it -> it & ~UP);
  }

  public SoftAuthenticator backedUpThoughNotEligible() {
    return flags(it -> (it & ~BE) | BS);
  }

  public SoftAuthenticator withEligibilityTurned() {
    return flags(it -> (it ^ BE) & ~BS);
  }

  public SoftAuthenticator forRelyingParty(String another) {
    relyingParty = another;
    return this;
  }

  public SoftAuthenticator forging() {
    forging = true;
    return this;
  }

  /** Forgets what it was told to do wrong. */
  public SoftAuthenticator honest() {
    clientData = UnaryOperator.identity();
    credential = UnaryOperator.identity();
    flags = IntUnaryOperator.identity();
    relyingParty = null;
    forging = false;
    return this;
  }

  // Ceremonies

  /** Makes the key that these options ask for (section 6.3.2). */
  public String creates(String options) {
    var asked = Json.tree(options);
    if (handle.length == 0) {
      handle = bytes(asked.path("user").path("id").asString());
    }
    var client = client("webauthn.create", asked.path("challenge").asString());
    var data = new ByteArrayOutputStream();
    data.writeBytes(header(asked.path("rp").path("id").asString(), AT));
    data.writeBytes(aaguid);
    data.write(id.length >> 8);
    data.write(id.length);
    data.writeBytes(id);
    data.writeBytes(cose());
    var attestation =
        Cbor.map(3)
            .text("fmt")
            .text(statement.format())
            .text("attStmt")
            .raw(statement.map(keys, joined(data.toByteArray(), sha256(client))))
            .text("authData")
            .bytes(data.toByteArray())
            .done();
    ObjectNode response =
        Json.object()
            .put("clientDataJSON", text(client))
            .put("attestationObject", text(attestation));
    response.set("transports", Json.array().add("internal"));
    return sent(response);
  }

  /** Signs what these options ask for (section 6.3.3). */
  public String signs(String options) {
    var asked = Json.tree(options);
    if (counting) {
      counter++;
    }
    var client = client("webauthn.get", asked.path("challenge").asString());
    var data = header(asked.path("rpId").asString(), 0);
    var signature = sign(keys, joined(data, sha256(client)));
    if (forging) {
      signature = sign(pair(), joined(data, sha256(client)));
    }
    return sent(
        Json.object()
            .put("clientDataJSON", text(client))
            .put("authenticatorData", text(data))
            .put("signature", text(signature))
            .put("userHandle", text(handle)));
  }

  private byte[] client(String type, String challenge) {
    ObjectNode told =
        Json.object()
            .put("type", type)
            .put("challenge", challenge)
            .put("origin", origin)
            .put("crossOrigin", false);
    return Json.writeBytes(clientData.apply(told));
  }

  private byte[] header(String asked, int more) {
    var party = relyingParty == null ? asked : relyingParty;
    var out = ByteBuffer.allocate(37);
    out.put(sha256(party.getBytes(StandardCharsets.UTF_8)));
    out.put((byte) (flags.applyAsInt(standing) | more));
    out.putInt((int) counter);
    return out.array();
  }

  private String sent(ObjectNode response) {
    ObjectNode out =
        Json.object().put("id", text(id)).put("rawId", text(id)).put("type", "public-key");
    out.set("response", response);
    out.set("clientExtensionResults", Json.object());
    return Json.write(credential.apply(out));
  }

  private byte[] cose() {
    var point = ((ECPublicKey) keys.getPublic()).getW();
    return Cbor.map(5)
        .number(1)
        .number(2)
        .number(3)
        .number(algorithm)
        .number(-1)
        .number(1)
        .number(-2)
        .bytes(fixed(point.getAffineX()))
        .number(-3)
        .bytes(fixed(point.getAffineY()))
        .done();
  }

  private static byte[] fixed(BigInteger coordinate) {
    var bytes = coordinate.toByteArray();
    var out = new byte[32];
    int kept = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - kept, out, 32 - kept, kept);
    return out;
  }

  static byte[] sign(KeyPair keys, byte[] what) {
    try {
      var signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(what);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] joined(byte[] one, byte[] other) {
    var all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }

  private static byte[] sha256(byte[] what) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(what);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] bytes(String base64url) {
    return Base64.getUrlDecoder().decode(base64url);
  }

  /** As much of CBOR (RFC 8949) as authenticators write. */
  public static final class Cbor {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public static Cbor map(int pairs) {
      var cbor = new Cbor();
      cbor.head(5, pairs);
      return cbor;
    }

    public Cbor text(String text) {
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      head(3, bytes.length);
      return raw(bytes);
    }

    public Cbor bytes(byte[] bytes) {
      head(2, bytes.length);
      return raw(bytes);
    }

    public Cbor number(int number) {
      head(number < 0 ? 1 : 0, number < 0 ? -1 - number : number);
      return this;
    }

    public Cbor list(int items) {
      head(4, items);
      return this;
    }

    public Cbor raw(byte[] bytes) {
      out.writeBytes(bytes);
      return this;
    }

    private void head(int major, int value) {
      if (value < 24) {
        out.write(major << 5 | value);
      } else if (value < 256) {
        out.write(major << 5 | 24);
        out.write(value);
      } else {
        out.write(major << 5 | 25);
        out.write(value >> 8);
        out.write(value);
      }
    }

    public byte[] done() {
      return out.toByteArray();
    }
  }
}
