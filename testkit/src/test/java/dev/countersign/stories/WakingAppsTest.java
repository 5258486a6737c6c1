package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.config.Cidr;
import dev.countersign.config.Settings;
import dev.countersign.delivery.Dispatch;
import dev.countersign.delivery.push.AppWaker;
import dev.countersign.delivery.push.PushPlan;
import dev.countersign.delivery.push.Waker;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.TenantId;
import dev.countersign.outbound.Outbound;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.TextSink;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Phones with a tenant's own app on them are woken by Google, Apple or Amazon, as the tenant has set it. */
@WorldTest
class WakingAppsTest {
  private static final String TOKEN = "0123456789abcdef".repeat(4);
  private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8").orElseThrow();
  private static final String REGISTRATION = "fcm-registration:of-ana";
  private static final String APP = "arn:aws:sns:eu-central-1:123456789012:app/";

  @TempDir private Path folder;

  private static void set(World world, Company company, Consumer<ObjectNode> edit) {
    var wiring = world.wiring();
    wiring.ground.database.run(tx -> {
      var factor = new FactorId("push-notification");
      var document =
          (ObjectNode)
              Json.tree(wiring.methods.factorSettings.of(tx, company.id(), factor)).deepCopy();
      edit.accept(document);
      wiring.methods.factorSettings.set(
          tx, company.id(), factor, Json.write(document), world.clock().now());
    });
  }

  private static Someone ana(World world) {
    return world
        .tenant("acme")
        .requiring("push-notification")
        .person("ana")
        .enrolledIn("push-notification");
  }

  private static void byGoogle(World world, Company company, String file) {
    set(
        world,
        company,
        document -> {
          document.put("provider", "direct");
          document.putObject("fcmv1").put("server_credentials", file);
        });
  }

  // Google

  @Test
  void google_wakes_an_app_which_learns_nothing_but_that_something_waits(World world) {
    var ana = ana(world);
    var google = world.google().account(world.clock());
    byGoogle(world, ana.company(), google.file());
    assertThat(ana.phone().registers("fcm", REGISTRATION)).isTrue();

    ana.signsIn().approvesOnPhone().isIn();

    assertThat(google.messages())
        .singleElement()
        .satisfies(message -> {
          assertThat(message.path("token").asString("")).isEqualTo(REGISTRATION);
          assertThat(message.path("data").propertyNames()).containsExactly("type", "device");
          assertThat(message.path("data").path("device").asString(""))
              .isEqualTo(ana.phone().device());
        });
    ana.company().audit().says("mfa.challenge_sent", "by", "fcm");
  }

  @Test
  void a_token_of_googles_is_used_until_shortly_before_it_ends(World world) {
    var ana = ana(world);
    var google = world.google().account(world.clock());
    byGoogle(world, ana.company(), google.file());
    ana.phone().registers("fcm", REGISTRATION);

    ana.signsIn().approvesOnPhone();
    world.later(Duration.ofMinutes(50));
    ana.signsIn().approvesOnPhone();
    assertThat(google.asked()).isEqualTo(1);
    world.later(Duration.ofMinutes(5));
    ana.signsIn().approvesOnPhone().isIn();

    assertThat(google.asked()).isEqualTo(2);
    assertThat(google.messages()).hasSize(3);
  }

  @Test
  void an_app_that_is_gone_is_dropped_and_the_phone_still_answers_by_asking(World world) {
    var ana = ana(world);
    var google = world.google().account(world.clock());
    byGoogle(world, ana.company(), google.file());
    ana.phone().registers("fcm", REGISTRATION);
    google.uninstalls(REGISTRATION);

    ana.signsIn().approvesOnPhone().isIn();
    ana.signsIn().approvesOnPhone().isIn();

    assertThat(ana.company().audit().of("push.provider_failed"))
        .singleElement()
        .satisfies(event ->
            assertThat(event.details()).containsEntry("reason", "gone").containsEntry("by", "fcm"));
  }

  @Test
  void an_account_that_google_does_not_know_wakes_nobody_and_is_told(World world) {
    var ana = ana(world);
    var google = world.google().account(world.clock());
    byGoogle(world, ana.company(), google.file().replace("push@", "stranger@"));
    ana.phone().registers("fcm", REGISTRATION);

    ana.signsIn().approvesOnPhone().isIn();

    ana.company().audit().says("push.provider_failed", "reason", "token_status_400");
  }

  @Test
  void without_a_sender_apps_are_not_woken_and_ask_by_themselves(World world) {
    var ana = ana(world);
    ana.phone().registers("fcm", REGISTRATION);

    ana.signsIn().approvesOnPhone().isIn();

    ana.company().audit().says("push.provider_failed", "reason", "no_channel");
  }

  @Test
  void a_key_that_google_turned_off_wakes_nobody_and_is_told_so(World world) {
    var ana = ana(world);
    set(
        world,
        ana.company(),
        document -> {
          document.put("provider", "direct");
          document.putObject("fcm").put("server_key", "AAAA-legacy");
        });
    ana.phone().registers("fcm", REGISTRATION);

    ana.signsIn().approvesOnPhone().isIn();

    ana.company().audit().says("push.provider_failed", "reason", "legacy_key_only");
  }

  @Test
  void people_are_told_where_to_get_a_tenants_own_app_once_it_is_woken(World world) {
    var acme = world.tenant("acme").requiring("push-notification");
    acme.admin()
        .call(
            Method.PATCH,
            "/prompts/mfa-push",
            "{\"app_name\":\"Acme <i>Approve</i>\",\"google_app_link\":\"https://play.google.com/acme\"}");
    var visit = acme.person("ana").signsIn();
    visit.browser().press("factor", "push-notification");
    assertThat(visit.page().text()).doesNotContain("Acme <i>Approve</i>");

    set(world, acme, document -> document.put("provider", "sns"));
    visit.browser().reload();

    assertThat(visit.page().text()).contains("First get the app Acme <i>Approve</i>");
    assertThat(visit.page().has("a[href='https://play.google.com/acme']")).isTrue();
    assertThat(visit.page().text()).doesNotContain("From the App Store");
  }

  // Amazon

  private static ObjectNode byAmazon(ObjectNode document, TextSink.Account amazon) {
    return document
        .put("provider", "sns")
        .putObject("sns")
        .put("aws_access_key_id", amazon.id())
        .put("aws_secret_access_key", amazon.key())
        .put("aws_region", "eu-central-1");
  }

  @Test
  void amazon_wakes_either_kind_of_phone_and_drops_one_whose_endpoint_is_off(World world) {
    var ana = ana(world);
    var amazon = world.texts().account("sns");
    set(
        world,
        ana.company(),
        document ->
            byAmazon(document, amazon)
                .put("sns_apns_platform_application_arn", APP + "APNS/acme")
                .put("sns_gcm_platform_application_arn", APP + "GCM/acme"));
    var endpoint = APP.replace(":app/", ":endpoint/") + "APNS/acme/" + TOKEN;

    ana.phone().registers("apns", TOKEN);
    ana.signsIn().approvesOnPhone().isIn();

    assertThat(world.texts().textsTo(endpoint))
        .singleElement()
        .satisfies(sent -> {
          assertThat(sent.by()).isEqualTo("sns");
          var apple = Json.tree(Json.tree(sent.body()).path("APNS").asString(""));
          assertThat(apple.path("device").asString("")).isEqualTo(ana.phone().device());
          assertThat(apple.path("aps").isObject()).isTrue();
        });
    world.texts().turnsOff(endpoint);
    ana.signsIn().approvesOnPhone().isIn();
    ana.company().audit().says("push.provider_failed", "reason", "gone");

    ana.phone().registers("fcm", REGISTRATION);
    ana.signsIn().approvesOnPhone().isIn();
    assertThat(
            world.texts().textsTo(APP.replace(":app/", ":endpoint/") + "GCM/acme/" + REGISTRATION))
        .hasSize(1);
  }

  // Apple

  private static PushPlan byApple(AppleService apple) {
    var document = Json.object().put("provider", "direct");
    document
        .putObject("apns")
        .put("bundle_id", AppleService.TOPIC)
        .put("sandbox", false)
        .put("auth_key", apple.key())
        .put("key_id", AppleService.KEY_ID)
        .put("team_id", AppleService.TEAM);
    return new PushPlan(document);
  }

  /** Apple's service, and what asks it as a tenant's settings say. */
  private record Apple(AppleService service, Outbound outbound, AppWaker waker)
      implements AutoCloseable {
    static Apple at(
        World world, Path folder, BiFunction<AppleService, TenantId, PushPlan> settings) {
      var service = new AppleService(world.clock(), folder);
      var outbound = outbound(service);
      var urls = Settings.with(Map.of("push.apns.url", service.url()));
      return new Apple(
          service,
          outbound,
          new AppWaker(outbound, urls, tenant -> settings.apply(service, tenant)));
    }

    private static Outbound outbound(AppleService service) {
      return new Outbound(List.of(LOOPBACK), service.trust());
    }

    @Override
    public void close() {
      outbound.close();
      service.close();
    }
  }

  private Apple apple(World world) {
    return Apple.at(world, folder, (apple, _) -> byApple(apple));
  }

  private static Waker.Woken wakes(World world, Company company, AppWaker waker, String token) {
    return wakes(world, company, waker, token, new Waker.Word.Approval());
  }

  private static Waker.Woken wakes(
      World world, Company company, AppWaker waker, String token, Waker.Word word) {
    return waker.wake(
        company.id(),
        new Dispatch.Push.Target(new EnrolmentId("enr_phone"), "apns", token, "", ""),
        word,
        world.clock().now());
  }

  private static final Waker.Word WORDS =
      new Waker.Word.Alert("recovery", "Someone is recovering your account", "Press a button");

  @Test
  void apple_is_given_words_that_the_phone_shows_by_itself(World world) {
    var acme = world.tenant("acme");
    try (var asked = apple(world)) {
      var apple = asked.service();
      var waker = asked.waker();

      assertThat(wakes(world, acme, waker, TOKEN, WORDS)).isInstanceOf(Waker.Woken.Taken.class);

      assertThat(apple.refused()).isEmpty();
      var taken = apple.taken().getLast();
      var body = Json.tree(taken.body());
      assertThat(body.at("/aps/alert/title").asString(""))
          .isEqualTo("Someone is recovering your account");
      assertThat(body.at("/aps/alert/body").asString("")).isEqualTo("Press a button");
      assertThat(body.path("type").asString("")).isEqualTo("recovery");
      assertThat(taken.expiration())
          .isEqualTo(String.valueOf(world.clock().now().plus(Duration.ofDays(1)).seconds()));
    }
  }

  @Test
  void amazon_is_given_words_for_either_kind_of_phone(World world) {
    var acme = world.tenant("acme");
    var amazon = world.texts().account("sns");
    var document = Json.object();
    byAmazon(document, amazon).put("sns_apns_platform_application_arn", APP + "APNS/words");
    try (var outbound = new Outbound(List.of(LOOPBACK))) {
      var waker =
          new AppWaker(
              outbound,
              Settings.with(Map.of("sms.sns.url", world.texts().url())),
              _ -> new PushPlan(document));

      assertThat(wakes(world, acme, waker, TOKEN, WORDS)).isInstanceOf(Waker.Woken.Taken.class);
    }
    var sent = world.texts().textsTo(APP.replace(":app/", ":endpoint/") + "APNS/words/" + TOKEN);
    var message = Json.tree(sent.getLast().body());
    assertThat(Json.tree(message.path("APNS").asString("")).at("/aps/alert/body").asString(""))
        .isEqualTo("Press a button");
    var google = Json.tree(message.path("GCM").asString(""));
    assertThat(google.at("/notification/title").asString(""))
        .isEqualTo("Someone is recovering your account");
    assertThat(google.path("time_to_live").intValue()).isEqualTo(86_400);
  }

  @Test
  void apple_wakes_an_app_over_http2_with_one_token_for_forty_minutes(World world) {
    var acme = world.tenant("acme");
    try (var asked = apple(world)) {
      var apple = asked.service();
      var waker = asked.waker();

      assertThat(wakes(world, acme, waker, TOKEN)).isInstanceOf(Waker.Woken.Taken.class);
      world.later(Duration.ofMinutes(39));
      assertThat(wakes(world, acme, waker, TOKEN)).isInstanceOf(Waker.Woken.Taken.class);
      assertThat(apple.tokens()).isEqualTo(1);
      world.later(Duration.ofMinutes(30));
      assertThat(wakes(world, acme, waker, TOKEN)).isInstanceOf(Waker.Woken.Taken.class);
      assertThat(apple.tokens()).isEqualTo(2);

      assertThat(apple.refused()).isEmpty();
      assertThat(apple.taken()).hasSize(3);
      assertThat(apple.taken().getLast().expiration())
          .isEqualTo(String.valueOf(world.clock().now().plus(Duration.ofMinutes(2)).seconds()));
      assertThat(apple.taken().getLast().body())
          .contains("\"device\":\"enr_phone\"")
          .doesNotContain("Acme");
    }
  }

  @Test
  void apple_says_which_phones_are_gone(World world) {
    var acme = world.tenant("acme");
    try (var asked = apple(world)) {
      var apple = asked.service();
      var waker = asked.waker();
      apple.uninstalls(TOKEN);

      assertThat(wakes(world, acme, waker, TOKEN)).isInstanceOf(Waker.Woken.Gone.class);
      assertThat(wakes(world, acme, waker, "AB".repeat(32))).isInstanceOf(Waker.Woken.Gone.class);
      assertThat(wakes(world, acme, waker, "../../x")).isInstanceOf(Waker.Woken.Gone.class);

      assertThat(apple.refused()).containsExactly("Unregistered", "BadDeviceToken");
    }
  }

  private static PushPlan byCertificate(String p12) {
    var document = Json.object().put("provider", "direct");
    document.putObject("apns").put("bundle_id", AppleService.TOPIC).put("p12", p12);
    return new PushPlan(document);
  }

  @Test
  void apple_is_shown_the_certificate_where_there_is_no_key_and_each_tenants_its_own(World world) {
    var acme = world.tenant("acme");
    var beta = world.tenant("beta");
    try (var asked =
        Apple.at(
            world,
            folder,
            (apple, tenant) ->
                byCertificate(
                    tenant.equals(acme.id()) ? apple.certificate() : apple.strangeCertificate()))) {
      var apple = asked.service();
      var waker = asked.waker();

      assertThat(wakes(world, acme, waker, TOKEN)).isInstanceOf(Waker.Woken.Taken.class);
      assertThat(wakes(world, beta, waker, TOKEN)).isInstanceOf(Waker.Woken.Failed.class);
      assertThat(wakes(world, acme, waker, TOKEN)).isInstanceOf(Waker.Woken.Taken.class);

      assertThat(apple.certified()).isEqualTo(2);
      assertThat(apple.tokens()).isZero();
      assertThat(apple.taken()).hasSize(2);
    }
  }
}
