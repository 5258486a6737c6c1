package dev.countersign.webauthn;

import dev.countersign.kernel.Json;
import dev.countersign.testkit.SoftAuthenticator.Cbor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.RSAPrivateKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed448PrivateKeyParameters;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.Ed448Signer;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.ContentSigner;

/**
 * The test vectors of WebAuthn Level 3 section 16, derived here as that section derives them: everything random by
 * HKDF-SHA-256, every ECDSA signature with the nonce of RFC 6979. So a signature that equals the published one stands for
 * all that was signed. Other roots and broken statements come of the same making.
 */
final class Level3Vectors {
  private static final String RP = "example.org";
  private static final String ORIGIN = "https://example.org";

  /** In the order of COSE (RFC 9053 section 7.1). */
  private static final List<String> CURVES = List.of("secp256r1", "secp384r1", "secp521r1");

  private static final Date FROM = Date.from(Instant.parse("2024-01-01T00:00:00Z"));
  private static final Date TO = Date.from(Instant.parse("3024-01-01T00:00:00Z"));

  private final Pair root;
  private final X500Name rootName = name("Authenticator Attestation CA");

  /** What is broken in a statement. */
  record Broken(UnaryOperator<byte[]> certInfo, byte[] aaguidInCertificate) {
    static final Broken NOT = new Broken(UnaryOperator.identity(), new byte[0]);

    static Broken certInfo(UnaryOperator<byte[]> edit) {
      return new Broken(edit, new byte[0]);
    }

    static Broken certificateFor(byte[] aaguid) {
      return new Broken(UnaryOperator.identity(), aaguid);
    }
  }

  /**
   * One pair of ceremonies.
   *
   * @param registration what a browser would send, in JSON
   * @param attested the signature of the attestation statement; of Apple's its certificate's; empty where there is none
   * @param signature of the answer
   */
  record Ceremony(
      String challenge,
      String registration,
      byte[] attested,
      String answerChallenge,
      String answer,
      byte[] signature) {}

  /** With the root of the standard. */
  Level3Vectors() {
    this("Attestation CA");
  }

  /** With another root of the same name. */
  Level3Vectors(String rootInfo) {
    this.root = new Pair("secp256r1", new Random(rootInfo).next(32));
  }

  /** The certificate of the root, as a tenant sets it. */
  String rootPem() {
    var builder =
        new X509v3CertificateBuilder(
            rootName,
            new BigInteger(1, new byte[] {1}),
            FROM,
            TO,
            rootName,
            SubjectPublicKeyInfo.getInstance(root.spki()));
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      var out = new StringWriter();
      try (var pem = new JcaPEMWriter(out)) {
        pem.writeObject(builder.build(new Deterministic(root)));
      }
      return out.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Ceremony of(String info) {
    return of(info, Broken.NOT);
  }

  Ceremony of(String info, Broken broken) {
    var random = new Random(info);
    int length = info.equals("packed.ES512") ? 128 : 32;
    var challenge = random.next(length);
    Key key = key(info, random);
    var client = client(random, "webauthn.create", challenge, info);
    var aaguid = random.next(16);
    var id = random.next(info.endsWith("long-credential-id") ? 1023 : 32);
    boolean u2f = info.startsWith("fido-u2f");
    int flags = u2f ? 0 : random.next(1)[0] & 0x1c;
    flags = (flags & 0x08) == 0 ? flags & ~0x18 : flags;
    var data = new ByteArrayOutputStream();
    data.writeBytes(header(flags | 0x41));
    data.writeBytes(aaguid);
    data.write(id.length >> 8);
    data.write(id.length);
    data.writeBytes(id);
    data.writeBytes(key.cose());
    var made = data.toByteArray();
    var statement = statement(info, random, key, made, client, id, broken);
    var attestation =
        Cbor.map(3)
            .text("fmt")
            .text(statement.format())
            .text("attStmt")
            .raw(statement.map())
            .text("authData")
            .bytes(made)
            .done();

    var again = random.next(length);
    var asked = client(random, "webauthn.get", again, info);
    int seen = random.next(1)[0] & 0x14;
    seen = (flags & 0x08) == 0 ? seen & ~0x18 : seen;
    var answered = header(seen | (flags & 0x08) | 0x01);
    var signature = key.sign(joined(answered, sha256(asked)));

    return new Ceremony(
        text(challenge),
        sent(
            id,
            Json.object()
                .put("clientDataJSON", text(client))
                .put("attestationObject", text(attestation))),
        statement.signature(),
        text(again),
        sent(
            id,
            Json.object()
                .put("clientDataJSON", text(asked))
                .put("authenticatorData", text(answered))
                .put("signature", text(signature))),
        signature);
  }

  private static String sent(byte[] id, tools.jackson.databind.node.ObjectNode response) {
    var out = Json.object().put("id", text(id)).put("rawId", text(id)).put("type", "public-key");
    out.set("response", response);
    return Json.write(out);
  }

  private static byte[] header(int flags) {
    return ByteBuffer.allocate(37)
        .put(sha256(RP.getBytes(StandardCharsets.UTF_8)))
        .put((byte) flags)
        .putInt(0)
        .array();
  }

  private static byte[] client(Random random, String type, byte[] challenge, String info) {
    boolean framed = info.endsWith("crossOrigin") || info.endsWith("topOrigin");
    var json = new StringBuilder();
    json.append("{\"type\":\"").append(type);
    json.append("\",\"challenge\":\"").append(text(challenge));
    json.append("\",\"origin\":\"").append(ORIGIN);
    json.append("\",\"crossOrigin\":").append(framed);
    if (info.endsWith("topOrigin")) {
      json.append(",\"topOrigin\":\"https://example.com\"");
    }
    if ((random.next(1)[0] & 1) != 0) {
      json.append(",\"extraData\":\"clientDataJSON may be extended with additional fields in the")
          .append(" future, such as this: ")
          .append(text(random.next(16)))
          .append('"');
    }
    return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  // Statements

  private record Statement(String format, byte[] map, byte[] signature) {}

  private Statement statement(
      String info, Random random, Key key, byte[] data, byte[] client, byte[] id, Broken broken) {
    var signed = joined(data, sha256(client));
    return switch (info.substring(0, info.indexOf('.'))) {
      case "none" -> new Statement("none", new byte[] {(byte) 0xa0}, new byte[0]);
      case "packed-self" -> {
        var signature = key.sign(signed);
        yield new Statement(
            "packed",
            Cbor.map(2).text("alg").number(-7).text("sig").bytes(signature).done(),
            signature);
      }
      case "packed" -> {
        var own = new Pair("secp256r1", random.next(32));
        var certificate = certificate(own, random, subject(), it -> named(it, broken));
        var signature = own.sign(signed);
        yield new Statement("packed", chained(signature, certificate), signature);
      }
      case "android-key" -> {
        var own = (Pair) key;
        var certificate =
            certificate(
                own,
                random,
                subject(),
                it ->
                    it.addExtension(
                        new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.1.17"),
                        false,
                        androidKey(sha256(client))));
        var signature = own.sign(signed);
        yield new Statement("android-key", chained(signature, certificate), signature);
      }
      case "apple" -> {
        var own = (Pair) key;
        var certificate =
            certificate(
                own,
                random,
                subject(),
                it ->
                    it.addExtension(
                        new ASN1ObjectIdentifier("1.2.840.113635.100.8.2"),
                        false,
                        new DERSequence(
                            new DERTaggedObject(true, 1, new DEROctetString(sha256(signed))))));
        yield new Statement(
            "apple",
            Cbor.map(1).text("x5c").list(1).bytes(encoded(certificate)).done(),
            certificate.getSignature());
      }
      case "fido-u2f" -> {
        var own = new Pair("secp256r1", random.next(32));
        var certificate = certificate(own, random, subject(), _ -> {});
        var out = new ByteArrayOutputStream();
        out.write(0);
        out.writeBytes(sha256(RP.getBytes(StandardCharsets.UTF_8)));
        out.writeBytes(sha256(client));
        out.writeBytes(id);
        out.writeBytes(((Pair) key).point());
        var signature = own.sign(out.toByteArray());
        yield new Statement(
            "fido-u2f",
            Cbor.map(2)
                .text("sig")
                .bytes(signature)
                .text("x5c")
                .list(1)
                .bytes(encoded(certificate))
                .done(),
            signature);
      }
      case "tpm" -> tpm(random, (Pair) key, sha256(signed), broken);
      default -> throw new IllegalArgumentException(info);
    };
  }

  private static void named(X509v3CertificateBuilder builder, Broken broken) throws IOException {
    if (broken.aaguidInCertificate().length > 0) {
      builder.addExtension(
          new ASN1ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4"),
          false,
          new DEROctetString(broken.aaguidInCertificate()));
    }
  }

  private static byte[] chained(byte[] signature, X509CertificateHolder certificate) {
    return Cbor.map(3)
        .text("alg")
        .number(-7)
        .text("sig")
        .bytes(signature)
        .text("x5c")
        .list(1)
        .bytes(encoded(certificate))
        .done();
  }

  /** KeyDescription of Android's key attestation, version 300: made for signing, on the device, in its hardware. */
  private static ASN1Encodable androidKey(byte[] challenge) {
    var enforced =
        new DERSequence(
            new ASN1Encodable[] {
              new DERTaggedObject(true, 1, new DERSet(new ASN1Integer(2))),
              new DERTaggedObject(true, 702, new ASN1Integer(0))
            });
    return new DERSequence(
        new ASN1Encodable[] {
          new ASN1Integer(300),
          new ASN1Enumerated(0),
          new ASN1Integer(0),
          new ASN1Enumerated(0),
          new DEROctetString(challenge),
          new DEROctetString(new byte[0]),
          new DERSequence(),
          enforced
        });
  }

  /** TPM 2.0 part 2: TPMT_PUBLIC of an ECDSA key, and TPMS_ATTEST of TPM2_Certify. */
  private Statement tpm(Random random, Pair key, byte[] extra, Broken broken) {
    var area = new ByteArrayOutputStream();
    area.writeBytes(HexFormat.of().parseHex("0023000b00040000" + "0000" + "0010001000030010"));
    area.write(0);
    area.write(32);
    area.writeBytes(Arrays.copyOfRange(key.point(), 1, 33));
    area.write(0);
    area.write(32);
    area.writeBytes(Arrays.copyOfRange(key.point(), 33, 65));
    var pubArea = area.toByteArray();
    var info = new ByteArrayOutputStream();
    info.writeBytes(HexFormat.of().parseHex("ff544347" + "8017" + "0000" + "0020"));
    info.writeBytes(extra);
    info.writeBytes(
        HexFormat.of().parseHex("0000000000000000111111112222222233" + "0000000000000000"));
    info.writeBytes(HexFormat.of().parseHex("0022000b"));
    info.writeBytes(sha256(pubArea));
    info.writeBytes(HexFormat.of().parseHex("0000"));
    var certInfo = broken.certInfo().apply(info.toByteArray());
    var own = new Pair("secp256r1", random.next(32));
    var certificate =
        certificate(
            own,
            random,
            X500Name.getInstance(new DERSequence()),
            it -> {
              it.addExtension(
                  Extension.extendedKeyUsage,
                  false,
                  new ExtendedKeyUsage(
                      KeyPurposeId.getInstance(new ASN1ObjectIdentifier("2.23.133.8.3"))));
              it.addExtension(
                  Extension.subjectAlternativeName,
                  true,
                  new GeneralNames(
                      new GeneralName(
                          X500Name.getInstance(
                              new DERSequence(
                                  new RDN(
                                      new AttributeTypeAndValue[] {
                                        tpmName(1, "id:00000000"),
                                        tpmName(2, "WebAuthn test vectors"),
                                        tpmName(3, "id:00000000")
                                      }))))));
            });
    var signature = own.sign(certInfo);
    return new Statement(
        "tpm",
        Cbor.map(6)
            .text("alg")
            .number(-7)
            .text("sig")
            .bytes(signature)
            .text("ver")
            .text("2.0")
            .text("x5c")
            .list(1)
            .bytes(encoded(certificate))
            .text("pubArea")
            .bytes(pubArea)
            .text("certInfo")
            .bytes(certInfo)
            .done(),
        signature);
  }

  private static AttributeTypeAndValue tpmName(int last, String value) {
    return new AttributeTypeAndValue(
        new ASN1ObjectIdentifier("2.23.133.2." + last), new DERUTF8String(value));
  }

  // Certificates

  private static X500Name name(String unit) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.CN, "WebAuthn test vectors")
        .addRDN(BCStyle.O, "W3C")
        .addRDN(BCStyle.OU, unit)
        .addRDN(BCStyle.C, "AA")
        .build();
  }

  private static X500Name subject() {
    return name("Authenticator Attestation");
  }

  private interface Extending {
    void extend(X509v3CertificateBuilder builder) throws IOException;
  }

  private X509CertificateHolder certificate(
      Pair own, Random random, X500Name subject, Extending extending) {
    var builder =
        new X509v3CertificateBuilder(
            rootName,
            new BigInteger(1, random.next(16)),
            FROM,
            TO,
            subject,
            SubjectPublicKeyInfo.getInstance(own.spki()));
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(sha1(own.point())));
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(sha1(root.point())));
      extending.extend(builder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return builder.build(new Deterministic(root));
  }

  private static byte[] encoded(X509CertificateHolder certificate) {
    try {
      return certificate.getEncoded();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Deterministic(Pair key, ByteArrayOutputStream out) implements ContentSigner {
    Deterministic(Pair key) {
      this(key, new ByteArrayOutputStream());
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    }

    @Override
    public OutputStream getOutputStream() {
      return out;
    }

    @Override
    public byte[] getSignature() {
      return key.sign(out.toByteArray());
    }
  }

  // Keys

  private interface Key {
    byte[] cose();

    byte[] sign(byte[] what);
  }

  private static Key key(String info, Random random) {
    return switch (info.substring(info.indexOf('.') + 1)) {
      case "ES384" -> new Pair("secp384r1", random.next(48));
      case "ES512" -> new Pair("secp521r1", random.next(65));
      case "RS256" -> new Rsa();
      case "EdDSA" -> new Ed25519(new Ed25519PrivateKeyParameters(random.next(32)));
      case "Ed448" -> new Ed448(new Ed448PrivateKeyParameters(random.next(57)));
      default -> new Pair("secp256r1", random.next(32));
    };
  }

  /** A key pair for ECDSA. */
  private record Pair(String curve, byte[] secret) implements Key {
    private X9ECParameters parameters() {
      return SECNamedCurves.getByName(curve);
    }

    /** Uncompressed (SEC 1 section 2.3.3). */
    byte[] point() {
      return parameters().getG().multiply(new BigInteger(1, secret)).getEncoded(false);
    }

    byte[] spki() {
      try {
        return new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(
                    X9ObjectIdentifiers.id_ecPublicKey, ECNamedCurveTable.getOID(curve)),
                point())
            .getEncoded();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private int size() {
      return (point().length - 1) / 2;
    }

    @Override
    public byte[] cose() {
      int which = CURVES.indexOf(curve);
      return Cbor.map(5)
          .number(1)
          .number(2)
          .number(3)
          .number(new int[] {-7, -35, -36}[which])
          .number(-1)
          .number(which + 1)
          .number(-2)
          .bytes(Arrays.copyOfRange(point(), 1, 1 + size()))
          .number(-3)
          .bytes(Arrays.copyOfRange(point(), 1 + size(), 1 + 2 * size()))
          .done();
    }

    @Override
    public byte[] sign(byte[] what) {
      int which = CURVES.indexOf(curve);
      var signer =
          new ECDSASigner(
              new HMacDSAKCalculator(
                  which == 0
                      ? new SHA256Digest()
                      : which == 1 ? new SHA384Digest() : new SHA512Digest()));
      var it = parameters();
      signer.init(
          true,
          new ECPrivateKeyParameters(
              new BigInteger(1, secret),
              new ECDomainParameters(it.getCurve(), it.getG(), it.getN(), it.getH())));
      var parts =
          signer.generateSignature(
              hash(new String[] {"SHA-256", "SHA-384", "SHA-512"}[which], what));
      try {
        return new DERSequence(
                new ASN1Encodable[] {new ASN1Integer(parts[0]), new ASN1Integer(parts[1])})
            .getEncoded();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Of the two smallest Mersenne primes of at least 1024 bits. */
  private record Rsa() implements Key {
    private static final BigInteger P = BigInteger.TWO.pow(1279).subtract(BigInteger.ONE);
    private static final BigInteger Q = BigInteger.TWO.pow(2203).subtract(BigInteger.ONE);
    private static final BigInteger E = BigInteger.valueOf(65537);

    @Override
    public byte[] cose() {
      var n = P.multiply(Q).toByteArray();
      return Cbor.map(4)
          .number(1)
          .number(3)
          .number(3)
          .number(-257)
          .number(-1)
          .bytes(n[0] == 0 ? Arrays.copyOfRange(n, 1, n.length) : n)
          .number(-2)
          .bytes(new byte[] {1, 0, 1})
          .done();
    }

    @Override
    public byte[] sign(byte[] what) {
      var one = BigInteger.ONE;
      var d = E.modInverse(P.subtract(one).multiply(Q.subtract(one)));
      try {
        var signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(
            KeyFactory.getInstance("RSA").generatePrivate(new RSAPrivateKeySpec(P.multiply(Q), d)));
        signer.update(what);
        return signer.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private record Ed25519(Ed25519PrivateKeyParameters secret) implements Key {
    @Override
    public byte[] cose() {
      return edwards(-8, 6, secret.generatePublicKey().getEncoded());
    }

    @Override
    public byte[] sign(byte[] what) {
      var signer = new Ed25519Signer();
      signer.init(true, secret);
      signer.update(what, 0, what.length);
      return signer.generateSignature();
    }
  }

  private record Ed448(Ed448PrivateKeyParameters secret) implements Key {
    @Override
    public byte[] cose() {
      return edwards(-53, 7, secret.generatePublicKey().getEncoded());
    }

    @Override
    public byte[] sign(byte[] what) {
      var signer = new Ed448Signer(new byte[0]);
      signer.init(true, secret);
      signer.update(what, 0, what.length);
      return signer.generateSignature();
    }
  }

  private static byte[] edwards(int algorithm, int curve, byte[] point) {
    return Cbor.map(4)
        .number(1)
        .number(1)
        .number(3)
        .number(algorithm)
        .number(-1)
        .number(curve)
        .number(-2)
        .bytes(point)
        .done();
  }

  // Bytes

  /** What is random in one vector, in the order in which it is drawn. */
  private static final class Random {
    private final String info;
    private int drawn;

    Random(String info) {
      this.info = info;
    }

    byte[] next(int length) {
      var hkdf = new HKDFBytesGenerator(new SHA256Digest());
      hkdf.init(
          new HKDFParameters(
              "WebAuthn test vectors".getBytes(StandardCharsets.UTF_8),
              new byte[] {(byte) drawn++},
              info.getBytes(StandardCharsets.UTF_8)));
      var out = new byte[length];
      hkdf.generateBytes(out, 0, length);
      return out;
    }
  }

  private static byte[] joined(byte[] one, byte[] other) {
    var all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }

  private static byte[] sha1(byte[] what) {
    return hash("SHA-1", what);
  }

  private static byte[] sha256(byte[] what) {
    return hash("SHA-256", what);
  }

  private static byte[] hash(String algorithm, byte[] what) {
    try {
      return MessageDigest.getInstance(algorithm).digest(what);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
