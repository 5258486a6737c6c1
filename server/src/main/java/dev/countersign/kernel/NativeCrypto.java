package dev.countersign.kernel;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * Puts the Amazon Corretto Crypto Provider before the JDK's own providers, where its native library loads. Keys, formats
 * and results stay the same; RSA, EC and AES become quicker. Loading takes up to a second of one core, so the server
 * starts with the JDK's providers and changes over while it already serves.
 */
public final class NativeCrypto {

  /** What came of it; neither is an error. */
  public sealed interface Outcome {
    record Installed(String provider, long millis) implements Outcome {}

    record Unavailable(String because) implements Outcome {}
  }

  private NativeCrypto() {}

  /**
   * Installs on a thread of its own and logs what came of it. The future never fails.
   *
   * @param rest how long to wait first, since loading would slow down whatever else begins now
   */
  public static CompletableFuture<Outcome> installInBackground(Duration rest) {
    var done = new CompletableFuture<Outcome>();
    Thread.ofPlatform()
        .daemon()
        .name("native-crypto")
        .start(() -> {
          LockSupport.parkNanos(rest.toNanos());
          var outcome = install();
          log(outcome);
          done.complete(outcome);
        });
    return done;
  }

  /** Installs now. Doing so twice does no harm. */
  public static Outcome install() {
    var began = System.nanoTime();
    try {
      var provider = AmazonCorrettoCryptoProvider.INSTANCE;
      // By way of Object: to show that it is a Provider, Java would load its signed jar whenever it
      // loads this class.
      Object found = provider;
      if (provider.getLoadingError() != null) {
        return new Outcome.Unavailable(String.valueOf(provider.getLoadingError().getMessage()));
      }
      if (provider.runSelfTests() != SelfTestStatus.PASSED) {
        return new Outcome.Unavailable("its self-tests failed");
      }
      Security.insertProviderAt((Provider) found, 1);
      return new Outcome.Installed(
          ((Provider) found).getInfo(), (System.nanoTime() - began) / 1_000_000);
    } catch (LinkageError
        | SecurityException why) { // another processor, another libc, no room for temporary files
      return new Outcome.Unavailable(why.toString());
    }
  }

  private static void log(Outcome outcome) {
    var log = System.getLogger(NativeCrypto.class.getName());
    switch (outcome) {
      case Outcome.Installed(var provider, var millis) ->
          log.log(
              System.Logger.Level.INFO,
              "Signatures and AES: {0}, loaded in {1} ms",
              provider,
              millis);
      case Outcome.Unavailable(var because) ->
          log.log(System.Logger.Level.INFO, "Signatures and AES: the JDK''s own ({0})", because);
    }
  }
}
