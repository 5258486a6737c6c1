package dev.countersign.tls;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.OwnersOnly;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority for trying HTTPS out, made at first use. A developer may trust its {@code ca.pem}: name
 * constraints (RFC 5280 section 4.2.1.10) keep it from vouching for any host but the loopback ones and those configured,
 * even if its key leaks. Not for many threads at once.
 */
public final class DevelopmentCa {
  private static final Duration AUTHORITY_LIFE = Duration.ofDays(3_650);
  private static final Duration LEAF_LIFE = Duration.ofDays(90);
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  /** How much earlier than now a certificate starts, for clients whose clock is behind. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private static final List<String> LOOPBACK =
      List.of("localhost", "*.localhost", "127.0.0.1", "::1");
  private static final X500Name ISSUER = new X500Name("CN=Countersign development authority");
  private static final X500Name SUBJECT = new X500Name("CN=Countersign development server");

  private final Path folder;
  private final Entropy entropy;

  public DevelopmentCa(Path folder, Entropy entropy) {
    this.folder = folder;
    this.entropy = entropy;
  }

  /** The authority's certificate, for clients to trust. */
  public Path certificate() {
    return folder.resolve("ca.pem");
  }

  /**
   * A certificate for the loopback names and {@code hosts}: the one at hand, unless it soon expires or lacks a host.
   *
   * @param hosts host names, wildcards such as {@code *.example.test}, or IP addresses
   */
  public ServerIdentity identity(Collection<String> hosts, Moment now) {
    Set<String> names = new TreeSet<>(LOOPBACK);
    names.addAll(hosts);
    try {
      OwnersOnly.folder(folder);
      ServerIdentity authority = authority(names, now);
      Path certificate = folder.resolve("server.pem");
      Path key = folder.resolve("server.key");
      Optional<ServerIdentity> leaf =
          kept(certificate, key).filter(kept -> serves(kept, authority, names, now));
      if (leaf.isPresent()) {
        return leaf.get();
      }
      ServerIdentity fresh = makeLeaf(authority, names, now);
      keep(fresh, certificate, key);
      return fresh;
    } catch (IOException e) {
      throw new ServerIdentity.Unusable("the development authority cannot be kept in " + folder, e);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new ServerIdentity.Unusable("the development authority cannot sign", e);
    }
  }

  private ServerIdentity authority(Set<String> names, Moment now)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    Path key = folder.resolve("ca.key");
    Optional<ServerIdentity> known = kept(certificate(), key);
    if (known.isPresent()
        && lasts(known.get(), now, LEAF_LIFE)
        && mayVouchFor(known.get(), names)) {
      return known.get();
    }
    ServerIdentity fresh = makeAuthority(names, now);
    keep(fresh, certificate(), key);
    return fresh;
  }

  private ServerIdentity makeAuthority(Set<String> names, Moment now)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    KeyPair pair = newKeys();
    var builder = builder(ISSUER, pair.getPublic(), ISSUER, now, AUTHORITY_LIFE);
    var extensions = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        extensions.createSubjectKeyIdentifier(pair.getPublic()));
    builder.addExtension(
        Extension.nameConstraints, true, new NameConstraints(permitted(names), null));
    return signed(builder, pair, pair, List.of());
  }

  private ServerIdentity makeLeaf(ServerIdentity authority, Set<String> names, Moment now)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    KeyPair pair = newKeys();
    var builder = builder(ISSUER, pair.getPublic(), SUBJECT, now, LEAF_LIFE);
    var extensions = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        extensions.createSubjectKeyIdentifier(pair.getPublic()));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        extensions.createAuthorityKeyIdentifier(authority.certificate().getPublicKey()));
    GeneralName[] subjects =
        names.stream().map(DevelopmentCa::generalName).toArray(GeneralName[]::new);
    builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(subjects));
    var signer = new KeyPair(authority.certificate().getPublicKey(), authority.key());
    return signed(builder, pair, signer, authority.chain());
  }

  /** RFC 5280 section 4.1.2.2 asks for a positive serial of at most 20 octets. */
  private JcaX509v3CertificateBuilder builder(
      X500Name issuer, PublicKey key, X500Name subject, Moment now, Duration life) {
    var serial = new BigInteger(1, entropy.bytes(16));
    var from = Date.from(now.minus(BACKDATED).instant());
    var until = Date.from(now.plus(life).instant());
    return new JcaX509v3CertificateBuilder(issuer, serial, from, until, subject, key);
  }

  private static ServerIdentity signed(
      JcaX509v3CertificateBuilder builder,
      KeyPair subject,
      KeyPair signer,
      List<X509Certificate> above)
      throws GeneralSecurityException, OperatorCreationException {
    var holder =
        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()));
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(new JcaX509CertificateConverter().getCertificate(holder));
    chain.addAll(above);
    return new ServerIdentity(subject.getPrivate(), chain);
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static boolean serves(
      ServerIdentity leaf, ServerIdentity authority, Set<String> names, Moment now) {
    return leaf.chain().getLast().equals(authority.certificate())
        && lasts(leaf, now, RENEW_BEFORE)
        && namesIn(leaf).containsAll(addressed(names));
  }

  private static boolean lasts(ServerIdentity identity, Moment now, Duration atLeast) {
    return now.plus(atLeast).isBefore(Moment.of(identity.certificate().getNotAfter().toInstant()));
  }

  private static Set<String> namesIn(ServerIdentity leaf) {
    Set<String> names = new HashSet<>();
    try {
      for (List<?> name : leaf.certificate().getSubjectAlternativeNames()) {
        names.add(String.valueOf(name.get(1)));
      }
    } catch (CertificateParsingException _) {
      return Set.of();
    }
    return addressed(names);
  }

  /** The same names with IP addresses written in one way. */
  private static Set<String> addressed(Set<String> names) {
    Set<String> addressed = new HashSet<>();
    names.forEach(name ->
        addressed.add(isAddress(name) ? InetAddress.ofLiteral(name).getHostAddress() : name));
    return addressed;
  }

  /** The fewest subtrees that hold all names: a domain stands for its subdomains too. */
  private static GeneralSubtree[] permitted(Set<String> names) {
    Set<String> domains = new TreeSet<>();
    names.forEach(name -> domains.add(name.startsWith("*.") ? name.substring(2) : name));
    return domains.stream()
        .filter(name -> domains.stream().noneMatch(other -> name.endsWith("." + other)))
        .map(DevelopmentCa::subtree)
        .toArray(GeneralSubtree[]::new);
  }

  private static GeneralSubtree subtree(String name) {
    if (!isAddress(name)) {
      return new GeneralSubtree(new GeneralName(GeneralName.dNSName, name));
    }
    byte[] address = InetAddress.ofLiteral(name).getAddress();
    byte[] addressAndMask = Arrays.copyOf(address, address.length * 2);
    Arrays.fill(addressAndMask, address.length, addressAndMask.length, (byte) 0xff);
    return new GeneralSubtree(
        new GeneralName(GeneralName.iPAddress, new DEROctetString(addressAndMask)));
  }

  private static boolean mayVouchFor(ServerIdentity authority, Set<String> names) {
    byte[] extension = authority.certificate().getExtensionValue(Extension.nameConstraints.getId());
    if (extension == null) {
      return false;
    }
    var constraints =
        NameConstraints.getInstance(DEROctetString.getInstance(extension).getOctets());
    List<GeneralName> allowed =
        Arrays.stream(constraints.getPermittedSubtrees()).map(GeneralSubtree::getBase).toList();
    return Arrays.stream(permitted(names))
        .allMatch(needed -> allowed.stream().anyMatch(base -> holds(base, needed.getBase())));
  }

  private static boolean holds(GeneralName base, GeneralName name) {
    boolean below =
        base.getTagNo() == GeneralName.dNSName
            && name.getTagNo() == GeneralName.dNSName
            && name.getName().toString().endsWith("." + base.getName());
    return below || base.equals(name);
  }

  private static GeneralName generalName(String name) {
    return new GeneralName(isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private static boolean isAddress(String name) {
    return name.indexOf(':') >= 0 || name.matches("\\d{1,3}(\\.\\d{1,3}){3}");
  }

  private static Optional<ServerIdentity> kept(Path certificate, Path key) {
    if (!Files.exists(certificate) || !Files.exists(key)) {
      return Optional.empty();
    }
    try {
      var identity = ServerIdentity.readUnchecked(certificate, key);
      // To try the key out takes longer than the rest of a start's cryptography.
      return Optional.of(
          Files.readString(key).startsWith(belonging(identity))
              ? identity
              : ServerIdentity.read(certificate, key));
    } catch (ServerIdentity.Unusable | IOException _) {
      return Optional.empty(); // Half of a pair whose writing was interrupted: made anew.
    }
  }

  /** What stands before a key, where RFC 7468 section 5.2 has room for words: whose it is. */
  private static String belonging(ServerIdentity identity) {
    try {
      byte[] print =
          MessageDigest.getInstance("SHA-256").digest(identity.certificate().getEncoded());
      return "For the certificate with SHA-256 fingerprint "
          + HexFormat.of().formatHex(print)
          + "\n";
    } catch (GeneralSecurityException e) {
      throw new ServerIdentity.Unusable("a certificate cannot be digested", e);
    }
  }

  private static void keep(ServerIdentity identity, Path certificate, Path key) throws IOException {
    StringBuilder chain = new StringBuilder();
    for (X509Certificate part : identity.chain()) {
      try {
        chain.append(pem("CERTIFICATE", part.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new ServerIdentity.Unusable("a certificate cannot be written", e);
      }
    }
    replace(
        key, belonging(identity) + pem("PRIVATE KEY", identity.key().getEncoded()), "rw-------");
    replace(certificate, chain.toString(), "rw-r--r--");
  }

  private static void replace(Path file, String text, String permissions) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (posix) {
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    }
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String pem(String label, byte[] der) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }
}
