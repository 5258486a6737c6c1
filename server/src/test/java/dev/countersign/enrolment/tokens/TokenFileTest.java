package dev.countersign.enrolment.tokens;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Base32;
import dev.countersign.kernel.OneTimeCodes;
import dev.countersign.kernel.Secret;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of tokens; the encrypted values are those of RFC 6030 section 6. */
class TokenFileTest {
  private static final Secret SEED =
      Secret.of(Base32.encode("12345678901234567890".getBytes(US_ASCII)));
  private static final String AGREED = "12345678901234567890123456789012";

  private static final String AGREED_KEY =
      """
      <pskc:EncryptionKey><ds:KeyName>Pre-shared-key</ds:KeyName></pskc:EncryptionKey>
      <pskc:MACMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1">
        <pskc:MACKey>
          <xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>
          <xenc:CipherData>
            <xenc:CipherValue>ESIzRFVmd4iZABEiM0RVZgKn6WjLaTC1sbeBMSvIhRejN9vJa2BOlSaMrR7I5wSX</xenc:CipherValue>
          </xenc:CipherData>
        </pskc:MACKey>
      </pskc:MACMethod>
      """;
  private static final String ENCRYPTED =
      """
      <pskc:EncryptedValue>
        <xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>
        <xenc:CipherData>
          <xenc:CipherValue>AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv</xenc:CipherValue>
        </xenc:CipherData>
      </pskc:EncryptedValue>
      <pskc:ValueMAC>Su+NvtQfmvfJzF6bmQiJqoLRExc=</pskc:ValueMAC>
      """;
  private static final String PLAIN =
      "<pskc:PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</pskc:PlainValue>";

  private static String container(String protection, String secret, String more) {
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <pskc:KeyContainer Version="1.0" xmlns:pskc="urn:ietf:params:xml:ns:keyprov:pskc"
        xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"
        xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" xmlns:pkcs5="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#">
      %s
      <pskc:KeyPackage>
        <pskc:DeviceInfo><pskc:Manufacturer>Maker</pskc:Manufacturer><pskc:SerialNo>987654321</pskc:SerialNo></pskc:DeviceInfo>
        <pskc:Key Id="12345678" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:hotp">
          <pskc:AlgorithmParameters><pskc:ResponseFormat Length="8" Encoding="DECIMAL"/></pskc:AlgorithmParameters>
          <pskc:Data>
            <pskc:Secret>%s</pskc:Secret>
            %s
          </pskc:Data>
        </pskc:Key>
      </pskc:KeyPackage>
    </pskc:KeyContainer>
    """
        .formatted(protection, secret, more);
  }

  private static TokenFile.Reading pskc(String xml, String key, String password) {
    return new TokenFile(
            TokenFile.Format.PSKC,
            Secret.of(xml),
            Optional.of(Secret.of(key)).filter(it -> !it.isEmpty()),
            Optional.of(Secret.of(password)).filter(it -> !it.isEmpty()))
        .read();
  }

  private static TokenFile.Reading csv(String table) {
    return new TokenFile(TokenFile.Format.CSV, Secret.of(table), Optional.empty(), Optional.empty())
        .read();
  }

  private static List<Token> tokens(TokenFile.Reading reading) {
    assertThat(reading).isInstanceOf(TokenFile.Reading.Read.class);
    return ((TokenFile.Reading.Read) reading).tokens();
  }

  private static String why(TokenFile.Reading reading) {
    assertThat(reading).isInstanceOf(TokenFile.Reading.Unreadable.class);
    return ((TokenFile.Reading.Unreadable) reading).why();
  }

  @Test
  void a_plain_container_is_read() {
    var counter = "<pskc:Counter><pskc:PlainValue>42</pskc:PlainValue></pskc:Counter>";

    assertThat(tokens(pskc(container("", PLAIN, counter), "", "")))
        .containsExactly(
            new Token("987654321", Token.Kind.HOTP, OneTimeCodes.Algorithm.SHA1, 8, 30, SEED, 42));
  }

  @Test
  void a_container_encrypted_with_an_agreed_key_is_read_with_that_key_alone() {
    var file = container(AGREED_KEY, ENCRYPTED, "");

    assertThat(tokens(pskc(file, AGREED, "")).getFirst().seed()).isEqualTo(SEED);
    assertThat(why(pskc(file, "", ""))).contains("key is needed");
    assertThat(why(pskc(file, AGREED.replace('1', '2'), ""))).isNotEmpty();
    assertThat(why(pskc(file, "12", ""))).contains("hexadecimal");
  }

  @Test
  void a_container_encrypted_with_a_password_is_read_with_it_alone() throws Exception {
    var derived =
        """
        <pskc:EncryptionKey><xenc11:DerivedKey>
          <xenc11:KeyDerivationMethod Algorithm="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2">
            <pkcs5:PBKDF2-params>
              <Salt><Specified>Ej7/PEpyEpw=</Specified></Salt>
              <IterationCount>1000</IterationCount><KeyLength>16</KeyLength>
            </pkcs5:PBKDF2-params>
          </xenc11:KeyDerivationMethod>
        </xenc11:DerivedKey></pskc:EncryptionKey>
        <pskc:MACMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"/>
        """;
    var cipherText = "oTvo+S22nsmS2Z/RtcoF8Hfh+jzMe0RkiafpoDpnoZTjPYZu6V+A4aEn032yCr4f";
    var mac = javax.crypto.Mac.getInstance("HmacSHA1");
    mac.init(
        new javax.crypto.spec.SecretKeySpec(
            java.util.HexFormat.of().parseHex("651e63cd57008476af1ff6422cd02e41"), "HmacSHA1"));
    var said =
        java.util.Base64.getEncoder()
            .encodeToString(mac.doFinal(java.util.Base64.getDecoder().decode(cipherText)));
    var secret =
        ENCRYPTED
            .replaceAll("<xenc:CipherValue>[^<]*", "<xenc:CipherValue>" + cipherText)
            .replaceAll("<pskc:ValueMAC>[^<]*", "<pskc:ValueMAC>" + said);
    var file = container(derived, secret, "");

    assertThat(tokens(pskc(file, "", "qwerty")).getFirst().seed()).isEqualTo(SEED);
    assertThat(why(pskc(file, "", "qwertz"))).contains("MAC is wrong");
    assertThat(why(pskc(file, "", ""))).contains("password is needed");
    assertThat(why(pskc(file.replace(">1000<", ">2000000<"), "", "qwerty")))
        .contains("out of range");
  }

  @Test
  void what_was_altered_or_has_no_mac_is_not_decrypted() {
    var file = container(AGREED_KEY, ENCRYPTED, "");

    assertThat(why(pskc(file.replace("AAECAwQF", "AAECAwQG"), AGREED, "")))
        .contains("MAC is wrong");
    assertThat(why(pskc(file.replaceAll("(?s)<pskc:ValueMAC>.*</pskc:ValueMAC>", ""), AGREED, "")))
        .contains("no ValueMAC");
    assertThat(why(pskc(file.replaceAll("(?s)<pskc:MACMethod.*</pskc:MACMethod>", ""), AGREED, "")))
        .contains("without a MAC");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE pskc:KeyContainer [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE pskc:KeyContainer [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>",
        "<!DOCTYPE pskc:KeyContainer SYSTEM 'http://127.0.0.1:1/x.dtd'>"
      })
  void IN_a_document_type_is_refused_whatever_it_declares(String type) {
    var file = container("", PLAIN, "").replaceFirst("\\?>", "?>" + type);

    assertThat(why(pskc(file, "", ""))).contains("document type");
  }

  @Test
  void what_is_no_container_is_refused() {
    assertThat(why(pskc("", "", ""))).contains("not well-formed");
    assertThat(why(pskc("<a/>", "", ""))).contains("no key container");
    assertThat(why(pskc(container("", "", ""), "", ""))).isNotEmpty();
    assertThat(why(pskc(container("", PLAIN, "").replace(":hotp", ":ocra"), "", "")))
        .contains("neither HOTP nor TOTP");
    assertThat(why(pskc(container("", PLAIN, "").replace("Length=\"8\"", "Length=\"4\""), "", "")))
        .contains("6 to 8 digits");
    assertThat(
            why(
                pskc(
                    container("", PLAIN.replace("MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=", "MTIz"), ""),
                    "",
                    "")))
        .contains("128");
  }

  @Test
  void a_table_is_read_by_the_names_of_its_columns() {
    assertThat(
            tokens(
                csv(
                    """
                    serial, type, seed_hex, digits, period, algorithm, counter
                    A-1, hotp, 3132333435363738393031323334353637383930, 6, , , 7
                    A-2, TOTP, 3132333435363738393031323334353637383930, 8, 60, sha-256,

                    """)))
        .containsExactly(
            new Token("A-1", Token.Kind.HOTP, OneTimeCodes.Algorithm.SHA1, 6, 30, SEED, 7),
            new Token("A-2", Token.Kind.TOTP, OneTimeCodes.Algorithm.SHA256, 8, 60, SEED, 0));
    assertThat(
            tokens(csv("type,serial,seed_base32\ntotp,B-1,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n"))
                .getFirst()
                .seed())
        .isEqualTo(SEED);
  }

  @Test
  void a_table_with_one_bad_line_is_refused_whole_and_the_words_hold_no_seed() {
    var good = "serial,type,seed_hex\nA-1,hotp,3132333435363738393031323334353637383930\n";

    assertThat(why(csv(good + "A-2,hotp,31323334353637383930313233343536373839zz\n")))
        .isEqualTo("line 3 has a field that cannot be read");
    assertThat(why(csv(good + "A-1,hotp,3132333435363738393031323334353637383930\n")))
        .contains("came before");
    assertThat(why(csv(good + "A-2,hotp\n"))).contains("2 fields");
    assertThat(why(csv(good + "A-2,ocra,3132333435363738393031323334353637383930\n")))
        .startsWith("line 3");
    assertThat(why(csv("serial,seed\nA,b\n"))).contains("columns");
    assertThat(why(csv("serial,type\nA,hotp\n"))).contains("have to be there");
    assertThat(why(csv(""))).isEqualTo("it is empty");
    assertThat(why(csv("serial,type,seed_hex\n"))).contains("no token");
  }
}
