package dev.countersign.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.openqa.selenium.chrome.ChromeDriver;

/** The pictures of one story, in {@code target/screenshots/<story>-<screen>-<n>.png}. */
final class Album {
  private static final Path FOLDER = Path.of("target", "screenshots");

  private final String story;
  private int taken;

  Album(Class<?> told, Method story, Screen screen) {
    this.story =
        told.getSimpleName() + "." + story.getName() + "-" + screen.name().toLowerCase(Locale.ROOT);
  }

  /** Takes one of the whole page, however long. */
  void take(ChromeDriver browser, String remark) {
    var picture =
        browser.executeCdpCommand(
            "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    taken++;
    var name =
        story + "-" + taken + (remark.isEmpty() ? "" : "-" + remark.replace(' ', '-')) + ".png";
    try {
      Files.createDirectories(FOLDER);
      Files.write(
          FOLDER.resolve(name), Base64.getDecoder().decode(String.valueOf(picture.get("data"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
