package dev.countersign.delivery.push;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

/** Tokens by which a push service knows who calls. */
final class Jwt {
  private Jwt() {}

  static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) {
    var jwt = new SignedJWT(header, claims);
    try {
      jwt.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("a token for a push service could not be signed", e);
    }
    return jwt.serialize();
  }
}
