package dev.countersign.delivery.sms;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.outbound.Call;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** AWS Signature Version 4 for a POST without a query, in the header {@code Authorization}. */
public record AwsSignature(String accessKeyId, Secret secret, String region, String service) {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** The call with the headers that prove who makes it, over all headers that it has and the body. */
  public Call sign(Call call, Moment now) {
    var stamp = STAMP.format(now.instant());
    var dated = call.with("X-Amz-Date", stamp);
    Map<String, String> signed = new TreeMap<>();
    dated
        .headers()
        .forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value.strip()));
    signed.put("host", host(call.uri()));
    var names = String.join(";", signed.keySet());
    var canonical =
        String.join(
            "\n",
            "POST",
            call.uri().getRawPath(),
            "",
            signed.entrySet().stream()
                .map(it -> it.getKey() + ":" + it.getValue() + "\n")
                .collect(Collectors.joining()),
            names,
            hex(sha256(call.body().getBytes(StandardCharsets.UTF_8))));
    var day = stamp.substring(0, 8);
    var scope = day + "/" + region + "/" + service + "/aws4_request";
    var toSign =
        String.join(
            "\n", ALGORITHM, stamp, scope, hex(sha256(canonical.getBytes(StandardCharsets.UTF_8))));
    var key = ("AWS4" + secret.reveal()).getBytes(StandardCharsets.UTF_8);
    for (var step : new String[] {day, region, service, "aws4_request"}) {
      key = hmac(key, step);
    }
    return dated.with(
        "Authorization",
        ALGORITHM
            + " Credential="
            + accessKeyId
            + "/"
            + scope
            + ", SignedHeaders="
            + names
            + ", Signature="
            + hex(hmac(key, toSign)));
  }

  /** As the client will send it: the port only where it is not the usual one. */
  private static String host(URI uri) {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
