package dev.countersign.testkit.demo;

import dev.countersign.Wiring;
import dev.countersign.audit.Audit;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import dev.countersign.kernel.TenantId;
import dev.countersign.operator.Answer;
import dev.countersign.tenant.Tenant;
import dev.countersign.tenant.Tenants;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The page on which a browser chooses where it is, and on which a tenant's last sign-ins are explained as to its admins. */
final class Travel {
  static final String PATH = "/demo/travel";

  private static final int EVENTS = 200;
  private static final int SIGN_INS = 6;

  private final Wiring wiring;
  private final String bank;

  /**
   * The page.
   *
   * @param bank where bank and inbox are
   */
  Travel(Wiring wiring, String bank) {
    this.wiring = wiring;
    this.bank = bank;
  }

  /**
   * A whole answer (RFC 9112).
   *
   * @param target with its query: {@code to} chooses a place, {@code save} tries rules that lock somebody out
   * @param host of the tenant that is looked at
   */
  byte[] answer(String target, String host, String cookies) {
    var asked = Optional.ofNullable(URI.create(target).getQuery()).orElse("");
    if (asked.startsWith("to=")) {
      return answer(
          "303 See Other",
          List.of(
              "Location: " + PATH, "Set-Cookie: " + Whereabouts.of(asked.substring(3)).cookie()),
          "");
    }
    var tenant = tenant(host);
    return tenant.isEmpty()
        ? answer("404 Not Found", List.of(), "Nobody lives here.")
        : answer(
            "200 OK",
            List.of(),
            Html.page(
                "Travel",
                page(tenant.get(), Whereabouts.ofCookies(cookies), asked.equals("save")),
                false,
                bank));
  }

  private static byte[] answer(String status, List<String> headers, String body) {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    var all = new ArrayList<>(List.of("HTTP/1.1 " + status));
    all.addAll(headers);
    all.addAll(
        List.of(
            "Content-Type: text/html; charset=utf-8",
            "Cache-Control: no-store",
            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
            "Content-Length: " + bytes.length,
            "Connection: close"));
    var head = (String.join("\r\n", all) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    var whole = java.util.Arrays.copyOf(head, head.length + bytes.length);
    System.arraycopy(bytes, 0, whole, head.length, bytes.length);
    return whole;
  }

  private Optional<Tenant> tenant(String host) {
    var name = host.replaceAll(":\\d+$", "");
    return wiring.ground.tenants.bySlug(
        name.endsWith(".localhost")
            ? name.substring(0, name.length() - ".localhost".length())
            : Tenants.DEFAULT_SLUG);
  }

  private String page(Tenant tenant, Whereabouts here, boolean save) {
    var page =
        new StringBuilder("<h1>This browser is in ")
            .append(here.city)
            .append("</h1><p class=lead>For ")
            .append(Html.escaped(tenant.displayName()))
            .append(
                ", that is: the demo says so to Countersign as a proxy would. Travel to</p><div class=row>");
    for (var place : Whereabouts.values()) {
      page.append("<a class='button")
          .append(place == here ? "" : " quiet")
          .append("' href='?to=")
          .append(place.word())
          .append("'>")
          .append(place.city)
          .append("</a>");
    }
    page.append("</div><p>Then <a href='/account'>sign in</a>.</p>");
    if (tenant.slug().equals(Situations.ROLLOUT)) {
      page.append(lockOut(tenant.id(), save));
    }
    page.append("<h2>What an admin sees of the last sign-ins</h2>");
    var signIns = signIns(tenant.id());
    if (signIns.isEmpty()) {
      page.append("<p>Nobody has signed in yet.</p>");
    }
    for (int i = 0; i < signIns.size(); i++) {
      page.append(explained(tenant.id(), signIns.get(i), i == 0));
    }
    return page.toString();
  }

  /** What comes of saving rules under which stella could not sign in any more; they are refused, so nothing changes. */
  private String lockOut(TenantId tenant, boolean save) {
    var said = new Said();
    if (save) {
      wiring.administration.operatorPolicy.bringIn(
          tenant,
          Secret.of(Situations.LOCKING_OUT),
          Moment.of(wiring.ground.clock.instant()),
          said);
    }
    return "<h2>Rules that lock somebody out</h2><div class=card><pre>"
        + Html.escaped(Situations.LOCKING_OUT.strip())
        + "</pre><div class=row><a class='button quiet' href='?save'>Try to save them</a></div>"
        + (save
            ? "<p><strong>Nothing was saved.</strong> "
                + Html.escaped(String.join(" ", said.lines))
                + "</p>"
            : "")
        + "</div>";
  }

  private List<SignInId> signIns(TenantId tenant) {
    return wiring
        .ground
        .database
        .read(tx -> wiring.ground.audit.newestFirst(tx, tenant, Audit.Filter.ALL, 0, EVENTS))
        .stream()
        .flatMap(event -> Optional.ofNullable(event.signIn()).stream())
        .distinct()
        .limit(SIGN_INS)
        .toList();
  }

  /** The last decision of a sign-in in full, and those before it behind their first line. */
  private String explained(TenantId tenant, SignInId signIn, boolean open) {
    var said = new Said();
    if (!wiring.administration.operatorPolicy.explain(tenant, signIn, said)) {
      return "";
    }
    var decisions = new ArrayList<List<String>>();
    for (var line : said.lines) {
      if (!line.startsWith(" ")) {
        decisions.add(new ArrayList<>());
      }
      decisions.getLast().add(line);
    }
    var article = new StringBuilder("<article>");
    for (var decision : decisions) {
      article
          .append("<details")
          .append(open ? " open" : "")
          .append("><summary>")
          .append(Html.escaped(decision.getFirst()))
          .append(decision.size() > 1 ? "<br>" + Html.escaped(decision.get(1).strip()) : "")
          .append("</summary><pre>")
          .append(
              Html.escaped(
                  String.join(
                      "\n", decision.subList(Math.min(2, decision.size()), decision.size()))))
          .append("</pre></details>");
    }
    return article.append("</article>").toString();
  }

  /** Hears what an operator would. */
  private static final class Said implements Answer {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void say(String line) {
      lines.add(line);
    }

    @Override
    public void tell(String line) {
      lines.add(line);
    }
  }
}
