package dev.countersign.e2e;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openqa.selenium.UnexpectedAlertBehaviour;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The machine's own Chromium, without a window. Nothing is downloaded: without both programs these tests fail. */
final class Browsers {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome-stable", "google-chrome");
  private static final List<String> DRIVERS = List.of("chromedriver", "chromium.chromedriver");

  private Browsers() {}

  /** Opens a browser that takes the development authority's certificates and keeps a log of all that goes over the wire. */
  static ChromeDriver open() {
    var options = new ChromeOptions();
    options.setBinary(installed(BROWSERS).toFile());
    options.setAcceptInsecureCerts(true);
    options.setUnhandledPromptBehaviour(UnexpectedAlertBehaviour.IGNORE);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-extensions",
        "--no-first-run",
        "--force-prefers-reduced-motion",
        "--lang=en-GB",
        "--window-size=1280,900",
        "--hide-scrollbars",
        "--force-device-scale-factor=1");
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    options.setExperimentalOption(
        "perfLoggingPrefs", Map.of("enableNetwork", true, "enablePage", false));
    options.setExperimentalOption(
        "prefs",
        Map.of("credentials_enable_service", false, "profile.password_manager_enabled", false));
    var service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(installed(DRIVERS).toFile())
            .build();
    return new ChromeDriver(service, options);
  }

  private static Path installed(List<String> names) {
    var folders =
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(System.getenv().getOrDefault("PATH", ""))
            .map(Path::of)
            .toList();
    return names.stream()
        .flatMap(name ->
            Stream.concat(folders.stream(), Stream.of(Path.of("/usr/bin")))
                .map(folder -> folder.resolve(name)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new AssertionError(
                "None of "
                    + names
                    + " is on the PATH. The browser stories need Chromium and its driver: apt-get install chromium chromium-driver"));
  }
}
