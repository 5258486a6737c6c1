package dev.countersign.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.LiveEntropy;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.UserId;
import dev.countersign.web.Method;
import dev.countersign.web.Request;
import dev.countersign.web.Site;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** People brought in from elsewhere, and taken along. */
class JobsTest {
  private static final String BCRYPT =
      "$2b$10$nOUIs5kJ7naTuTFkBy1veuy1WUhvKrsZiyRGQd1k3S8q6cei4AcNG";
  private static final String SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

  private final ManagementApi api = new ManagementApi();

  @AfterEach
  void close() {
    api.close();
  }

  private ManagementApi.Answer imports(Object people, String... more) {
    var form = new StringBuilder();
    var fields = new ArrayList<>(List.of(more));
    if (!fields.contains("connection_id")) {
      fields.addAll(List.of("connection_id", "con_passwords"));
    }
    for (int i = 0; i < fields.size(); i += 2) {
      form.append("--edge\r\nContent-Disposition: form-data; name=\"")
          .append(fields.get(i))
          .append("\"\r\n\r\n")
          .append(fields.get(i + 1))
          .append("\r\n");
    }
    form.append(
            "--edge\r\nContent-Disposition: form-data; name=\"users\"; filename=\"users.json\"\r\nContent-Type: application/json\r\n\r\n")
        .append(people instanceof String text ? text : Json.write(people))
        .append("\r\n--edge--\r\n");
    api.sending("content-type", "multipart/form-data; boundary=edge");
    var answer = api.call(Method.POST, "/jobs/users-imports", form.toString());
    api.sending("content-type", "application/json");
    return answer;
  }

  private JsonNode done(ManagementApi.Answer ordered) {
    assertThat(ordered.status()).as(ordered.error()).isIn(200, 202);
    assertThat(ordered.text("status")).isEqualTo("pending");
    assertThat(ordered.text("percentage_done")).isEqualTo("0");
    api.wiring.administration.jobs.runDue();
    return api.call(Method.GET, "/jobs/" + ordered.text("id")).json();
  }

  @Test
  void people_come_with_their_hash_their_factors_and_their_metadata() {
    for (var factor : List.of("sms", "email")) {
      api.call(Method.PUT, "/guardian/factors/" + factor, Map.of("enabled", true));
    }

    var job =
        done(
            imports(
                List.of(
                    Map.of(
                        "email",
                        "ana@example.com",
                        "email_verified",
                        true,
                        "user_id",
                        "abc123",
                        "given_name",
                        "Ana",
                        "family_name",
                        "Lima",
                        "password_hash",
                        BCRYPT,
                        "app_metadata",
                        Map.of("groups", List.of("staff"), "plan", "gold"),
                        "mfa_factors",
                        List.of(
                            Map.of("totp", Map.of("secret", SECRET)),
                            Map.of("phone", Map.of("value", "+12025550144")),
                            Map.of("email", Map.of("value", "ana@example.com"))))),
                "external_id",
                "run 1"));

    assertThat(job.get("status").stringValue()).isEqualTo("completed");
    assertThat(job.get("type").stringValue()).isEqualTo("users_import");
    assertThat(job.get("external_id").stringValue()).isEqualTo("run 1");
    assertThat(job.get("percentage_done").asInt()).isEqualTo(100);
    assertThat(job.get("summary").toString())
        .isEqualTo("{\"failed\":0,\"updated\":0,\"inserted\":1,\"total\":1}");
    var ana = api.call(Method.GET, "/users/auth0%7Cabc123");
    assertThat(ana.text("name")).isEqualTo("Ana Lima");
    assertThat(ana.text("email_verified")).isEqualTo("true");
    assertThat(ana.json().at("/app_metadata/groups/0").stringValue()).isEqualTo("staff");
    var methods = api.call(Method.GET, "/users/auth0%7Cabc123/authentication-methods").json();
    assertThat(methods).hasSize(3);
    var kept =
        api.wiring.ground.database.read(
            tx -> api.wiring.proofs.passwords.find(tx, api.acme.id(), new UserId("auth0|abc123")));
    assertThat(kept.orElseThrow().hash()).isEqualTo(Secret.of(BCRYPT));
    assertThat(api.call(Method.GET, "/jobs/" + job.get("id").stringValue() + "/errors").status())
        .isEqualTo(204);
    assertThat(api.told(api.acme))
        .contains("api.changed", "user.created", "mfa.factor_enrolled")
        .doesNotContain("mfa.browser_forgotten");
  }

  @Test
  void API_05_what_will_not_do_is_told_without_what_opens_anything_and_the_rest_comes_in() {
    api.person(api.acme, "ben");

    var job =
        done(
            imports(
                List.of(
                    Map.of("email", "ana@example.com"),
                    Map.of("email", "BEN@example.com", "password_hash", BCRYPT),
                    Map.of("email", "no address"),
                    Map.of("email", "cid@example.com", "password_hash", "5f4dcc3b5aa765d61d83"),
                    Map.of(
                        "email",
                        "dan@example.com",
                        "mfa_factors",
                        List.of(Map.of("totp", Map.of("secret", "AAAA")))),
                    Map.of(
                        "email",
                        "eve@example.com",
                        "mfa_factors",
                        List.of(Map.of("email", Map.of("value", "eve@example.com")))),
                    Map.of("email", "fay@example.com", "isAdmin", true),
                    "gus")));

    assertThat(job.get("summary").toString())
        .isEqualTo("{\"failed\":7,\"updated\":0,\"inserted\":1,\"total\":8}");
    var errors = api.call(Method.GET, "/jobs/" + job.get("id").stringValue() + "/errors");
    assertThat(errors.json()).hasSize(7);
    assertThat(errors.json().at("/0/errors/0/code").stringValue()).isEqualTo("DUPLICATED_USER");
    assertThat(errors.json().at("/1/errors/0/path").stringValue()).isEqualTo("email");
    assertThat(errors.json().at("/2/errors/0/path").stringValue()).isEqualTo("password_hash");
    assertThat(errors.json().at("/3/errors/0/path").stringValue()).isEqualTo("mfa_factors[0]");
    assertThat(errors.json().at("/4/errors/0/message").stringValue())
        .isEqualTo("This factor is off");
    assertThat(errors.reply().bodyText())
        .doesNotContain(BCRYPT)
        .doesNotContain("5f4dcc3b")
        .doesNotContain("AAAA")
        .doesNotContain("2025550");
    assertThat(api.call(Method.GET, "/users-by-email?email=dan%40example.com").json())
        .as("a person comes whole or not at all")
        .isEmpty();
  }

  @Test
  void who_is_there_is_changed_only_where_that_is_wanted_and_keeps_what_opens_the_account() {
    var ben = api.person(api.acme, "ben");
    var change =
        Map.of(
            "email",
            "ben@example.com",
            "name",
            "Benjamin",
            "password_hash",
            BCRYPT,
            "app_metadata",
            Map.of("plan", "gold"));

    var job = done(imports(List.of(change), "upsert", "true"));

    assertThat(job.get("summary").toString())
        .isEqualTo("{\"failed\":0,\"updated\":1,\"inserted\":0,\"total\":1}");
    assertThat(api.call(Method.GET, "/users/" + ManagementApi.encoded(ben)).text("name"))
        .isEqualTo("Benjamin");
    assertThat(
            api.wiring.ground.database.<Boolean>read(
                tx -> api.wiring.proofs.passwords.find(tx, api.acme.id(), ben).isPresent()))
        .isFalse();
  }

  @Test
  void API_02_API_06_forms_that_do_not_fit_are_refused_and_another_tenants_job_is_not_there() {
    assertThat(imports("{}").error()).startsWith("400 invalid_body");
    assertThat(imports("[").error()).startsWith("400 invalid_body");
    assertThat(imports(List.of(), "upsert", "yes").error()).startsWith("400 invalid_body");
    assertThat(imports(List.of(), "tenant", "x").error()).startsWith("400 invalid_body");
    assertThat(imports(List.of(), "connection_id", "con_x").error())
        .startsWith("400 inexistent_connection");
    assertThat(api.call(Method.POST, "/jobs/users-imports", Map.of()).status()).isEqualTo(415);
    assertThat(api.call(Method.GET, "/jobs/job_x").error()).startsWith("404 inexistent_job");
    var mine = imports(List.of());
    assertThat(mine.status()).isEqualTo(202);
    for (var path : List.of("/jobs/" + mine.text("id"), "/jobs/" + mine.text("id") + "/errors")) {
      assertThat(api.call(api.other, Method.GET, path, api.everyScope()).error())
          .startsWith("404 inexistent_job");
    }
  }

  private static List<Map<String, Object>> many(int from, int to) {
    var people = new ArrayList<Map<String, Object>>();
    for (int i = from; i < to; i++) {
      people.add(Map.of("email", "p%05d@example.com".formatted(i), "username", "p" + i));
    }
    return people;
  }

  private static List<String> lines(byte[] gzip) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }

  private byte[] fetched(JsonNode job) {
    var location = job.get("location").stringValue();
    assertThat(location).startsWith("https://acme.example/files/export?key=");
    return file(location);
  }

  private byte[] file(String location) {
    var request =
        Request.arrived(
            Method.GET,
            new Site(api.acme.id(), "https://acme.example"),
            "/files/export",
            location.substring(location.indexOf('?') + 1),
            Map.of(),
            new byte[0],
            "192.0.2.7",
            api.now(),
            new LiveEntropy());
    return api.wiring.web.router.answer(request).reply().body();
  }

  @Test
  void everybody_is_taken_along_in_a_file_whose_link_is_good_once() throws IOException {
    done(imports(many(0, 1_203)));

    var job =
        done(
            api.call(
                Method.POST,
                "/jobs/users-exports",
                Map.of(
                    "format",
                    "json",
                    "fields",
                    List.of(
                        Map.of("name", "email"),
                        Map.of("name", "username", "export_as", "nick"),
                        Map.of("name", "user_metadata.none")))));

    assertThat(job.get("status").stringValue()).isEqualTo("completed");
    var location = job.get("location").stringValue();
    var lines = lines(fetched(job));
    assertThat(lines).hasSize(1_203).doesNotHaveDuplicates();
    assertThat(lines).contains("{\"email\":\"p00007@example.com\",\"nick\":\"p7\"}");
    assertThat(new String(file(location), UTF_8)).as("used up").doesNotContain("p00007");
    var again = api.call(Method.GET, "/jobs/" + job.get("id").stringValue()).json();
    api.later(Duration.ofMinutes(6));
    assertThat(new String(file(again.get("location").stringValue()), UTF_8)).startsWith("<");
  }

  @Test
  void a_table_has_a_head_and_nothing_that_a_spreadsheet_would_run() throws IOException {
    done(
        imports(
            List.of(
                Map.of("email", "ana@example.com", "name", "=cmd|' /C calc'!A0"),
                Map.of("email", "ben@example.com", "name", "Ben \"B\", Esq."))));

    var job =
        done(
            api.call(
                Method.POST,
                "/jobs/users-exports",
                Map.of(
                    "format",
                    "csv",
                    "limit",
                    5,
                    "fields",
                    List.of(
                        Map.of("name", "email"), Map.of("name", "name", "export_as", "Name")))));

    assertThat(lines(fetched(job)))
        .containsExactlyInAnyOrder(
            "\"email\",\"Name\"",
            "\"ana@example.com\",\"'=cmd|' /C calc'!A0\"",
            "\"ben@example.com\",\"Ben \"\"B\"\", Esq.\"");
  }

  private void set(String job, String what) {
    api.wiring.ground.database.run(tx ->
        tx.sql("update jobs set " + what + " where tenant = :tenant and id = :id")
            .set("tenant", api.acme.id())
            .set("id", job)
            .update());
  }

  @Test
  void a_job_whose_server_died_waits_for_its_lease_to_end_and_goes_on_where_it_stopped() {
    var ordered = imports(many(0, 250));
    var id = ordered.text("id");
    long until = api.now().plus(Duration.ofMinutes(2)).millis();
    // As it stands when a server dies within the second part: the first one is in and its file
    // gone.
    api.wiring.ground.database.run(tx ->
        tx.sql("delete from job_parts where tenant = :tenant and job = :id and part = 0")
            .set("tenant", api.acme.id())
            .set("id", id)
            .update());
    set(
        id,
        "state = 'PROCESSING', holder = 'srv_dead', next_part = 1, inserted = 100, lease_until = "
            + until);

    api.wiring.administration.jobs.runDue();

    var waiting = api.call(Method.GET, "/jobs/" + id).json();
    assertThat(waiting.get("status").stringValue()).isEqualTo("processing");
    assertThat(waiting.get("percentage_done").asInt()).isEqualTo(40);
    api.later(Duration.ofMinutes(2));

    api.wiring.administration.jobs.runDue();

    var done = api.call(Method.GET, "/jobs/" + id).json();
    assertThat(done.get("summary").toString())
        .isEqualTo("{\"failed\":0,\"updated\":0,\"inserted\":250,\"total\":250}");
    assertThat(api.call(Method.GET, "/users?per_page=0&include_totals=true").text("total"))
        .isEqualTo("150");
  }

  @Test
  void jobs_and_their_files_are_forgotten_after_a_day() {
    var job = done(imports(many(0, 3)));
    api.later(Duration.ofHours(25));

    api.wiring.upkeep.tidy.sweep();

    assertThat(api.call(Method.GET, "/jobs/" + job.get("id").stringValue()).error())
        .startsWith("404 inexistent_job");
  }
}
