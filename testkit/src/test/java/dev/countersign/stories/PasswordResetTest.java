package dev.countersign.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.delivery.mail.Mail;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SessionId;
import dev.countersign.loginsession.SignIns;
import dev.countersign.newpassword.AskPasswordReset;
import dev.countersign.newpassword.ChangePassword;
import dev.countersign.newpassword.ChooseNewPassword;
import dev.countersign.signin.password.PasswordRuling;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Engine;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forgotten passwords: who gets a link, what it is good for, and what a new password ends. */
@WorldTest
class PasswordResetTest {
  private static final Pattern LINK =
      Pattern.compile("(https://[^\\s?]+)/u/password/reset\\?ticket=([A-Za-z0-9_-]{43})");
  private static final Secret FRESH = Secret.of("seven purple llamas sing");

  private static AskPasswordReset.Outcome ask(World world, Company company, String typed) {
    return world
        .wiring()
        .newPasswords
        .askPasswordReset
        .ask(company.id(), typed, world.node().occasion());
  }

  private static ChooseNewPassword.Outcome choose(World world, Company company, Secret ticket) {
    return world
        .wiring()
        .newPasswords
        .chooseNewPassword
        .choose(company.id(), ticket, FRESH, world.node().occasion());
  }

  private static String linkPart(Mail mail, int group) {
    var found = LINK.matcher(mail.plain());
    assertThat(found.find()).as("a link in\n%s", mail.plain()).isTrue();
    return found.group(group);
  }

  private static Secret ticketFor(World world, Someone who) {
    ask(world, who.company(), who.name());
    return Secret.of(linkPart(who.mails().getLast(), 2));
  }

  private static boolean isGood(World world, Company company, Secret ticket) {
    return world
        .wiring()
        .newPasswords
        .chooseNewPassword
        .open(company.id(), ticket, world.clock().now())
        .isPresent();
  }

  private static boolean passwordDoes(Someone who, String password) {
    try {
      who.remembering(password).journey().withPassword();
      return true;
    } catch (IllegalStateException refused) {
      return false;
    }
  }

  private static void change(
      World world, Someone who, String email, boolean blocked, String connection) {
    var wiring = world.wiring();
    wiring.ground.database.run(tx -> {
      var it = wiring.ground.people.find(tx, who.company().id(), who.id()).orElseThrow();
      wiring.ground.people.save(
          tx,
          who.company().id(),
          new Person(
              it.id(),
              it.username(),
              email,
              it.emailVerified(),
              it.phone(),
              it.name(),
              it.groups(),
              it.roles(),
              blocked,
              connection,
              it.userMetadata(),
              it.appMetadata(),
              it.createdAt(),
              it.updatedAt(),
              it.version()),
          world.clock().now());
    });
  }

  private static void addSession(World world, Someone who, String id) {
    var now = world.clock().now();
    world
        .wiring()
        .ground
        .database
        .run(tx -> {
          tx.sql(
                  "insert into sessions (tenant, id, cookie, user_id, document, level, created_at, authenticated_at, seen_at)"
                      + " values (:tenant, :id, :id, :user, '{\"signIns\":[],\"applications\":[],\"declined\":false,\"address\":\"\",\"userAgent\":\"\"}',"
                      + " 'AAL1', :now, :now, :now)")
              .set("tenant", who.company().id())
              .set("id", id)
              .set("user", who.id())
              .set("now", now)
              .update();
          tx.sql(
                  "insert into refresh_families (tenant, id, client_id, user_id, document, created_at, expires_at)"
                      + " values (:tenant, :id, 'app', :user, '{}', :now, :expires)")
              .set("tenant", who.company().id())
              .set("id", id)
              .set("user", who.id())
              .set("now", now)
              .set("expires", now.plus(Duration.ofDays(1)))
              .update();
        });
  }

  private static List<String> alive(World world, Someone who) {
    return world
        .wiring()
        .ground
        .database
        .read(tx -> {
          var alive =
              new ArrayList<>(
                  tx.sql(
                          "select id from sessions where tenant = :tenant and user_id = :user and ended_at is null")
                      .set("tenant", who.company().id())
                      .set("user", who.id())
                      .list(row -> "session " + row.text("id")));
          alive.addAll(
              tx.sql(
                      "select id from refresh_families where tenant = :tenant and user_id = :user and revoked_at is null")
                  .set("tenant", who.company().id())
                  .set("user", who.id())
                  .list(row -> "family " + row.text("id")));
          return alive;
        });
  }

  @Test
  void PWD_07_a_link_changes_the_password_once(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    var old = ana.password();
    var ticket = ticketFor(world, ana);

    assertThat(choose(world, acme, ticket))
        .isEqualTo(new ChooseNewPassword.Outcome.Changed(ana.id()));
    assertThat(choose(world, acme, ticket)).isInstanceOf(ChooseNewPassword.Outcome.LinkOver.class);

    acme.audit()
        .tells("user.password_reset_requested", "user.password_changed", "user.password_changed")
        .says("user.password_changed", "reason", "link_over");
    assertThat(passwordDoes(ana, old)).isFalse();
    assertThat(passwordDoes(ana, FRESH.reveal())).isTrue();
    assertThat(ana.mails())
        .extracting(Mail::subject)
        .containsExactly("Reset your Acme password", "Your Acme password was changed");
  }

  @Test
  @WorldTest(value = Engine.POSTGRES, nodes = 2)
  void PWD_07_of_many_changes_by_one_link_at_the_same_moment_one_succeeds(World world)
      throws InterruptedException, ExecutionException {
    var acme = world.tenant("acme").inviting("otp");
    var ticket = ticketFor(world, acme.person("ana"));
    var tries = new ArrayList<Callable<ChooseNewPassword.Outcome>>();
    for (int i = 0; i < 16; i++) {
      var node = world.node(i % 2);
      tries.add(() ->
          node.wiring()
              .newPasswords
              .chooseNewPassword
              .choose(acme.id(), ticket, FRESH, node.occasion()));
    }
    int changed = 0;
    try (var threads = Executors.newFixedThreadPool(16)) {
      for (var outcome : threads.invokeAll(tries)) {
        changed += outcome.get() instanceof ChooseNewPassword.Outcome.Changed ? 1 : 0;
      }
    }

    assertThat(changed).isEqualTo(1);
  }

  @Test
  void PWD_07_a_newer_link_takes_the_place_of_an_older_one(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    var older = ticketFor(world, ana);
    var newer = ticketFor(world, ana);

    assertThat(choose(world, acme, older)).isInstanceOf(ChooseNewPassword.Outcome.LinkOver.class);
    assertThat(isGood(world, acme, newer)).isTrue();
  }

  @Test
  void PWD_07_a_link_is_good_for_an_hour_and_not_a_moment_longer(World world) {
    var acme = world.tenant("acme");
    var ticket = ticketFor(world, acme.person("ana"));

    world.later(AskPasswordReset.LINK_LIFE.minusMillis(1));
    assertThat(isGood(world, acme, ticket)).isTrue();
    world.later(Duration.ofMillis(1));
    assertThat(isGood(world, acme, ticket)).isFalse();
    assertThat(choose(world, acme, ticket)).isInstanceOf(ChooseNewPassword.Outcome.LinkOver.class);
  }

  @Test
  void PWD_07_a_link_is_worth_nothing_at_another_tenant_nor_after_the_address_has_changed(
      World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    var ticket = ticketFor(world, ana);

    assertThat(choose(world, world.tenant("globex"), ticket))
        .isInstanceOf(ChooseNewPassword.Outcome.LinkOver.class);
    change(world, ana, "ana@elsewhere.test", false, Person.PASSWORD_CONNECTION);
    assertThat(isGood(world, acme, ticket)).isFalse();
    assertThat(choose(world, acme, ticket)).isInstanceOf(ChooseNewPassword.Outcome.LinkOver.class);
  }

  @Test
  void PWD_07_opening_a_link_and_trying_an_unfit_password_spend_nothing(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ticket = ticketFor(world, acme.person("ana"));
    for (int i = 0; i < 5; i++) {
      assertThat(isGood(world, acme, ticket)).isTrue();
    }

    var unfit =
        world
            .wiring()
            .newPasswords
            .chooseNewPassword
            .choose(acme.id(), ticket, Secret.of("short one"), world.node().occasion());

    assertThat(unfit)
        .isInstanceOfSatisfying(
            ChooseNewPassword.Outcome.Unfit.class,
            it -> {
              assertThat(it.why()).isEqualTo(PasswordRuling.Reason.TOO_SHORT);
              assertThat(it.invitation().rules().minimum()).isEqualTo(15);
            });
    assertThat(choose(world, acme, ticket)).isInstanceOf(ChooseNewPassword.Outcome.Changed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "'; drop table users; --",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "\0"
      })
  void PWD_07_what_was_never_a_link_is_answered_like_one_that_is_over(String ticket) {
    try (var world = World.on(Engine.EMBEDDED).make()) {
      var acme = world.tenant("acme");
      assertThat(choose(world, acme, Secret.of(ticket)))
          .isInstanceOf(ChooseNewPassword.Outcome.LinkOver.class);
      assertThat(choose(world, acme, Secret.of(ticket.repeat(10_000))))
          .isInstanceOf(ChooseNewPassword.Outcome.LinkOver.class);
    }
  }

  @Test
  void PWD_07_eight_characters_do_where_a_second_proof_is_always_demanded(World world) {
    var acme = world.tenant("acme").requiring("otp");
    var ticket = ticketFor(world, acme.person("ana"));

    assertThat(
            world
                .wiring()
                .newPasswords
                .chooseNewPassword
                .choose(acme.id(), ticket, Secret.of("kx7 vQ2m"), world.node().occasion()))
        .isInstanceOf(ChooseNewPassword.Outcome.Changed.class);
  }

  @Test
  void PWD_07_a_new_password_ends_sessions_refresh_tokens_and_sign_ins_under_way(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    var ben = acme.person("ben");
    addSession(world, ana, "s1");
    addSession(world, ana, "s2");
    addSession(world, ben, "s3");
    var underWay = ana.journey().withPassword();
    assertThat(underWay.state().word()).isEqualTo("awaiting_mfa");

    choose(world, acme, ticketFor(world, ana));

    assertThat(alive(world, ana)).isEmpty();
    assertThat(alive(world, ben)).containsExactly("session s3", "family s3");
    assertThat(underWay.finding()).isInstanceOf(SignIns.Finding.Expired.class);
  }

  @Test
  void PWD_07_a_new_password_does_not_stand_in_for_the_second_factor(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana").enrolledIn("otp");

    choose(world, acme, ticketFor(world, ana));

    assertThat(ana.remembering(FRESH.reveal()).journey().withPassword().state().word())
        .isEqualTo("awaiting_mfa");
    assertThat(acme.audit().last("user.mfa_required").details()).isNotEmpty();
  }

  @Test
  void PWD_01_asking_for_a_link_is_answered_the_same_whoever_is_named(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    var blocked = acme.person("ben").blocked();
    var social = acme.person("cem");
    change(world, social, social.email(), false, "google-oauth2");

    var outcomes =
        List.of(
            ask(world, acme, "ana"),
            ask(world, acme, "nobody"),
            ask(world, acme, "nobody@acme.test"),
            ask(world, acme, ""),
            ask(world, acme, blocked.name()),
            ask(world, acme, social.name()));
    int waiting =
        world
            .wiring()
            .ground
            .database
            .read(tx ->
                tx.sql("select count(*) as n from outbox where tenant = :tenant")
                    .set("tenant", acme.id())
                    .one(row -> row.count("n"))
                    .orElseThrow());

    assertThat(outcomes).containsOnly(new AskPasswordReset.Outcome.Asked());
    assertThat(waiting).as("the same is written for everybody").isEqualTo(6);
    assertThat(ana.mails()).hasSize(1);
    assertThat(blocked.mails()).isEmpty();
    assertThat(social.mails()).isEmpty();
    assertThat(acme.audit().of("user.password_reset_requested")).hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s,eve@evil.test",
        "%s eve@evil.test",
        "%s\r\nBcc: eve@evil.test",
        "[\"%s\",\"eve@evil.test\"]",
        "<%s>",
        "%s;eve@evil.test"
      })
  void PWD_06_a_link_goes_to_the_address_on_file_and_to_no_other(String typed) {
    try (var world = World.on(Engine.EMBEDDED).make()) {
      var acme = world.tenant("acme");
      var ana = acme.person("ana");

      ask(world, acme, typed.formatted(ana.email()));
      ask(world, acme, ana.email().toUpperCase(java.util.Locale.ROOT));

      assertThat(world.mailsTo("eve@evil.test")).isEmpty();
      assertThat(ana.mails()).hasSize(1);
    }
  }

  @Test
  void MAIL_04_a_link_leads_to_the_configured_address(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    ticketFor(world, ana);

    assertThat(linkPart(ana.mails().getFirst(), 1)).isEqualTo(acme.origin());
    assertThat(ana.mails().getFirst().html()).contains(acme.origin() + "/u/password/reset?ticket=");
  }

  @Test
  void RATE_02_three_links_an_hour_by_whatever_name_and_from_wherever(World world) {
    var acme = world.tenant("acme");
    var ana = acme.person("ana");
    for (int i = 0; i < 6; i++) {
      var typed = i % 2 == 0 ? "ANA " : ana.email();
      world
          .wiring()
          .newPasswords
          .askPasswordReset
          .ask(acme.id(), typed, new Occasion(world.clock().now(), "192.0.2." + i, "", "req"));
    }
    assertThat(ana.mails()).hasSize(3);

    world.later(Duration.ofHours(1));
    ask(world, acme, "ana");
    assertThat(ana.mails()).hasSize(4);
  }

  @Test
  void RATE_01_twenty_an_hour_from_one_network_whomever_they_are_for(World world) {
    var acme = world.tenant("acme");
    for (int i = 0; i < 20; i++) {
      assertThat(ask(world, acme, "name" + i)).isInstanceOf(AskPasswordReset.Outcome.Asked.class);
    }

    assertThat(ask(world, acme, "name20"))
        .isEqualTo(
            new AskPasswordReset.Outcome.TooMany(world.clock().now().plus(Duration.ofHours(1))));
  }

  @Test
  void a_changed_password_needs_the_present_one_and_ends_what_is_open_elsewhere(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    addSession(world, ana, "here");
    addSession(world, ana, "there");
    var whose = new ChangePassword.Whose(acme.id(), ana.id(), new SessionId("here"));
    var change = world.wiring().newPasswords.changePassword;
    var present = Secret.of(ana.password());

    assertThat(change.change(whose, Secret.of("not it at all, no"), FRESH, world.node().occasion()))
        .isInstanceOf(ChangePassword.Outcome.Wrong.class);
    assertThat(change.change(whose, present, present, world.node().occasion()))
        .isInstanceOf(ChangePassword.Outcome.Same.class);
    assertThat(
            change.change(
                whose, present, Secret.of("ana ana ana ana ana"), world.node().occasion()))
        .isInstanceOf(ChangePassword.Outcome.Unfit.class);
    assertThat(change.change(whose, present, FRESH, world.node().occasion()))
        .isInstanceOf(ChangePassword.Outcome.Changed.class);

    assertThat(alive(world, ana)).containsExactly("session here");
    assertThat(passwordDoes(ana, FRESH.reveal())).isTrue();
  }

  @Test
  void wrong_present_passwords_count_with_those_at_sign_in(World world) {
    var acme = world.tenant("acme").inviting("otp");
    var ana = acme.person("ana");
    var whose = new ChangePassword.Whose(acme.id(), ana.id(), new SessionId("here"));
    var outcome = ChangePassword.Outcome.class;
    for (int i = 0; i < 9; i++) {
      assertThat(
              world
                  .wiring()
                  .newPasswords
                  .changePassword
                  .change(whose, Secret.of("not it at all, no"), FRESH, world.node().occasion()))
          .isInstanceOf(outcome);
    }

    assertThat(passwordDoes(ana, "wrong")).isFalse();
    assertThat(passwordDoes(ana, ana.password())).isFalse();
    assertThat(acme.audit().count("user.locked")).isEqualTo(1);
    assertThat(ana.mails())
        .extracting(Mail::subject)
        .containsExactly("Too many wrong passwords at Acme");
    assertThat(choose(world, acme, ticketFor(world, ana)))
        .isInstanceOf(ChooseNewPassword.Outcome.Changed.class);
    assertThat(passwordDoes(ana, FRESH.reveal())).as("a reset opens the door again").isTrue();
  }
}
