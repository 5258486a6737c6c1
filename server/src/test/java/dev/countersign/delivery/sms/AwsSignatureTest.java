package dev.countersign.delivery.sms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.outbound.Call;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against the published test suite of Signature Version 4. */
class AwsSignatureTest {
  @Test
  void a_form_is_signed_as_in_the_suites_case_post_x_www_form_urlencoded() {
    var call =
        new Call(
            URI.create("https://example.amazonaws.com/"),
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            "Param1=value1");

    var signed =
        new AwsSignature(
                "AKIDEXAMPLE",
                Secret.of("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                "us-east-1",
                "service")
            .sign(call, Moment.of(Instant.parse("2015-08-30T12:36:00Z")));

    assertThat(signed.headers().get("Authorization"))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                + " SignedHeaders=content-type;host;x-amz-date,"
                + " Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
  }
}
