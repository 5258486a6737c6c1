package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.challenge.PoseChallenge;
import dev.countersign.kernel.Json;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.TextSink;
import dev.countersign.testkit.Twilio;
import dev.countersign.testkit.Vonage;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What providers say of texts after they took them, and who is believed. */
@WorldTest
class TextReceiptsTest {
  private static Someone asked(Company company) {
    var ana = company.person("ana").enrolledIn("sms");
    ana.journey().withPassword().isAsked("sms");
    return ana;
  }

  @Test
  void a_text_that_twilio_lost_is_recorded_once_however_often_it_is_said(World world) {
    var twilio = world.texts().account("twilio");
    var acme = world.tenant("acme").textingBy(twilio).requiring("sms");
    var ana = asked(acme);
    var lost = Twilio.tells(twilio, ana.texts().getLast(), "undelivered");

    assertThat(lost.uri().toString()).startsWith(acme.url("/receipts/twilio?text=txt_"));
    assertThat(lost.to(world.node())).isEqualTo(204);
    assertThat(lost.to(world.node())).isEqualTo(204);

    assertThat(acme.audit().of("sms.failed")).hasSize(1);
    var told = acme.audit().last("sms.failed");
    assertThat(told.details())
        .containsEntry("by", "twilio")
        .containsEntry("detail", "30003")
        .containsEntry("factor", "sms");
    assertThat(told.details().toString()).doesNotContain(ana.phoneNumber());
    assertThat(told.user()).isEqualTo(ana.id());
  }

  @Test
  void a_text_that_vonage_lost_is_recorded_too(World world) {
    var vonage = world.texts().account("vonage");
    var acme = world.tenant("acme").textingBy(vonage).requiring("sms");
    var ana = asked(acme);

    var lost = Vonage.tells(vonage, ana.texts().getLast(), "failed", world.instant());

    assertThat(lost.to(world.node())).isEqualTo(204);
    acme.audit().says("sms.failed", "by", "vonage").says("sms.failed", "detail", "6");
  }

  @ParameterizedTest
  @ValueSource(strings = {"queued", "sent", "delivered", "nonsense"})
  void what_is_on_its_way_or_has_arrived_is_no_news_for_the_log(String status, World world) {
    var twilio = world.texts().account("twilio");
    var acme = world.tenant("acme").textingBy(twilio).requiring("sms");
    var ana = asked(acme);

    assertThat(Twilio.tells(twilio, ana.texts().getLast(), status).to(world.node())).isEqualTo(204);

    assertThat(acme.audit().of("sms.failed")).isEmpty();
  }

  @Test
  void a_receipt_that_twilio_did_not_sign_is_not_believed(World world) {
    var twilio = world.texts().account("twilio");
    var other = world.texts().account("twilio");
    var acme = world.tenant("acme").textingBy(twilio).requiring("sms");
    var text = asked(acme).texts().getLast();
    var good = Twilio.tells(twilio, text, "undelivered");

    assertThat(good.saying("MessageStatus", "failed").to(world.node())).isEqualTo(403);
    assertThat(new TextSink.Receipt(good.uri(), good.form(), "").to(world.node())).isEqualTo(403);
    assertThat(Twilio.tells(other, text, "undelivered").to(world.node())).isEqualTo(403);
    var elsewhere = java.net.URI.create(good.uri() + "x");
    assertThat(new TextSink.Receipt(elsewhere, good.form(), good.signature()).to(world.node()))
        .as("the signature covers which text it is")
        .isEqualTo(403);

    assertThat(acme.audit().of("sms.failed")).isEmpty();
  }

  @Test
  void a_receipt_of_another_tenants_account_is_not_believed(World world) {
    var theirs = world.texts().account("twilio");
    world.tenant("beta").textingBy(theirs);
    var acme = world.tenant("acme").textingBy(world.texts().account("twilio")).requiring("sms");
    var text = asked(acme).texts().getLast();

    assertThat(Twilio.tells(theirs, text, "undelivered").to(world.node())).isEqualTo(403);
  }

  @Test
  void a_receipt_that_vonage_did_not_sign_just_now_is_not_believed(World world) {
    var vonage = world.texts().account("vonage");
    var acme = world.tenant("acme").textingBy(vonage).requiring("sms");
    var text = asked(acme).texts().getLast();
    var good = Vonage.tells(vonage, text, "failed", world.instant());

    assertThat(good.saying("status", "rejected").to(world.node())).isEqualTo(403);
    assertThat(good.saying("sig", "").to(world.node())).isEqualTo(403);
    assertThat(good.saying("api-key", "other").to(world.node())).isEqualTo(403);
    var old = Vonage.tells(vonage, text, "failed", world.instant().minus(Duration.ofMinutes(6)));
    assertThat(old.to(world.node())).isEqualTo(403);

    assertThat(acme.audit().of("sms.failed")).isEmpty();
  }

  @Test
  void vonage_is_asked_for_receipts_only_where_they_could_be_believed(World world) {
    var vonage = world.texts().account("vonage");
    var acme = world.tenant("acme").textingBy(vonage).requiring("sms");
    set(world, acme, "/vonage/signature_secret");

    assertThat(asked(acme).texts().getLast().receipts()).isEmpty();
  }

  /** Takes one setting away. */
  private static void set(World world, Company acme, String pointer) {
    var parts = pointer.substring(1).split("/", 2);
    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .delivery
                .textSettings
                .change(
                    tx,
                    acme.id(),
                    document -> {
                      document.withObject("/" + parts[0]).remove(parts[1]);
                      return document;
                    },
                    world.clock().now()));
  }

  @Test
  void that_texts_to_a_range_never_arrive_stands_in_the_reason_for_stopping_them(World world) {
    var twilio = world.texts().account("twilio");
    var acme = world.tenant("acme").textingBy(twilio).requiring("sms");
    var people =
        IntStream.range(0, 9).mapToObj(i -> acme.person("p" + i).enrolledIn("sms")).toList();
    for (var each : people.subList(0, 8)) {
      each.journey().withPassword().isAsked("sms");
      Twilio.tells(twilio, each.texts().getLast(), "failed").to(world.node());
    }

    people.get(8).journey().withPassword().pose("sms", false);

    assertThat(acme.audit().last("sms.blocked").details().get("because"))
        .contains("8 numbers")
        .contains("8 never arrived");
  }

  @Test
  void a_tenant_sets_its_own_limits(World world) {
    var acme = world.tenant("acme").texting().requiring("sms");
    world
        .wiring()
        .ground
        .database
        .run(tx ->
            world
                .wiring()
                .delivery
                .textSettings
                .change(
                    tx,
                    acme.id(),
                    document -> document.set("limits", Json.object().put("sign_in_per_hour", 1)),
                    world.clock().now()));
    var ana = acme.person("ana").enrolledIn("sms");
    var journey = ana.journey().withPassword();
    journey.pose("sms", false);
    world.later(Duration.ofSeconds(20));

    assertThat(journey.pose("sms", true))
        .isInstanceOfSatisfying(
            PoseChallenge.Outcome.Unsent.class,
            unsent -> assertThat(unsent.reason()).isEqualTo("limit_sign_in"));
  }
}
