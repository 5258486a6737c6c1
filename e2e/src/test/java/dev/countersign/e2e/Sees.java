package dev.countersign.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * What a person sees, and what a machine checks meanwhile. A page that was not seen in this state and at this width
 * before is photographed by day and by night, searched for accessibility faults in both, and squeezed to 320 pixels.
 */
final class Sees {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Set<String> LOOKED_AT = ConcurrentHashMap.newKeySet();
  private static final String AXE = script();

  /** Every rule of WCAG 2.2 at levels A and AA, and axe's own of good practice. */
  private static final String SEARCH =
      """
      const done = arguments[arguments.length - 1];
      axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
        .then(found => done(found.violations.map(it => it.id + ': ' + it.help + ' ' + it.nodes.map(node => node.html).join(' '))))
        .catch(e => done(['axe: ' + e]));
      """;

  private static final String SIDEWAYS =
      """
      return [...document.querySelectorAll('body *')]
        .filter(it => it.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !it.closest('.unseen'))
        .map(it => it.outerHTML.slice(0, 120))
        .concat(document.documentElement.scrollWidth > document.documentElement.clientWidth ? ['the page scrolls sideways'] : []);
      """;

  private final ChromeDriver browser;
  private final Screen screen;
  private final Album album;
  private final List<Wire.Answer> answers = new ArrayList<>();
  private boolean scripts = true;

  Sees(ChromeDriver browser, Screen screen, Album album) {
    this.browser = browser;
    this.screen = screen;
    this.album = album;
  }

  private static String script() {
    try (var in = Sees.class.getResourceAsStream("/axe.min.js")) {
      return new String(
          java.util.Objects.requireNonNull(in, "axe.min.js").readAllBytes(),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on pages stand without scripts, which axe is one of. */
  Sees withoutScripts() {
    scripts = false;
    return this;
  }

  // What a person sees

  /** The page of that heading. */
  Sees page(String heading) {
    until(heading, this::heading);
    lookAt(heading);
    return this;
  }

  /** Of a page that shows one of its screens at a time, the screen of that heading. */
  Sees screen(String heading) {
    until(heading, this::screenHeading);
    lookAt(heading);
    return this;
  }

  private String screenHeading() {
    return browser.findElements(By.tagName("h2")).stream()
        .filter(WebElement::isDisplayed)
        .findFirst()
        .map(WebElement::getText)
        .orElse("");
  }

  /** Anybody's page of that heading. */
  Sees heading(String heading) {
    until(heading, this::heading);
    return this;
  }

  private void until(String expected, java.util.function.Supplier<String> shown) {
    try {
      // Pages that wait for another device change by themselves, also while they are read.
      new WebDriverWait(browser, PATIENCE)
          .ignoring(StaleElementReferenceException.class)
          .until(_ -> shown.get().equals(expected));
    } catch (TimeoutException e) {
      throw new AssertionError(
          "expected \"" + expected + "\", but " + browser.getCurrentUrl() + " says\n" + text(), e);
    }
  }

  private String heading() {
    return browser.findElements(By.tagName("h1")).stream()
        .findFirst()
        .map(WebElement::getText)
        .orElse("");
  }

  String text() {
    return browser.findElement(By.tagName("body")).getText();
  }

  Sees says(String words) {
    assertThat(text()).contains(words);
    return this;
  }

  /** What a script of the page says in its own time. */
  Sees comesToSay(String words) {
    until(words, () -> text().contains(words) ? words : "");
    return this;
  }

  Sees doesNotSay(String words) {
    assertThat(browser.getPageSource()).doesNotContain(words);
    return this;
  }

  /** What is wrong with a field, linked to it for whoever cannot see where it stands. */
  Sees wrong(String field, String words) {
    assertThat(browser.findElement(By.id(field + "-error")).getText()).contains(words);
    var input = browser.findElement(By.name(field));
    assertThat(input.getDomAttribute("aria-invalid")).isEqualTo("true");
    assertThat(input.getDomAttribute("aria-describedby")).contains(field + "-error");
    assertThat(browser.getTitle()).startsWith("Error: ");
    return this;
  }

  /** Is back at the bank, which knows who it is and how that was proven. */
  Sees bank(String acr, String amr) {
    until("Welcome to the bank", this::heading);
    assertThat(browser.findElement(By.id("acr")).getText()).isEqualTo(acr);
    assertThat(browser.findElement(By.id("amr")).getText()).isEqualTo(amr);
    return this;
  }

  /** The same, however it was proven. */
  Sees bankAt(String acr) {
    until("Welcome to the bank", this::heading);
    assertThat(browser.findElement(By.id("acr")).getText()).isEqualTo(acr);
    return this;
  }

  /** Is back at the bank, which was told no. */
  Sees bankRefused(String error) {
    until("Not signed in", this::heading);
    assertThat(browser.findElement(By.id("error")).getText()).isEqualTo(error);
    return this;
  }

  Sees at(String path) {
    assertThat(URI.create(browser.getCurrentUrl()).getPath()).isEqualTo(path);
    return this;
  }

  boolean has(String css) {
    return browser.findElements(By.cssSelector(css)).stream().anyMatch(WebElement::isDisplayed);
  }

  /** The focus, drawn around or under whatever has it. */
  Sees focus() {
    var focused = browser.switchTo().activeElement();
    assertThat(
            browser.executeScript(
                """
                const drawn = getComputedStyle(arguments[0]);
                return drawn.outlineStyle !== 'none' && parseFloat(drawn.outlineWidth) > 0 || drawn.boxShadow !== 'none';
                """,
                focused))
        .as("focus is seen on %s", focused.getDomProperty("outerHTML"))
        .isEqualTo(true);
    return this;
  }

  /** Cookies that no other site, no script and no wire could read or set. */
  @SuppressWarnings("unchecked")
  Sees cookiesOfHttps() {
    var all =
        (List<Map<String, Object>>)
            browser.executeCdpCommand("Network.getAllCookies", Map.of()).get("cookies");
    var ours =
        all.stream().filter(it -> !String.valueOf(it.get("domain")).startsWith("bank.")).toList();
    assertThat(ours)
        .isNotEmpty()
        .allSatisfy(cookie -> {
          assertThat(String.valueOf(cookie.get("name"))).startsWith("__Host-cs_");
          assertThat(cookie).containsEntry("secure", true).containsEntry("path", "/");
          // The time zone is set by the page's own script and opens nothing.
          assertThat(cookie.get("httpOnly"))
              .isEqualTo(!String.valueOf(cookie.get("name")).equals("__Host-cs_zone"));
          assertThat(String.valueOf(cookie.get("domain"))).doesNotStartWith(".");
          // Only the session has to reach us from frames of other sites, for silent authentication.
          assertThat(cookie.get("sameSite"))
              .isEqualTo(
                  String.valueOf(cookie.get("name")).equals("__Host-cs_session") ? "None" : "Lax");
        });
    return this;
  }

  // What a machine checks

  private void lookAt(String heading) {
    boolean erring = !browser.findElements(By.cssSelector(".error, .notice.problem")).isEmpty();
    boolean unable = !browser.findElements(By.cssSelector("[data-unable]:not([hidden])")).isEmpty();
    var page =
        URI.create(browser.getCurrentUrl()).getPath()
            + " "
            + heading
            + erring
            + unable
            + scripts
            + browser.findElement(By.tagName("html")).getDomAttribute("lang");
    var state = screen + " " + page;
    if (!LOOKED_AT.add(state)) {
      return;
    }
    assertThat(sideways()).as("cut off on %s", state).isEmpty();
    photographs("");
    faults("by day");
    theme("dark");
    photographs("dark");
    // Colours, and what other widths do to it, are the same wherever the story is told.
    if (LOOKED_AT.add(page)) {
      faults("by night");
      squeezed(state);
      theme("light");
      widened(state);
    }
    theme("light");
  }

  /** As a desk shows it, where the story is told on a phone. */
  private void widened(String state) {
    if (screen == Screen.PHONE) {
      new Does(browser, screen).hasRoomFor(Screen.DESKTOP);
      assertThat(sideways()).as("cut off at a desk on %s", state).isEmpty();
      photographs("desk");
      theme("dark");
      photographs("desk dark");
      new Does(browser, screen).hasRoomFor(screen);
    }
  }

  /** WCAG 2.2, 1.4.10: at 320 pixels nothing has to be scrolled for in two directions. */
  private void squeezed(String state) {
    new Does(browser, screen).hasRoomFor(Screen.ZOOMED);
    assertThat(sideways()).as("cut off at 320 pixels on %s", state).isEmpty();
    new Does(browser, screen).hasRoomFor(screen);
  }

  @SuppressWarnings("unchecked")
  private List<String> sideways() {
    return (List<String>) browser.executeScript(SIDEWAYS);
  }

  void photographs(String remark) {
    album.take(browser, remark);
  }

  /** At once: what is on its way from one colour to the other is neither. */
  private void theme(String scheme) {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  private void faults(String when) {
    if (!scripts) {
      return;
    }
    browser.executeScript(AXE);
    assertThat((List<?>) browser.executeAsyncScript(SEARCH))
        .as("accessibility faults %s on %s", when, browser.getCurrentUrl())
        .isEmpty();
  }

  /** What went over the wire since the story began. */
  List<Wire.Answer> answers() {
    answers.addAll(Wire.drain(browser));
    return answers;
  }

  /** The browser had nothing to complain of, and every answer of ours wore its headers. */
  void everythingInOrder() {
    assertThat(
            browser.manage().logs().get("browser").getAll().stream()
                .map(Object::toString)
                // The browser's remark on a page that says that something was wrong; that assets
                // come whole is checked below.
                .filter(line ->
                    !line.matches(
                        "(?s).*Failed to load resource: the server responded with a status of (4\\d\\d|503).*")))
        .isEmpty();
    for (var answer : answers()) {
      var host = answer.url().getHost();
      // The banks' pages, and pages that a tenant has on a bare address, are not ours.
      if (!host.startsWith("bank.")
          && !host.startsWith("harbour.")
          && !host.equals("127.0.0.1")) {
        Headers.check(answer);
      }
    }
  }
}
