package dev.countersign.signin.password;

import dev.countersign.kernel.Argon2id;
import dev.countersign.kernel.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * A stored password hash, read from its text. The bounds keep a hash brought from elsewhere from stopping the server.
 */
sealed interface Phc {

  /** Whether the password is the one that was hashed. Takes the time of one hash, whatever the answer. */
  boolean matches(Secret password, Argon2id argon2id);

  /** Reads {@code $argon2id$}, {@code $2a$ $2b$ $2y$} and {@code $pbkdf2-sha256$ $pbkdf2-sha512$}; empty for others. */
  static Optional<Phc> parse(String encoded) {
    try {
      return Optional.<Phc>empty()
          .or(() -> Argon2.read(encoded))
          .or(() -> Bcrypt.read(encoded))
          .or(() -> Pbkdf2.read(encoded));
    } catch (IllegalArgumentException _) { // bad base64, a number out of bounds
      return Optional.empty();
    }
  }

  /** {@code $argon2id$v=19$m=7168,t=5,p=1$salt$hash}, base64 without padding. */
  record Argon2(Argon2id.Cost cost, Bytes salt, Bytes hash) implements Phc {
    private static final Pattern FORM =
        Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d{1,2})\\$([^$]+)\\$([^$]+)");

    static Optional<Phc> read(String encoded) {
      return matched(FORM, encoded)
          .map(m -> {
            var cost = new Argon2id.Cost(number(m, 1), number(m, 2), number(m, 3));
            return new Argon2(cost, Bytes.read(m.group(4), 8, 64), Bytes.read(m.group(5), 16, 64));
          });
    }

    static Argon2 of(
        Secret password, byte[] salt, Argon2id.Cost cost, int length, Argon2id argon2id) {
      var hash = argon2id.hash(password.bytes(), salt, cost, length);
      return new Argon2(cost, new Bytes(salt), new Bytes(hash));
    }

    @Override
    public boolean matches(Secret password, Argon2id argon2id) {
      return hash.matches(argon2id.hash(password.bytes(), salt.value(), cost, hash.length()));
    }

    String encoded() {
      return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
          .formatted(cost.memoryKiB(), cost.passes(), cost.lanes(), salt.base64(), hash.base64());
    }
  }

  /**
   * bcrypt hashes only the first 72 bytes of a password, so that is all an imported hash can tell. A longer password is
   * accepted by them once, and hashed whole from then on.
   */
  record Bcrypt(String encoded) implements Phc {
    private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
    private static final int READS = 72;

    static Optional<Phc> read(String encoded) {
      return matched(FORM, encoded)
          .filter(m -> number(m, 1) >= 4 && number(m, 1) <= 16)
          .map(_ -> new Bcrypt(encoded));
    }

    @Override
    public boolean matches(Secret password, Argon2id argon2id) {
      var bytes = password.bytes();
      return OpenBSDBCrypt.checkPassword(
          encoded, bytes.length > READS ? Arrays.copyOf(bytes, READS) : bytes);
    }
  }

  /** {@code $pbkdf2-sha256$i=600000,l=32$salt$hash}, base64 without padding. */
  record Pbkdf2(String algorithm, int iterations, Bytes salt, Bytes hash) implements Phc {
    private static final Pattern FORM =
        Pattern.compile("\\$pbkdf2-sha(256|512)\\$i=(\\d{1,7}),l=(\\d{1,3})\\$([^$]+)\\$([^$]+)");

    static Optional<Phc> read(String encoded) {
      return matched(FORM, encoded)
          .filter(m -> number(m, 2) >= 1 && number(m, 2) <= 2_000_000)
          .map(m ->
              new Pbkdf2(
                  "PBKDF2WithHmacSHA" + m.group(1),
                  number(m, 2),
                  Bytes.read(m.group(4), 1, 128),
                  Bytes.read(m.group(5), Math.max(16, number(m, 3)), Math.min(64, number(m, 3)))));
    }

    @Override
    public boolean matches(Secret password, Argon2id argon2id) {
      try {
        var spec =
            new PBEKeySpec(
                password.reveal().toCharArray(), salt.value(), iterations, 8 * hash.length());
        return hash.matches(
            SecretKeyFactory.getInstance(algorithm).generateSecret(spec).getEncoded());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(algorithm + " is part of every JDK", e);
      }
    }
  }

  private static Optional<Matcher> matched(Pattern form, String encoded) {
    return Optional.of(form.matcher(encoded)).filter(Matcher::matches);
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  /** Bytes of a salt or hash. */
  final class Bytes {
    private final byte[] value;

    Bytes(byte[] value) {
      this.value = value;
    }

    /** Reads base64 with or without padding, of {@code least} to {@code most} bytes. */
    static Bytes read(String base64, int least, int most) {
      var bytes = Base64.getDecoder().decode(base64);
      if (bytes.length < least || bytes.length > most) {
        throw new IllegalArgumentException(bytes.length + " bytes");
      }
      return new Bytes(bytes);
    }

    byte[] value() {
      return value;
    }

    int length() {
      return value.length;
    }

    boolean matches(byte[] other) {
      return MessageDigest.isEqual(value, other);
    }

    String base64() {
      return Base64.getEncoder().withoutPadding().encodeToString(value);
    }
  }
}
