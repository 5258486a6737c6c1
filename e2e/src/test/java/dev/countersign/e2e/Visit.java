package dev.countersign.e2e;

import dev.countersign.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * The scene of one story: a customer of its own, and a browser that has forgotten the story before. What was seen is
 * judged once more when the story ends.
 */
final class Visit implements BeforeEachCallback, AfterEachCallback {
  private final Screen screen;
  private final Stage.Engine engine;
  private final boolean secure;
  private final boolean sandbox;
  private @Nullable Acme acme;
  private @Nullable Does does;
  private @Nullable Sees sees;

  private Visit(Screen screen, Stage.Engine engine, boolean secure, boolean sandbox) {
    this.screen = screen;
    this.engine = engine;
    this.secure = secure;
    this.sandbox = sandbox;
  }

  /** On the embedded database, over HTTP. */
  static Visit on(Screen screen) {
    return new Visit(screen, Stage.Engine.EMBEDDED, false, false);
  }

  Visit with(Stage.Engine other) {
    return new Visit(screen, other, secure, sandbox);
  }

  Visit overHttps() {
    return new Visit(screen, engine, true, sandbox);
  }

  /** At a customer who tries things out. */
  Visit inSandbox() {
    return new Visit(screen, engine, secure, true);
  }

  /** The one browser of a thread that tells stories, closed at the end of the run. */
  private record Open(ChromeDriver browser) implements AutoCloseable {
    @Override
    public void close() {
      browser.quit();
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    var browser =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.create(Visit.class))
            .computeIfAbsent(Thread.currentThread(), _ -> new Open(Browsers.open()), Open.class)
            .browser();
    forget(browser);
    var stage = Stage.on(engine);
    stage.settles();
    acme = new Acme(stage, secure, sandbox);
    does = new Does(browser, screen);
    sees =
        new Sees(
            browser,
            screen,
            new Album(context.getRequiredTestClass(), context.getRequiredTestMethod(), screen));
    does.looksAt(screen);
  }

  private static void forget(ChromeDriver browser) {
    var windows = List.copyOf(browser.getWindowHandles());
    windows.stream().skip(1).forEach(window -> browser.switchTo().window(window).close());
    browser.switchTo().window(windows.getFirst());
    browser.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", false));
    browser.executeCdpCommand("Network.setExtraHTTPHeaders", Map.of("headers", Map.of()));
    browser.get("about:blank");
    browser.executeCdpCommand("Network.clearBrowserCookies", Map.of());
    browser.executeCdpCommand("Network.clearBrowserCache", Map.of());
    Wire.drain(browser);
    browser.manage().logs().get("browser");
  }

  @Override
  public void afterEach(ExtensionContext context) {
    try (var _ = acme()) {
      if (context.getExecutionException().isPresent()) {
        sees().photographs("as it failed");
      } else {
        sees().everythingInOrder();
      }
    }
  }

  private static <T> T set(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the story has not begun");
    }
    return part;
  }

  Acme acme() {
    return set(acme);
  }

  /** What the person does. */
  Does does() {
    return set(does);
  }

  /** What the person sees. */
  Sees sees() {
    return set(sees);
  }

  TestClock clock() {
    return Stage.on(engine).clock();
  }

  void passes(Duration time) {
    clock().advance(time);
  }
}
