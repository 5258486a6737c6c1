package dev.countersign.e2e;

/** What a person looks at. */
enum Screen {
  PHONE(
      390,
      844,
      true,
      "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"),
  DESKTOP(
      1280,
      900,
      false,
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"),
  /** A desktop's window of 1280 pixels at 400 % zoom (WCAG 2.2, 1.4.10). */
  ZOOMED(320, 256, false, DESKTOP.userAgent);

  final int width;
  final int height;
  final boolean touch;
  final String userAgent;

  Screen(int width, int height, boolean touch, String userAgent) {
    this.width = width;
    this.height = height;
    this.touch = touch;
    this.userAgent = userAgent;
  }
}
