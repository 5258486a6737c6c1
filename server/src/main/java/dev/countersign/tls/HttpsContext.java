package dev.countersign.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The TLS side of HTTPS; its certificate can be replaced while connections come in. Thread-safe. */
public final class HttpsContext {
  private static final System.Logger LOG = System.getLogger(HttpsContext.class.getName());

  private final Supplier<ServerIdentity> source;
  private final SSLContext context;
  private volatile ServerIdentity current;

  /**
   * Asks {@code source} for the first certificate.
   *
   * @throws ServerIdentity.Unusable when it has none; the server must not start
   */
  public HttpsContext(Supplier<ServerIdentity> source) {
    this.source = source;
    this.current = source.get();
    try {
      this.context = SSLContext.getInstance("TLS");
      // Nobody is trusted: clients show no certificates. Without a list Java reads all that it
      // knows.
      context.init(new KeyManager[] {new Current()}, new TrustManager[0], null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  public SSLContext sslContext() {
    return context;
  }

  /** Asks {@code source} again; later connections get what it gives. An unusable one is logged, and the old one stays. */
  public void renew() {
    try {
      ServerIdentity next = source.get();
      if (!next.equals(current)) {
        current = next;
        LOG.log(
            System.Logger.Level.INFO,
            "HTTPS has a new certificate, until {0}",
            next.certificate().getNotAfter());
      }
    } catch (RuntimeException e) { // Whatever the source met with, connections go on.
      LOG.log(
          System.Logger.Level.ERROR,
          "HTTPS keeps its old certificate: there is no usable new one",
          e);
    }
  }

  /** The alias of a key is its algorithm: there is one key at a time. */
  private final class Current extends X509ExtendedKeyManager {
    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return keyType.equals(current.key().getAlgorithm()) ? keyType : null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {current.key().getAlgorithm()};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return current.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return current.key();
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[0];
    }
  }
}
