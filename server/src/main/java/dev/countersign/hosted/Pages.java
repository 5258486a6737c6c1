package dev.countersign.hosted;

import dev.countersign.hosted.view.Letter;
import dev.countersign.hosted.view.Page;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;
import java.util.Map;

/** Draws pages and mails with the templates compiled into this program. Safe to share between threads. */
public final class Pages {
  private final TemplateEngine engine =
      TemplateEngine.createPrecompiled(null, ContentType.Html, null, "dev.countersign.pages");

  /** The page as HTML; everything in it is escaped for its place. */
  public String html(Page page) {
    var out = new StringOutput();
    engine.render(page.template(), Map.of("page", page), (TemplateOutput) out);
    return out.toString();
  }

  /** The mail as HTML. */
  public String html(Letter letter) {
    var out = new StringOutput();
    engine.render("mail/html.jte", Map.of("letter", letter), (TemplateOutput) out);
    return out.toString();
  }

  /** The same mail as plain text. */
  public String plain(Letter letter) {
    var out = new StringOutput();
    engine.render("mail/plain.jte", Map.of("letter", letter), (TemplateOutput) out);
    return out.toString();
  }
}
