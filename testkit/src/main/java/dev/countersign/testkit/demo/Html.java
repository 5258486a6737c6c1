package dev.countersign.testkit.demo;

/** The look of what in the demo is not Countersign. */
public final class Html {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#16202c;--soft:#5a6878;--line:#dde3ea;--ground:#f4f6f9;--card:#fff;--brand:#0b6e5f}
      @media(prefers-color-scheme:dark){:root{--ink:#e8edf3;--soft:#9fadbd;--line:#2b3744;--ground:#10161d;--card:#18212b;--brand:#43c3ad}}
      *{box-sizing:border-box}body{margin:0;font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--ground)}
      nav{display:flex;gap:1rem;align-items:center;padding:1rem max(1rem,calc(50vw - 24rem));border-bottom:1px solid var(--line);background:var(--card)}
      nav b{font-size:1.1rem;margin-right:auto}nav a{color:var(--soft)}
      main{max-width:48rem;margin:0 auto;padding:2rem 1rem}h1{font-size:1.7rem;line-height:1.2;margin:0 0 .5rem}.lead{color:var(--soft);margin-top:0}
      .button{display:inline-block;font:inherit;font-weight:600;padding:.7rem 1.2rem;border-radius:.6rem;border:1px solid var(--brand);background:var(--brand);color:#fff;
      text-decoration:none;cursor:pointer}.button.quiet{background:none;color:var(--ink);border-color:var(--line)}
      @media(prefers-color-scheme:dark){.button{color:#06211c}}
      article,.card{background:var(--card);border:1px solid var(--line);border-radius:.8rem;padding:1.2rem;margin:1rem 0}
      article header{display:flex;flex-wrap:wrap;gap:.2rem 1rem}article time,article span{color:var(--soft)}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;margin:.6rem 0 0}
      dl{display:grid;grid-template-columns:auto 1fr;gap:.4rem 1.2rem;margin:0}dt{color:var(--soft)}dd{margin:0}dd,code{overflow-wrap:anywhere}code{font-size:.92em}details{margin-top:1rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}summary{cursor:pointer}
      label{display:block;color:var(--soft)}input{font:inherit;width:100%;max-width:26rem;padding:.6rem .8rem;border:1px solid var(--line);border-radius:.6rem;background:var(--ground);color:var(--ink)}
      .row{display:flex;flex-wrap:wrap;gap:.8rem;margin:1.2rem 0}.good{border-left:4px solid var(--brand)}
      """;

  private Html() {}

  /** A whole page; {@code body} is HTML already. */
  public static String page(String title, String body, boolean refreshing) {
    return page(title, body, refreshing, "");
  }

  /** The same elsewhere than at the bank, which is at {@code bank}. */
  static String page(String title, String body, boolean refreshing, String bank) {
    return "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width,initial-scale=1'>"
        + (refreshing ? "<meta http-equiv=refresh content=5>" : "")
        + "<title>"
        + escaped(title)
        + "</title><link rel=icon href='data:,'><style>"
        + STYLE
        + "</style></head><body><nav><b>Harbour Bank</b>"
        + "<a href='"
        + bank
        + "/'>Bank</a><a href='"
        + bank
        + "/inbox'>Inbox</a></nav><main>"
        + body
        + "</main></body></html>";
  }

  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** Escaped, with its links to click on. */
  static String linked(String text) {
    return escaped(text)
        .replaceAll("(https?://[^\\s&<>]+(?:&amp;[^\\s&<>]+)*)", "<a href='$1'>$1</a>");
  }
}
