package dev.countersign.testkit.demo;

import dev.countersign.application.Api;
import dev.countersign.application.Application;
import dev.countersign.kernel.Json;
import dev.countersign.tenant.Tenants;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the demo says when it is ready: to people, or to programs. */
record Told(Places places, Scene scene) {
  private static final String MANAGEMENT = "management";

  String line() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("base", places.base());
    all.put("https", places.https());
    all.put("ca", places.ca().toString());
    all.put("tenant", Tenants.DEFAULT_SLUG);
    var management = scene.app(MANAGEMENT);
    all.put(
        MANAGEMENT,
        Map.of(
            "client_id",
            management.application().id().value(),
            "client_secret",
            management.told().reveal(),
            "audience",
            Api.managementAudience(places.base() + "/")));
    all.put(
        "apps",
        scene.apps().stream().filter(app -> !app.key().equals(MANAGEMENT)).map(Told::app).toList());
    all.put("people", scene.people().stream().map(Told::person).toList());
    all.put("inbox", places.inboxList());
    if (!scene.inSituations().isEmpty()) {
      all.put(Situations.RISK, scene.inSituations().stream().map(Told::person).toList());
    }
    return Json.write(all);
  }

  private static Map<String, Object> app(Scene.App it) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("name", it.application().name());
    all.put("type", it.application().type().word());
    all.put("client_id", it.application().id().value());
    all.put(
        "client_secret",
        it.application().tokenAuth() == Application.TokenAuth.NONE ? null : it.told().reveal());
    all.put("redirect_uris", it.application().callbacks());
    return all;
  }

  private static Map<String, Object> person(Scene.Resident it) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("username", it.username());
    all.put("password", Scene.PASSWORD);
    all.put("totp_secret", it.app().orElse(null));
    all.put("phone", it.phone().orElse(null));
    return all;
  }

  String words() {
    var ben =
        scene.people().stream()
            .filter(it -> it.username().equals("ben"))
            .findFirst()
            .flatMap(Scene.Resident::app)
            .orElse("");
    var many =
        scene.people().stream()
            .map(Scene.Resident::username)
            .filter(name -> name.startsWith("person"))
            .toList();
    return """

    Countersign is ready.

      Open     %s   a small bank that signs you in with Countersign
      Inbox    %s   every mail and text it sends

      Sign in  ana    no second factor yet: you are invited to set one up
               ben    has an authenticator app, and a sheet of backup codes
               carla  a teller, so has to set one up
               dora   was given codes by mail: look into the inbox
               emil   was given a hardware token, number %s
               each with the password   %s
    %s
      Ben's app: type %s into an authenticator app,
               or   oathtool --totp -b %s
      Emil's token shows what   oathtool --totp -b %s   prints
      Ben's backup codes, each good for once: %s

      Passkey                 as ana, set up "Built-in biometrics" and sign out; then "Sign in with a passkey"
      Your security page      %s/account
      The app on the phone    %s/approver   (approves sign-ins; open it beside the bank)
      Another company         %s/account   (ana; everybody there needs a second factor)
      With HTTPS              %s   (its authority: %s)
    %s
    Stop it with Ctrl-C. A second start goes on with the same data.
    """
        .formatted(
            places.bank(),
            places.inbox(),
            Scene.TOKEN_SERIAL,
            Scene.PASSWORD,
            many(many),
            ben,
            ben,
            Scene.TOKEN_SEED,
            String.join(" ", scene.sheet().subList(0, Math.min(3, scene.sheet().size()))),
            places.base(),
            places.base(),
            places.acme(),
            places.https(),
            places.ca(),
            scene.inSituations().isEmpty() ? "" : situations());
  }

  private String situations() {
    var travelling =
        scene.inSituations().stream()
            .filter(it -> it.app().isPresent())
            .map(it -> "               %-7s %s\n".formatted(it.username(), it.app().orElseThrow()))
            .collect(java.util.stream.Collectors.joining());
    return """

      Situations              %s   where this browser is, and what admins see of each sign-in
        at %s
               tara    from Tokyo: a new country
               dieter  from Berlin: a new browser
               ivan    was in Berlin an hour ago; from São Paulo it is an impossible journey
               nils    has no second factor; from Tokyo it is suspicious, and a code goes to the inbox
        at %s
               greta   can put it off once more, and then no longer
               cleo    is among the 10 %% of a campaign; colin is not
               stella  would be locked out by the rules that %s tries to save
        and ben at the bank: a transfer
        Keys for authenticator apps:
    %s\
    """
        .formatted(
            places.travel(Situations.RISK),
            places.account(Situations.RISK),
            places.account(Situations.ROLLOUT),
            places.travel(Situations.ROLLOUT),
            travelling);
  }

  private static String many(List<String> names) {
    return names.isEmpty()
        ? ""
        : "           "
            + names.getFirst()
            + " to "
            + names.getLast()
            + "   "
            + names.size()
            + " more (--json tells their apps' keys)\n";
  }
}
