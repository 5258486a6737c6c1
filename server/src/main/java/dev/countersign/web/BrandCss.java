package dev.countersign.web;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns a tenant's colours into a style sheet that stays readable (WCAG 2.2 AA) whatever the colours are. A colour is
 * kept as it is where it can be; where text would be hard to read it is made lighter or darker, never another hue.
 */
public final class BrandCss {
  /** The colour of pages whose tenant chose none. */
  public static final String DEFAULT_COLOUR = "#3b5bdb";

  private static final Pattern HEX = Pattern.compile("#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})");
  private static final double TEXT_CONTRAST = 4.5;
  private static final double SHAPE_CONTRAST = 3;

  /** Enough for a button's face to be seen as a face; its edge reaches {@link #SHAPE_CONTRAST}, its label more. */
  private static final double TINT_CONTRAST = 1.25;

  private static final Colour BLACK = new Colour(0, 0, 0);
  private static final Colour WHITE = new Colour(255, 255, 255);

  /** The cards of app.css: what brand colours have to stand out from. */
  private static final Colour LIGHT_CARD = WHITE;

  /** What lies sunken in a light card, and is darker than it; in a dark card the card itself is the harder case. */
  private static final Colour LIGHT_WELL = Colour.parse("#f7f8fa");

  private static final Colour DARK_CARD = Colour.parse("#191b20");
  private static final Colour INK = Colour.parse("#16181d");

  private BrandCss() {}

  /** The style sheet for one colour, {@code #rgb} or {@code #rrggbb}; anything else gets the default colour. */
  public static String render(String colour) {
    return render(colour, null);
  }

  /** The same with a page background for light mode; dark mode keeps its own. */
  public static String render(String colour, @Nullable String pageBackground) {
    var brand = Colour.parse(HEX.matcher(colour).matches() ? colour : DEFAULT_COLOUR);
    var light = palette(brand, LIGHT_CARD);
    var dark = palette(brand, DARK_CARD);
    var page = "";
    if (pageBackground != null && HEX.matcher(pageBackground).matches()) {
      var background = Colour.parse(pageBackground);
      var text = readable(background).equals(WHITE) ? WHITE : INK;
      var muted = text.mixedWith(background, 0.25);
      if (muted.contrast(background) < TEXT_CONTRAST) {
        muted = readable(background);
      }
      page = ";--page:%s;--page-text:%s".formatted(background, muted);
    }
    return ":root{%s%s}\n@media (prefers-color-scheme:dark){:root{%s}}\n"
        .formatted(
            light, page, page.isEmpty() ? dark : dark + ";--page:#0f1013;--page-text:#a4aab6");
  }

  /** A button in the tenant's colour on white, for mails, which know no style sheets. */
  public record Button(String background, String text) {}

  public static Button button(String colour) {
    var brand = Colour.parse(HEX.matcher(colour).matches() ? colour : DEFAULT_COLOUR);
    var background = brand.until(TINT_CONTRAST, WHITE);
    return new Button(background.toString(), readable(background).toString());
  }

  /** The ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). For tests and for the console's warning. */
  public static double contrast(String one, String other) {
    return Colour.parse(one).contrast(Colour.parse(other));
  }

  private static String palette(Colour brand, Colour card) {
    var button = brand.until(TINT_CONTRAST, card);
    var edge = brand.until(SHAPE_CONTRAST, card);
    var label = readable(button);
    var hover = button.mixedWith(label.equals(WHITE) ? BLACK : WHITE, 0.14);
    var soft = card.mixedWith(brand, 0.08);
    var ink =
        brand
            .until(TEXT_CONTRAST, soft)
            .until(TEXT_CONTRAST, card.equals(WHITE) ? LIGHT_WELL : card);
    return "--brand:%s;--brand-text:%s;--brand-hover:%s;--brand-edge:%s;--brand-ink:%s;--brand-soft:%s"
        .formatted(button, label, hover, edge, ink, soft);
  }

  /** White where white can be read, black otherwise: one of the two always reaches 4.5. */
  private static Colour readable(Colour background) {
    return WHITE.contrast(background) >= TEXT_CONTRAST ? WHITE : BLACK;
  }

  private record Colour(int red, int green, int blue) {
    static Colour parse(String hex) {
      var digits = hex.substring(1);
      if (digits.length() == 3) {
        digits = digits.replaceAll("(.)", "$1$1");
      }
      var rgb = Integer.parseInt(digits, 16);
      return new Colour(rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff);
    }

    /** This colour, moved towards black or white in small steps until it contrasts with the background. */
    Colour until(double ratio, Colour background) {
      var towards = background.luminance() > 0.18 ? BLACK : WHITE;
      var colour = this;
      for (var share = 0.0; colour.contrast(background) < ratio && share < 1; share += 0.02) {
        colour = mixedWith(towards, share);
      }
      return colour.contrast(background) < ratio ? towards : colour;
    }

    Colour mixedWith(Colour other, double share) {
      return new Colour(
          mix(red, other.red, share), mix(green, other.green, share), mix(blue, other.blue, share));
    }

    private static int mix(int mine, int theirs, double share) {
      return (int) Math.round(mine + (theirs - mine) * share);
    }

    double contrast(Colour other) {
      var one = luminance() + 0.05;
      var two = other.luminance() + 0.05;
      return Math.max(one, two) / Math.min(one, two);
    }

    double luminance() {
      return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    }

    private static double linear(int channel) {
      var share = channel / 255.0;
      return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "#%02x%02x%02x", red, green, blue);
    }
  }
}
