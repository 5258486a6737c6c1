package dev.countersign.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The system's Chromium without a window. Nothing is downloaded: both programs must be installed. */
final class Chromium {

  private static final List<Path> BROWSERS =
      List.of(
          Path.of("/usr/bin/chromium"),
          Path.of("/usr/bin/chromium-browser"),
          Path.of("/usr/bin/google-chrome"));
  private static final List<Path> DRIVERS =
      List.of(Path.of("/usr/bin/chromedriver"), Path.of("/usr/lib/chromium-browser/chromedriver"));

  private Chromium() {}

  static ChromeDriver open() {
    var options = new ChromeOptions();
    options.setBinary(installed("chromium", BROWSERS).toFile());
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");
    options.addArguments(
        "--lang=en", "--window-size=1280,900", "--no-first-run", "--disable-background-networking");
    var service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(installed("chromedriver", DRIVERS).toFile());
    return new ChromeDriver(service.build(), options);
  }

  private static Path installed(String name, List<Path> places) {
    return places.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not installed; looked for " + places));
  }
}
