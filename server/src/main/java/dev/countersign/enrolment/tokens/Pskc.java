package dev.countersign.enrolment.tokens;

import dev.countersign.kernel.Base32;
import dev.countersign.kernel.OneTimeCodes;
import dev.countersign.kernel.Secret;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Reads key containers of RFC 6030: plain, encrypted with a key agreed beforehand (section 6.1), or with one derived from a
 * password (section 6.2). What is encrypted has to carry a MAC, which is checked before anything is decrypted.
 */
final class Pskc {
  private static final String PSKC = "urn:ietf:params:xml:ns:keyprov:pskc";
  private static final String AES_CBC = "http://www.w3.org/2001/04/xmlenc#aes";
  private static final int MOST_ITERATIONS = 1_000_000;

  private final Optional<Secret> agreed;
  private final Optional<Secret> password;

  /**
   * With what was agreed with whoever made the file.
   *
   * @param agreed in hexadecimal digits
   */
  Pskc(Optional<Secret> agreed, Optional<Secret> password) {
    this.agreed = agreed;
    this.password = password;
  }

  /** How the container is protected. */
  private record Protection(SecretKey encryption, SecretKey mac) {}

  List<Token> read(Secret content) throws TokenFile.Unfit {
    var container = parse(content);
    if (!"KeyContainer".equals(container.getLocalName())
        || !PSKC.equals(container.getNamespaceURI())) {
      throw new TokenFile.Unfit("it is no key container of RFC 6030");
    }
    var protection = protection(container);
    var tokens = new ArrayList<Token>();
    for (var pack : children(container, "KeyPackage")) {
      tokens.add(token(pack, protection, tokens.size() + 1));
    }
    return tokens;
  }

  /** No document type, hence no entity of any kind; nothing is fetched. */
  private static Element parse(Secret content) throws TokenFile.Unfit {
    try {
      var factory = DocumentBuilderFactory.newDefaultNSInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler());
      return builder
          .parse(new InputSource(new StringReader(content.reveal())))
          .getDocumentElement();
    } catch (SAXException | IOException _) {
      throw new TokenFile.Unfit("it is not well-formed XML, or has a document type");
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's own parser knows these", e);
    }
  }

  private @Nullable Protection protection(Element container) throws TokenFile.Unfit {
    var how = child(container, "EncryptionKey");
    if (how.isEmpty()) {
      return null;
    }
    var derived = child(how.get(), "DerivedKey");
    var encryption = derived.isPresent() ? derive(derived.get()) : agreed();
    var method =
        child(container, "MACMethod")
            .orElseThrow(() -> new TokenFile.Unfit("it is encrypted without a MAC"));
    var algorithm =
        switch (method.getAttribute("Algorithm")) {
          case "http://www.w3.org/2000/09/xmldsig#hmac-sha1" -> "HmacSHA1";
          case "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256" -> "HmacSHA256";
          case "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512" -> "HmacSHA512";
          default -> throw new TokenFile.Unfit("its MAC is of a kind that is not known here");
        };
    // Section 6.1.1: without a key of its own the MAC uses the encryption key.
    var own = child(method, "MACKey");
    var mac = own.isPresent() ? decrypted(own.get(), encryption) : encryption.getEncoded();
    if (mac.length == 0) {
      throw new TokenFile.Unfit("its MAC key is empty");
    }
    return new Protection(encryption, new SecretKeySpec(mac, algorithm));
  }

  private SecretKey agreed() throws TokenFile.Unfit {
    var hex = agreed.orElseThrow(() -> new TokenFile.Unfit("it is encrypted: its key is needed"));
    try {
      var key = HexFormat.of().parseHex(hex.reveal().strip());
      if (key.length == 16 || key.length == 24 || key.length == 32) {
        return new SecretKeySpec(key, "AES");
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw new TokenFile.Unfit("a key has 32, 48 or 64 hexadecimal digits");
  }

  /** PBKDF2 (RFC 8018 section 5.2). */
  private SecretKey derive(Element derived) throws TokenFile.Unfit {
    var secret =
        password.orElseThrow(() -> new TokenFile.Unfit("it is encrypted: its password is needed"));
    var method = need(derived, "KeyDerivationMethod");
    if (!method.getAttribute("Algorithm").endsWith("#pbkdf2")) {
      throw new TokenFile.Unfit("its key is derived in a way that is not known here");
    }
    var parameters = need(method, "PBKDF2-params");
    int rounds = number(text(need(parameters, "IterationCount")));
    int length = number(text(need(parameters, "KeyLength")));
    if (rounds < 1 || rounds > MOST_ITERATIONS || (length != 16 && length != 24 && length != 32)) {
      throw new TokenFile.Unfit("its key is derived with numbers out of range");
    }
    var salt = bytes(text(need(need(parameters, "Salt"), "Specified")));
    var prf = child(parameters, "PRF").map(it -> it.getAttribute("Algorithm")).orElse("");
    var name =
        prf.toLowerCase(Locale.ROOT).endsWith("hmac-sha256")
            ? "PBKDF2WithHmacSHA256"
            : "PBKDF2WithHmacSHA1";
    try {
      var key =
          SecretKeyFactory.getInstance(name)
              .generateSecret(
                  new PBEKeySpec(secret.reveal().toCharArray(), salt, rounds, length * 8));
      return new SecretKeySpec(key.getEncoded(), "AES");
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      throw new TokenFile.Unfit("its key cannot be derived");
    }
  }

  private static Token token(Element pack, @Nullable Protection protection, int number)
      throws TokenFile.Unfit {
    var key = need(pack, "Key");
    var algorithm = key.getAttribute("Algorithm");
    var kind =
        algorithm.endsWith(":hotp")
            ? Token.Kind.HOTP
            : algorithm.endsWith(":totp") ? Token.Kind.TOTP : null;
    if (kind == null) {
      throw new TokenFile.Unfit("token " + number + " is neither HOTP nor TOTP");
    }
    var data = need(key, "Data");
    var parameters = child(key, "AlgorithmParameters");
    var serial =
        child(pack, "DeviceInfo")
            .flatMap(it -> child(it, "SerialNo"))
            .map(Pskc::text)
            .orElse(key.getAttribute("Id"));
    return new Token(
        serial,
        kind,
        hash(parameters.flatMap(it -> child(it, "Suite")).map(Pskc::text).orElse("")),
        parameters
            .flatMap(it -> child(it, "ResponseFormat"))
            .map(it -> number(it.getAttribute("Length")))
            .orElse(6),
        plain(data, "TimeInterval").orElse(30L).intValue(),
        Secret.of(Base32.encode(seed(need(data, "Secret"), protection, number))),
        plain(data, "Counter").orElse(0L));
  }

  private static OneTimeCodes.Algorithm hash(String suite) throws TokenFile.Unfit {
    return switch (suite.toUpperCase(Locale.ROOT).replaceAll("HMAC|-|_", "")) {
      case "", "SHA1" -> OneTimeCodes.Algorithm.SHA1;
      case "SHA256" -> OneTimeCodes.Algorithm.SHA256;
      case "SHA512" -> OneTimeCodes.Algorithm.SHA512;
      default -> throw new TokenFile.Unfit("a token uses a hash that is not known here");
    };
  }

  private static byte[] seed(Element secret, @Nullable Protection protection, int number)
      throws TokenFile.Unfit {
    var plain = child(secret, "PlainValue");
    if (plain.isPresent()) {
      return bytes(text(plain.get()));
    }
    if (protection == null) {
      throw new TokenFile.Unfit("token " + number + " is encrypted, and the file does not say how");
    }
    var encrypted = need(secret, "EncryptedValue");
    var said = bytes(text(need(secret, "ValueMAC")));
    // Section 6.1.1: the MAC is of the encrypted value, initialisation vector included.
    if (!MessageDigest.isEqual(said, mac(protection, cipherText(encrypted)))) {
      throw new TokenFile.Unfit("token " + number + ": the MAC is wrong: not this key, or altered");
    }
    return decrypted(encrypted, protection.encryption());
  }

  private static byte[] mac(Protection protection, byte[] text) throws TokenFile.Unfit {
    try {
      var mac = Mac.getInstance(protection.mac().getAlgorithm());
      mac.init(protection.mac());
      return mac.doFinal(text);
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      throw new TokenFile.Unfit("the MAC cannot be computed");
    }
  }

  private static byte[] cipherText(Element encrypted) throws TokenFile.Unfit {
    return bytes(text(need(need(encrypted, "CipherData"), "CipherValue")));
  }

  /** AES in CBC mode with the vector in front (XML Encryption section 5.2). */
  private static byte[] decrypted(Element encrypted, SecretKey key) throws TokenFile.Unfit {
    var method = need(encrypted, "EncryptionMethod").getAttribute("Algorithm");
    if (!method.equals(AES_CBC + key.getEncoded().length * 8 + "-cbc")) {
      throw new TokenFile.Unfit(
          "it is encrypted in a way that is not known here, or the key has another length");
    }
    var text = cipherText(encrypted);
    if (text.length < 32) {
      throw new TokenFile.Unfit("an encrypted value is too short");
    }
    try {
      var cipher = Cipher.getInstance("AES/CBC/ISO10126Padding");
      cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(Arrays.copyOf(text, 16)));
      return cipher.doFinal(text, 16, text.length - 16);
    } catch (GeneralSecurityException _) {
      throw new TokenFile.Unfit("it cannot be decrypted with this key");
    }
  }

  // Reading the tree

  private static Optional<Long> plain(Element data, String name) throws TokenFile.Unfit {
    var value = child(data, name).flatMap(it -> child(it, "PlainValue"));
    return value.isEmpty() ? Optional.empty() : Optional.of(wide(text(value.get())));
  }

  private static List<Element> children(Element parent, String name) {
    var found = new ArrayList<Element>();
    for (Node at = parent.getFirstChild(); at != null; at = at.getNextSibling()) {
      if (at instanceof Element element && name.equals(element.getLocalName())) {
        found.add(element);
      }
    }
    return found;
  }

  private static Optional<Element> child(Element parent, String name) {
    return children(parent, name).stream().findFirst();
  }

  private static Element need(Element parent, String name) throws TokenFile.Unfit {
    return child(parent, name)
        .orElseThrow(() -> new TokenFile.Unfit(parent.getLocalName() + " has no " + name));
  }

  private static String text(Element element) {
    return element.getTextContent().strip();
  }

  private static byte[] bytes(String base64) throws TokenFile.Unfit {
    try {
      return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException _) {
      throw new TokenFile.Unfit("a value is not base 64");
    }
  }

  /** Minus one, which fits nothing, for what is no number. */
  private static int number(String text) {
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
  }

  private static long wide(String text) throws TokenFile.Unfit {
    if (!text.matches("[0-9]{1,18}")) {
      throw new TokenFile.Unfit("a counter or time is no number");
    }
    return Long.parseLong(text);
  }
}
