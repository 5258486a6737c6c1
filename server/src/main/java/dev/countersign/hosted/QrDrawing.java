package dev.countersign.hosted;

import dev.countersign.hosted.view.TotpSetupPage;
import io.nayuki.qrcodegen.QrCode;

/** Draws a QR code (ISO/IEC 18004) as SVG path data: one rectangle for each run of dark modules in a row. */
final class QrDrawing {
  /** The light border that readers need, in modules. */
  private static final int QUIET = 4;

  private QrDrawing() {}

  static TotpSetupPage.Qr of(String text) {
    var code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
    var path = new StringBuilder(4000);
    for (int y = 0; y < code.size; y++) {
      for (int x = 0; x < code.size; x++) {
        int from = x;
        while (x < code.size && code.getModule(x, y)) {
          x++;
        }
        if (x > from) {
          path.append('M')
              .append(from + QUIET)
              .append(' ')
              .append(y + QUIET)
              .append('h')
              .append(x - from)
              .append("v1h-")
              .append(x - from)
              .append('z');
        }
      }
    }
    return new TotpSetupPage.Qr(code.size + 2 * QUIET, path.toString());
  }
}
