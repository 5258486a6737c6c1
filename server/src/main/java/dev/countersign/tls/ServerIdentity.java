package dev.countersign.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * A private key and the certificates that vouch for it, the server's own first. Immutable; never printed.
 */
public record ServerIdentity(PrivateKey key, List<X509Certificate> chain) {

  /** The files cannot serve for HTTPS; the message is for the operator and names the file. */
  public static final class Unusable extends IllegalStateException {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }

    Unusable(String message, Exception cause) {
      super(message, cause);
    }
  }

  public ServerIdentity {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new Unusable("there is no certificate");
    }
  }

  /**
   * Reads PEM files: the chain, and the key in PKCS#8, PKCS#1 or SEC 1 form without a passphrase.
   *
   * @throws Unusable when they cannot be read, or the key is not the first certificate's
   */
  public static ServerIdentity read(Path certificate, Path key) {
    var identity = readUnchecked(certificate, key);
    if (!belongTogether(identity.key(), identity.certificate().getPublicKey())) {
      throw new Unusable("the private key is not the one of the first certificate");
    }
    return identity;
  }

  /** Reads what was written by ourselves, as a pair. */
  static ServerIdentity readUnchecked(Path certificate, Path key) {
    List<X509Certificate> chain = new ArrayList<>();
    for (Object item : items(certificate)) {
      if (item instanceof X509CertificateHolder holder) {
        try {
          chain.add(new JcaX509CertificateConverter().getCertificate(holder));
        } catch (CertificateException e) {
          throw new Unusable(certificate + " holds a certificate that cannot be read", e);
        }
      }
    }
    return new ServerIdentity(privateKey(key), chain);
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }

  private static PrivateKey privateKey(Path file) {
    var converter = new JcaPEMKeyConverter();
    for (Object item : items(file)) {
      try {
        if (item instanceof PrivateKeyInfo plain) {
          return converter.getPrivateKey(plain);
        }
        if (item instanceof PEMKeyPair pair) {
          return converter.getKeyPair(pair).getPrivate();
        }
      } catch (IOException e) {
        throw new Unusable(file + " holds a private key that cannot be read", e);
      }
    }
    throw new Unusable(file + " holds no private key without a passphrase");
  }

  private static List<Object> items(Path file) {
    List<Object> items = new ArrayList<>();
    try (var parser = new PEMParser(Files.newBufferedReader(file))) {
      for (Object item = parser.readObject(); item != null; item = parser.readObject()) {
        items.add(item);
      }
    } catch (IOException e) {
      throw new Unusable(file + " cannot be read as PEM", e);
    }
    return items;
  }

  private static boolean belongTogether(PrivateKey key, PublicKey certified) {
    return switch (key) {
      case RSAPrivateKey mine when certified instanceof RSAPublicKey theirs ->
          mine.getModulus().equals(theirs.getModulus());
      case ECPrivateKey mine when certified instanceof ECPublicKey theirs -> signs(mine, theirs);
      default -> false;
    };
  }

  private static boolean signs(PrivateKey key, PublicKey certified) {
    try {
      var signature = Signature.getInstance("SHA256withECDSA");
      byte[] sample = {1, 2, 3};
      signature.initSign(key);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(sample);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "ServerIdentity[" + certificate().getSubjectX500Principal() + "]";
  }
}
