package dev.countersign.factor.webauthn;

import static dev.countersign.factor.Refusal.Reason.RESPONSE_MALFORMED;

import com.webauthn4j.converter.AuthenticatorDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.authenticator.COSEKey;
import com.webauthn4j.data.extension.authenticator.AuthenticationExtensionAuthenticatorOutput;
import dev.countersign.factor.Answer;
import dev.countersign.kernel.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a browser sent: the JSON form of a PublicKeyCredential (WebAuthn Level 3 section 5.1), read with suspicion. */
final class Response {
  /** Larger than any attestation that is in use. */
  private static final int MOST = 64 * 1024;

  static final ObjectConverter CONVERTER = new ObjectConverter();
  private static final AuthenticatorDataConverter AUTHENTICATOR =
      new AuthenticatorDataConverter(CONVERTER);

  private final JsonNode document;

  private Response(JsonNode document) {
    this.document = document;
  }

  static Response of(Answer answer) throws Refused {
    var text = answer.field("credential").reveal();
    Refused.unless(!text.isEmpty() && text.length() <= MOST, RESPONSE_MALFORMED);
    try {
      var response = new Response(Json.parse(text.getBytes(StandardCharsets.UTF_8)));
      Refused.unless(
          response.document.path("type").asString("").equals("public-key"), RESPONSE_MALFORMED);
      return response;
    } catch (Json.Malformed _) {
      throw new Refused(RESPONSE_MALFORMED);
    }
  }

  /** The credential's id; both forms of it have to agree. */
  byte[] id() throws Refused {
    var id = bytes(document, "rawId");
    Refused.unless(
        document.path("id").asString("").equals(Credential.text(id)), RESPONSE_MALFORMED);
    return id;
  }

  byte[] clientData() throws Refused {
    return bytes(document.path("response"), "clientDataJSON");
  }

  byte[] attestationObject() throws Refused {
    return bytes(document.path("response"), "attestationObject");
  }

  byte[] authenticatorData() throws Refused {
    return bytes(document.path("response"), "authenticatorData");
  }

  byte[] signature() throws Refused {
    return bytes(document.path("response"), "signature");
  }

  /** Empty when the authenticator named nobody. */
  byte[] userHandle() throws Refused {
    var given = document.path("response").path("userHandle");
    return given.isMissingNode() || given.isNull()
        ? new byte[0]
        : bytes(document.path("response"), "userHandle");
  }

  /** Known ones only: they are shown to browsers again. */
  List<String> transports() {
    var known = List.of("usb", "nfc", "ble", "smart-card", "hybrid", "internal");
    var found = new ArrayList<String>();
    for (var each : document.path("response").path("transports")) {
      if (known.contains(each.asString("")) && !found.contains(each.asString(""))) {
        found.add(each.asString(""));
      }
    }
    return found;
  }

  private static byte[] bytes(JsonNode object, String name) throws Refused {
    var value = object.path(name);
    Refused.unless(value.isString(), RESPONSE_MALFORMED);
    try {
      return Credential.bytes(value.stringValue());
    } catch (IllegalArgumentException _) {
      throw new Refused(RESPONSE_MALFORMED);
    }
  }

  /** What an attestation object says of the key, without a look at the statement that is to vouch for it. */
  static AuthenticatorData<AuthenticationExtensionAuthenticatorOutput> made(byte[] bytes)
      throws Refused {
    return authenticator(
        parsed(() -> {
          var object = CONVERTER.getCborMapper().readTree(bytes);
          return object.path("fmt").isString() && object.path("attStmt").isObject()
              ? object.path("authData").binaryValue()
              : null;
        }));
  }

  /** The form of its statement. */
  static String format(byte[] bytes) throws Refused {
    return parsed(() -> CONVERTER.getCborMapper().readTree(bytes).path("fmt").asString(""));
  }

  static AuthenticatorData<AuthenticationExtensionAuthenticatorOutput> authenticator(byte[] bytes)
      throws Refused {
    return parsed(() -> AUTHENTICATOR.convert(bytes));
  }

  static COSEKey key(byte[] bytes) throws Refused {
    return parsed(() -> {
      var key = CONVERTER.getCborMapper().readValue(bytes, COSEKey.class);
      key.validate();
      return key;
    });
  }

  static byte[] written(COSEKey key) {
    return CONVERTER.getCborMapper().writeValueAsBytes(key);
  }

  static byte[] written(AuthenticatorData<AuthenticationExtensionAuthenticatorOutput> data) {
    return AUTHENTICATOR.convert(data);
  }

  private interface Parse<T> {
    @Nullable T parse();
  }

  /** The library says in many ways that bytes are not what they should be; all of them mean no. */
  private static <T> T parsed(Parse<T> parse) throws Refused {
    try {
      var result = parse.parse();
      if (result == null) {
        throw new Refused(RESPONSE_MALFORMED);
      }
      return result;
    } catch (RuntimeException _) {
      throw new Refused(RESPONSE_MALFORMED);
    }
  }
}
