package dev.countersign.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.kernel.Entropy;
import dev.countersign.kernel.Moment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsContextTest {
  /** Certificates are checked by the JDK's clock, so this test has to live in the present. */
  private final Moment now = Moment.of(Instant.now());

  private final Entropy entropy =
      new Entropy() {
        private byte next = 1;

        @Override
        public byte[] bytes(int count) {
          byte[] bytes = new byte[count];
          Arrays.fill(bytes, next++);
          return bytes;
        }
      };

  @TempDir Path folder;
  private DevelopmentCa authority;

  @BeforeEach
  void make_the_authority() {
    authority = new DevelopmentCa(folder, entropy);
  }

  @Test
  void a_client_that_trusts_the_authority_connects_to_every_name() throws Exception {
    var https =
        new HttpsContext(() -> authority.identity(List.of("id.example.test", "192.0.2.7"), now));

    for (String host :
        List.of(
            "localhost", "acme.localhost", "127.0.0.1", "::1", "id.example.test", "192.0.2.7")) {
      assertThat(greeted(https, host, trustingAuthority())).as(host).isEqualTo("TLSv1.3");
    }
    assertThatThrownBy(() -> greeted(https, "other.example.test", trustingAuthority()))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void a_client_that_does_not_trust_the_authority_does_not_connect() throws Exception {
    var https = new HttpsContext(() -> authority.identity(List.of(), now));
    SSLContext stranger = SSLContext.getDefault();

    assertThatThrownBy(() -> greeted(https, "localhost", stranger))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void the_certificate_is_kept_until_it_nears_its_end_or_a_host_is_added() {
    X509Certificate first = authority.identity(List.of(), now).certificate();
    DevelopmentCa afterRestart = new DevelopmentCa(folder, entropy);

    assertThat(afterRestart.identity(List.of(), now).certificate()).isEqualTo(first);
    assertThat(afterRestart.identity(List.of(), now.plus(Duration.ofDays(59))).certificate())
        .isEqualTo(first);
    assertThat(afterRestart.identity(List.of(), now.plus(Duration.ofDays(61))).certificate())
        .isNotEqualTo(first);
    assertThat(afterRestart.identity(List.of("acme.localhost"), now).certificate())
        .isNotEqualTo(first);
  }

  @Test
  void the_authority_is_kept_while_it_may_vouch_for_all_hosts() {
    X509Certificate first = authority.identity(List.of("a.test"), now).chain().getLast();

    assertThat(
            authority
                .identity(List.of("acme.localhost", "b.a.test", "*.a.test"), now)
                .chain()
                .getLast())
        .isEqualTo(first);
    X509Certificate second = authority.identity(List.of("a.test", "b.test"), now).chain().getLast();
    assertThat(second).isNotEqualTo(first);
    assertThat(authority.identity(List.of("a.test"), now).chain().getLast()).isEqualTo(second);
    assertThat(
            authority
                .identity(List.of("a.test"), now.plus(Duration.ofDays(3_600)))
                .chain()
                .getLast())
        .isNotEqualTo(second);
  }

  @Test
  void private_keys_can_be_read_by_their_owner_alone() throws IOException {
    authority.identity(List.of(), now);

    for (String key : List.of("ca.key", "server.key")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(key))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void half_written_files_are_made_anew() throws IOException {
    authority.identity(List.of(), now);
    Files.writeString(folder.resolve("server.pem"), "-----BEGIN CERTIFICATE-----\nMIIB");
    Files.delete(folder.resolve("ca.key"));

    assertThat(authority.identity(List.of(), now).chain()).hasSize(2);
  }

  @Test
  void a_key_that_is_another_certificates_is_not_kept() throws IOException {
    var before = authority.identity(List.of(), now);
    Path key = folder.resolve("server.key");
    Files.copy(folder.resolve("ca.key"), key, StandardCopyOption.REPLACE_EXISTING);

    var after = authority.identity(List.of(), now);

    assertThat(after.certificate()).isNotEqualTo(before.certificate());
    assertThat(ServerIdentity.read(folder.resolve("server.pem"), key)).isEqualTo(after);
  }

  @Test
  void a_certificate_of_another_authority_is_not_kept() throws IOException {
    var before = authority.identity(List.of(), now);
    Files.delete(folder.resolve("ca.pem"));

    var after = authority.identity(List.of(), now);

    assertThat(after.certificate()).isNotEqualTo(before.certificate());
    assertThat(after.chain().getLast()).isNotEqualTo(before.chain().getLast());
  }

  @Test
  void a_new_certificate_is_taken_up_without_a_restart_and_a_bad_one_is_not() throws Exception {
    var source = new AtomicReference<>(authority.identity(List.of(), now));
    var broken = new AtomicReference<>(false);
    var https =
        new HttpsContext(() -> {
          if (broken.get()) {
            throw new ServerIdentity.Unusable("broken");
          }
          return source.get();
        });
    source.set(authority.identity(List.of("localhost", "new.test"), now));
    assertThatThrownBy(() -> greeted(https, "new.test", trustingAuthority()))
        .isInstanceOf(SSLHandshakeException.class);

    https.renew();
    assertThat(greeted(https, "new.test", trustingAuthority())).isEqualTo("TLSv1.3");
    broken.set(true);
    https.renew();
    assertThat(greeted(https, "new.test", trustingAuthority())).isEqualTo("TLSv1.3");
  }

  @Test
  void files_that_cannot_serve_are_refused_with_a_reason() throws IOException {
    authority.identity(List.of(), now);
    Path certificate = folder.resolve("server.pem");

    assertThatThrownBy(() -> ServerIdentity.read(certificate, folder.resolve("ca.key")))
        .isInstanceOf(ServerIdentity.Unusable.class)
        .hasMessageContaining("not the one of the first certificate");
    assertThatThrownBy(() -> ServerIdentity.read(certificate, certificate))
        .hasMessageContaining("holds no private key");
    assertThatThrownBy(() -> ServerIdentity.read(folder.resolve("none"), certificate))
        .hasMessageContaining("cannot be read as PEM");
    Path empty = Files.writeString(folder.resolve("empty"), "");
    assertThatThrownBy(() -> ServerIdentity.read(empty, folder.resolve("server.key")))
        .hasMessageContaining("there is no certificate");
  }

  @Test
  void no_key_is_printed() {
    assertThat(authority.identity(List.of(), now).toString())
        .isEqualTo("ServerIdentity[CN=Countersign development server]");
  }

  /** Connects over loopback as to {@code host}, the way an HTTPS client checks it, and tells the protocol. */
  private static String greeted(HttpsContext https, String host, SSLContext client)
      throws Exception {
    var loopback = InetAddress.getLoopbackAddress();
    try (var listener =
        (SSLServerSocket)
            https.sslContext().getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      Thread server =
          Thread.ofVirtual()
              .start(() -> {
                try (Socket accepted = listener.accept()) {
                  accepted.getOutputStream().write(1);
                } catch (IOException _) {
                  // The client refused us, which is what some of these tests want.
                }
              });
      try (var plain = new Socket(loopback, listener.getLocalPort());
          var socket =
              (SSLSocket)
                  client
                      .getSocketFactory()
                      .createSocket(plain, host, listener.getLocalPort(), true)) {
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        assertThat(socket.getInputStream().read()).isEqualTo(1);
        return socket.getSession().getProtocol();
      } finally {
        server.join();
      }
    }
  }

  private SSLContext trustingAuthority() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var in = Files.newInputStream(authority.certificate())) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
