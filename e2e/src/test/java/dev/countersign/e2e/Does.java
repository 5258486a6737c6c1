package dev.countersign.e2e;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.openqa.selenium.virtualauthenticator.Credential;
import org.openqa.selenium.virtualauthenticator.VirtualAuthenticator;
import org.openqa.selenium.virtualauthenticator.VirtualAuthenticatorOptions;

/** What a person does at a browser. Whatever leads to another page waits until that is there. */
final class Does {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MOST_TABS = 30;

  private final ChromeDriver browser;
  private final Screen screen;
  private boolean scripts = true;
  private @Nullable VirtualAuthenticator plugged;
  private @Nullable Object withoutSuggestions;

  Does(ChromeDriver browser, Screen screen) {
    this.browser = browser;
    this.screen = screen;
  }

  Does looksAt(Screen other) {
    hasRoomFor(other);
    browser.executeCdpCommand(
        "Network.setUserAgentOverride",
        Map.of("userAgent", other.userAgent, "acceptLanguage", "en-GB"));
    return this;
  }

  /** The same browser with as much room as that screen has. */
  void hasRoomFor(Screen other) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width",
            other.width,
            "height",
            other.height,
            "deviceScaleFactor",
            1,
            "mobile",
            other.touch));
  }

  /** Is where that network address is. */
  Does isAt(String address) {
    browser.executeCdpCommand(
        "Network.setExtraHTTPHeaders", Map.of("headers", Map.of("X-Forwarded-For", address)));
    return this;
  }

  Does switchesJavaScriptOff() {
    scripts = false;
    browser.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
    return this;
  }

  /** Has the browser's own authenticator, built in; it lets the user be verified, or does not. */
  Does plugsInAuthenticator(boolean verifies) {
    plugged =
        browser.addVirtualAuthenticator(
            new VirtualAuthenticatorOptions()
                .setProtocol(VirtualAuthenticatorOptions.Protocol.CTAP2)
                .setTransport(VirtualAuthenticatorOptions.Transport.INTERNAL)
                .setHasResidentKey(true)
                .setHasUserVerification(true)
                .setIsUserVerified(verifies));
    return this;
  }

  /** Puts a key into the authenticator, told as WebDriver's drivers take it. */
  Does loadsByWebDriver(Map<String, Object> key) {
    var told = new HashMap<>(key);
    told.computeIfPresent("signCount", (_, it) -> ((Number) it).longValue());
    plugged().addCredential(Credential.fromMap(told));
    return this;
  }

  /** The same by the DevTools protocol. */
  Does loadsByDevTools(Map<String, Object> key) {
    browser.executeCdpCommand(
        "WebAuthn.addCredential",
        Map.of("authenticatorId", plugged().getId(), "credential", key));
    return this;
  }

  Does unplugsAuthenticators() {
    if (plugged != null) {
      browser.removeVirtualAuthenticator(plugged);
      plugged = null;
    }
    if (withoutSuggestions != null) {
      browser.executeCdpCommand(
          "Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", withoutSuggestions));
      withoutSuggestions = null;
    }
    return this;
  }

  /** Has a browser that does not offer passkeys in the suggestions of a field. */
  Does keepsSuggestionsAway() {
    withoutSuggestions =
        browser
            .executeCdpCommand(
                "Page.addScriptToEvaluateOnNewDocument",
                Map.of(
                    "source",
                    "if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false;"))
            .get("identifier");
    return this;
  }

  /** How many passkeys the authenticator keeps. */
  int keptPasskeys() {
    return plugged().getCredentials().size();
  }

  private VirtualAuthenticator plugged() {
    return java.util.Objects.requireNonNull(plugged, "no authenticator is plugged in");
  }

  // Going places

  Does opens(String url) {
    browser.get(url);
    return this;
  }

  Does opens(URI url) {
    return opens(url.toString());
  }

  /** Comes from the bank, which wants to know who it is. */
  Does comesFrom(Bank bank) {
    return comesFrom(bank, Map.of());
  }

  /** The same, the bank asking for more. */
  Does comesFrom(Bank bank, Map<String, String> asking) {
    return opens(bank.url() + "/start" + (asking.isEmpty() ? "" : "?" + Bank.encoded(asking)));
  }

  URI where() {
    return URI.create(browser.getCurrentUrl());
  }

  Does reloads() {
    return leaving(() -> browser.navigate().refresh());
  }

  Does goesBack() {
    return leaving(() -> browser.navigate().back());
  }

  String opensTab() {
    var left = browser.getWindowHandle();
    browser.switchTo().newWindow(WindowType.TAB);
    looksAt(screen);
    return left;
  }

  /** The window that it looks at. */
  String window() {
    return browser.getWindowHandle();
  }

  Does turnsToTab(String tab) {
    browser.switchTo().window(tab);
    return this;
  }

  /** Goes on in a browser that has never been here, and leaves this one as it is. */
  Object takesAnotherBrowser() {
    var cookies = browser.executeCdpCommand("Network.getAllCookies", Map.of()).get("cookies");
    browser.executeCdpCommand("Network.clearBrowserCookies", Map.of());
    return java.util.Objects.requireNonNull(cookies);
  }

  /** Closes the other browser and comes back to the one left before. */
  Does returnsToBrowser(Object cookies) {
    browser.executeCdpCommand("Network.clearBrowserCookies", Map.of());
    browser.executeCdpCommand("Network.setCookies", Map.of("cookies", cookies));
    return this;
  }

  // Filling in

  Does types(String field, String text) {
    var input = browser.findElement(By.name(field));
    input.clear();
    input.sendKeys(text);
    return this;
  }

  Does ticks(String field) {
    browser.findElement(By.cssSelector("label[for=" + field + "]")).click();
    return this;
  }

  /** Unfolds what is hidden behind these words. */
  Does unfolds(String words) {
    named("summary", words).click();
    return this;
  }

  /** Presses the button or follows the link that says so. */
  Does presses(String words) {
    var target = named("button, a", words);
    return leaving(target::click);
  }

  /** Presses the button that says so, on a page that stays. */
  Does taps(String words) {
    named("button", words).click();
    return this;
  }

  /** Types where this is found. */
  Does typesInto(String css, String text) {
    browser.findElement(By.cssSelector(css)).sendKeys(text);
    return this;
  }

  /** Where a link of the page leads. */
  String readsLink(String css) {
    return String.valueOf(browser.findElement(By.cssSelector(css)).getDomProperty("href"));
  }

  /** What can be read there. */
  String reads(String css) {
    return browser.findElement(By.cssSelector(css)).getText();
  }

  /** Types into a field and sends its form. */
  Does presses(String words, String field, String text) {
    return types(field, text).presses(words);
  }

  private WebElement named(String css, String words) {
    return browser.findElements(By.cssSelector(css)).stream()
        .filter(WebElement::isDisplayed)
        .filter(it ->
            it.getText().equals(words)
                || it.getText().startsWith(words + "\n")
                || words.equals(it.getAttribute("aria-label")))
        .findFirst()
        .orElseThrow(() ->
            new NoSuchElementException(
                "nothing here says \""
                    + words
                    + "\":\n"
                    + browser.findElement(By.tagName("body")).getText()));
  }

  /** Types a code of six digits, which sends itself where scripts run. */
  Does answersWith(String code) {
    var input = browser.findElement(By.name("code"));
    input.clear();
    if (scripts) {
      return leaving(() -> input.sendKeys(code));
    }
    input.sendKeys(code);
    return leaving(() -> browser.findElement(By.cssSelector("button.primary")).click());
  }

  /** Name and password, each on its page. */
  Does givesNameAndPassword(Acme.Somebody who) {
    return types("identifier", who.name())
        .presses("Continue")
        .types("password", Acme.PASSWORD)
        .presses("Sign in");
  }

  // With the keyboard alone

  /** Tabs on to the field, button or link of that name; where it is reached, its focus has to be seen. */
  Does tabsTo(String words) {
    for (int i = 0; i < MOST_TABS; i++) {
      var focused = browser.switchTo().activeElement();
      if (words.equals(focused.getAccessibleName()) || focused.getText().startsWith(words)) {
        return this;
      }
      focused.sendKeys(Keys.TAB);
    }
    throw new NoSuchElementException("tabbing never reaches \"" + words + "\"");
  }

  Does keys(CharSequence... struck) {
    browser.switchTo().activeElement().sendKeys(struck);
    return this;
  }

  /** Types what sends itself once it is complete. */
  Does keysThatLeave(String text) {
    return leaving(() -> browser.switchTo().activeElement().sendKeys(text));
  }

  Does strikesEnter() {
    return leaving(() -> browser.switchTo().activeElement().sendKeys(Keys.ENTER));
  }

  // Reading

  /** The key that the set-up page shows, to type it into an app. */
  String readsKey() {
    return String.valueOf(browser.findElement(By.id("key")).getDomProperty("textContent"));
  }

  List<String> readsBackupCodes() {
    var codes = browser.findElements(By.cssSelector("ol.codes code"));
    return IntStream.range(0, codes.size()).mapToObj(i -> codes.get(i).getText()).toList();
  }

  private Does leaving(Runnable act) {
    var page = browser.findElement(By.tagName("html"));
    act.run();
    new WebDriverWait(browser, PATIENCE).until(_ -> isGone(page));
    return this;
  }

  /** The driver says so in more than one way, by the moment at which it is asked. */
  private static boolean isGone(WebElement page) {
    try {
      var _ = page.isEnabled();
      return false;
    } catch (WebDriverException e) {
      return true;
    }
  }
}
