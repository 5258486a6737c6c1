package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.Admin;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.LogSink;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Method;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Tenants that want to be told of what happens, at addresses of theirs over real HTTP. */
@WorldTest
class LogStreamsTest {
  private static JsonNode streaming(Admin admin, LogSink sink, String more) {
    var answered =
        admin.post(
            "/log-streams",
            """
            {"name": "Watch", "type": "http", "sink": {"httpEndpoint": "%s"%s}}
            """
                .formatted(sink.url(), more));
    assertThat(answered.status()).as(answered.text()).isEqualTo(200);
    sink.knows(answered.json().path("signing_secret").asString());
    return answered.json();
  }

  private static void happens(World world) {
    world.wiring().administration.streamPump.deliverDue();
  }

  private static List<String> types(LogSink sink) {
    return sink.events().stream()
        .map(it -> it.path("data").path("details").path("event").asString())
        .toList();
  }

  private static Company acme(World world) {
    return world.tenant("acme").requiring("otp");
  }

  private static void signsIn(Company company, String name) {
    var person = company.person(name).enrolledIn("otp");
    person.signsIn().answers(person.codeNow()).isIn();
  }

  @Test
  void what_happens_is_told_in_order_signed_and_once(World world) throws IOException {
    try (var sink = new LogSink(world.clock())) {
      var acme = acme(world);
      var admin = acme.admin();
      streaming(
          admin,
          sink,
          ", \"httpAuthorization\": \"Bearer of-the-watch\", \"httpCustomHeaders\": [{\"header\": \"X-Team\", \"value\": \"blue\"}]");
      world.clock().advance(Duration.ofSeconds(3));

      signsIn(acme, "ana");
      happens(world);

      assertThat(sink.received()).hasSize(1).allMatch(LogSink.Received::isSigned);
      assertThat(sink.received().getFirst().headers())
          .containsEntry("authorization", "Bearer of-the-watch")
          .containsEntry("x-team", "blue")
          .containsEntry("content-type", "application/json");
      assertThat(types(sink)).contains("user.signed_in", "user.mfa_succeeded");
      var first = sink.events().getFirst();
      assertThat(first.path("log_id").asString())
          .isEqualTo(first.path("data").path("log_id").asString());
      assertThat(sink.events().stream().map(it -> it.path("log_id").asString()).toList())
          .isSorted()
          .doesNotHaveDuplicates();

      sink.forgets();
      happens(world);
      assertThat(sink.received()).isEmpty();
    }
  }

  @Test
  void what_is_not_taken_is_told_again_after_growing_pauses_and_nothing_is_lost(World world)
      throws IOException {
    try (var sink = new LogSink(world.clock())) {
      var acme = acme(world);
      streaming(acme.admin(), sink, "");
      world.clock().advance(Duration.ofSeconds(3));
      sink.answers(503);
      signsIn(acme, "ana");
      happens(world);
      happens(world);
      assertThat(sink.received()).isEmpty();

      sink.answers(200);
      happens(world);
      assertThat(sink.received()).as("it rests").isEmpty();
      world.clock().advance(Duration.ofSeconds(6));
      happens(world);

      assertThat(types(sink)).contains("user.signed_in");
    }
  }

  @Test
  void after_a_day_it_is_kept_as_dead_letters_told_to_the_admin_and_can_be_tried_again(World world)
      throws IOException {
    try (var sink = new LogSink(world.clock())) {
      var acme = acme(world);
      var admin = acme.admin();
      var id = streaming(admin, sink, "").path("id").asString();
      world.clock().advance(Duration.ofSeconds(3));
      sink.answers(500);
      signsIn(acme, "ana");
      happens(world);
      world.clock().advance(Duration.ofHours(25));
      happens(world);

      assertThat(acme.audit().kinds()).contains("log_stream.gave_up");
      long dead = acme.admin().get("/log-streams/" + id).json().path("dead_letters").asLong();
      assertThat(dead).isPositive();
      sink.answers(200);
      world.clock().advance(Duration.ofHours(2));
      happens(world);
      assertThat(types(sink)).contains("log_stream.gave_up").doesNotContain("user.signed_in");

      var again = acme.admin().call(Method.POST, "/log-streams/" + id + "/redeliver", "");
      assertThat(again.json().path("events").asLong()).isEqualTo(dead);
      happens(world);
      assertThat(types(sink)).contains("user.signed_in");
    }
  }

  @Test
  void only_the_categories_that_are_wanted_are_told_and_nothing_while_it_is_paused(World world)
      throws IOException {
    try (var sink = new LogSink(world.clock())) {
      var acme = acme(world);
      var admin = acme.admin();
      var id = streaming(admin, sink, "").path("id").asString();
      admin.call(
          Method.PATCH,
          "/log-streams/" + id,
          "{\"filters\": [{\"type\": \"category\", \"name\": \"auth.login.success\"}]}");
      world.clock().advance(Duration.ofSeconds(3));
      sink.forgets();
      signsIn(acme, "ana");
      happens(world);
      assertThat(new HashSet<>(types(sink)))
          .contains("user.signed_in")
          .doesNotContain("user.mfa_succeeded", "token.issued");

      sink.forgets();
      admin.call(Method.PATCH, "/log-streams/" + id, "{\"status\": \"paused\"}");
      signsIn(acme, "ben");
      happens(world);
      assertThat(sink.received()).isEmpty();
    }
  }

  @Test
  void two_servers_tell_it_once(World world) throws Exception {
    try (var sink = new LogSink(world.clock())) {
      var acme = acme(world);
      streaming(acme.admin(), sink, "");
      world.clock().advance(Duration.ofSeconds(3));
      signsIn(acme, "ana");

      try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 8; i++) {
          both.submit(() -> happens(world));
        }
      }

      assertThat(sink.events().stream().map(it -> it.path("log_id").asString()).toList())
          .isNotEmpty()
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void API_05_what_is_sent_as_a_secret_is_never_read_back_and_the_mask_keeps_it(World world)
      throws IOException {
    try (var sink = new LogSink(world.clock())) {
      var acme = acme(world);
      var admin = acme.admin();
      var made =
          streaming(
              admin,
              sink,
              ", \"httpAuthorization\": \"Bearer of-the-watch\", \"httpCustomHeaders\": [{\"header\": \"X-Key\", \"value\": \"secret-key\"}]");
      var id = made.path("id").asString();

      var shown = admin.get("/log-streams/" + id);
      assertThat(shown.text())
          .doesNotContain("of-the-watch", "secret-key", "whsec_")
          .contains("********");
      var sent =
          admin.call(
              Method.PATCH, "/log-streams/" + id, "{\"sink\": " + shown.json().path("sink") + "}");
      assertThat(sent.status()).as(sent.text()).isEqualTo(200);
      world.clock().advance(Duration.ofSeconds(3));
      signsIn(acme, "ana");
      happens(world);
      assertThat(sink.received().getLast().headers())
          .containsEntry("authorization", "Bearer of-the-watch")
          .containsEntry("x-key", "secret-key");
    }
  }

  @Test
  void bad_settings_are_refused_with_the_field_that_is_wrong(World world) {
    var admin = acme(world).admin();
    for (var bad :
        List.of(
            "{\"httpEndpoint\": \"ftp://example.com/events\"}",
            "{\"httpEndpoint\": \"not a url\"}",
            "{\"httpEndpoint\": \"https://example.com/\", \"httpCustomHeaders\": [{\"header\": \"Host\", \"value\": \"x\"}]}",
            "{\"httpEndpoint\": \"https://example.com/\", \"httpCustomHeaders\": [{\"header\": \"a b\", \"value\": \"x\"}]}",
            "{\"httpEndpoint\": \"https://example.com/\", \"httpAuthorization\": \"a\\u0000b\"}")) {
      var answered = admin.post("/log-streams", "{\"type\": \"http\", \"sink\": " + bad + "}");
      assertThat(answered.status()).as(bad + answered.text()).isEqualTo(400);
      assertThat(answered.text()).contains("sink.http");
    }
    assertThat(admin.post("/log-streams", "{\"type\": \"splunk\", \"sink\": {}}").status())
        .isEqualTo(400);
    assertThat(admin.get("/log-streams/lst_unknown").text()).contains("inexistent_log_stream");
  }

  @Test
  void one_that_is_deleted_leaves_nothing_behind_and_hinders_nobody(World world)
      throws IOException {
    try (var sink = new LogSink(world.clock())) {
      var acme = acme(world);
      var admin = acme.admin();
      var id = streaming(admin, sink, "").path("id").asString();
      signsIn(acme, "ana");
      assertThat(admin.call(Method.DELETE, "/log-streams/" + id, "").status()).isEqualTo(204);
      signsIn(acme, "ben");
      happens(world);
      world.wiring().upkeep.tidy.sweep();

      assertThat(sink.received()).isEmpty();
      int left =
          world
              .wiring()
              .ground
              .database
              .read(tx ->
                  tx.sql("select count(*) as n from log_deliveries where tenant = :tenant")
                      .set("tenant", acme.id())
                      .one(row -> row.count("n"))
                      .orElseThrow());
      assertThat(left).isZero();
    }
  }

  @Test
  void API_02_another_tenants_stream_is_not_there_and_is_told_nothing(World world)
      throws IOException {
    try (var sink = new LogSink(world.clock())) {
      var id = streaming(acme(world).admin(), sink, "").path("id").asString();
      var other = world.tenant("other").requiring("otp");
      var theirs = other.admin();
      for (var method : List.of(Method.GET, Method.PATCH, Method.DELETE)) {
        assertThat(
                theirs
                    .call(method, "/log-streams/" + id, method == Method.PATCH ? "{}" : "")
                    .status())
            .isEqualTo(404);
      }
      world.clock().advance(Duration.ofSeconds(3));
      signsIn(other, "bea");
      happens(world);
      assertThat(sink.events().stream().map(it -> it.path("data").path("user_name").asString("")))
          .doesNotContain("bea");
    }
  }
}
