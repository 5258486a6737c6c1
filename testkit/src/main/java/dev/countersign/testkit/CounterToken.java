package dev.countersign.testkit;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A small device with a button: each press shows the next code (RFC 4226). Made apart from the product's own. */
public final class CounterToken {
  private final String serial;
  private final byte[] seed;
  private long counter;

  CounterToken(String serial, byte[] seed) {
    this.serial = serial;
    this.seed = seed.clone();
  }

  public String serial() {
    return serial;
  }

  /** As its maker's table has it. */
  String line() {
    return serial + ",hotp," + HexFormat.of().formatHex(seed);
  }

  /** The seed as it would be recognised where it must not stand. */
  String seedText() {
    return HexFormat.of().formatHex(seed);
  }

  /** The next code. */
  public String press() {
    return code(counter++);
  }

  /** A code that it shows neither now nor soon. */
  public String wrongCode() {
    for (int i = 0; ; i++) {
      var wrong = "%06d".formatted(i);
      boolean near = false;
      for (long at = Math.max(0, counter - 20); at < counter + 200; at++) {
        near |= code(at).equals(wrong);
      }
      if (!near) {
        return wrong;
      }
    }
  }

  private String code(long at) {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(seed, "HmacSHA1"));
      var hash = ByteBuffer.wrap(mac.doFinal(ByteBuffer.allocate(8).putLong(at).array()));
      int value = hash.getInt(hash.get(19) & 15) & Integer.MAX_VALUE;
      return "%06d".formatted(value % 1_000_000);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
