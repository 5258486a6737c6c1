package dev.countersign.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.AuditType;
import java.util.List;
import java.util.Map;

/**
 * A sign-in through the real pages. Verbs act, {@code is...} judge; all return the visit, so that a story reads in one
 * line. What page it stands on is told by what can be done there, not by addresses.
 */
public final class Visit {
  private final Someone who;
  private final Browser browser;

  Visit(Someone who, Browser browser) {
    this.who = who;
    this.browser = browser;
  }

  public Browser browser() {
    return browser;
  }

  /** The tenant that is visited. */
  public Company company() {
    return who.company();
  }

  public Page page() {
    return browser.page();
  }

  Visit begins() {
    browser.open(who.company().url("/account"));
    return this;
  }

  /** Gives their name. */
  public Visit identifies() {
    return identifiesAs(who.name());
  }

  public Visit identifiesAs(String typed) {
    browser.submit(Map.of("identifier", typed));
    return this;
  }

  public Visit givesPassword(String password) {
    browser.submit(Map.of("password", password));
    return this;
  }

  /** Answers with a code, whatever kind of code the page asks for. */
  public Visit answers(String code) {
    browser.submit(Map.of("code", code));
    return this;
  }

  /** Goes to the picker and takes that way. */
  public Visit triesAnotherWay(String factor) {
    if (!page().has("button[name=method]")) {
      browser.open(
          page().document().select(".after a").stream()
              .map(it -> it.absUrl("href"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no other way on\n" + page())));
    }
    browser.press("method", factor);
    return this;
  }

  /** Sets an authenticator app up: chooses it where there is a choice, copies the key, types the first code. */
  public Visit setsUp(String factor) {
    if (page().has("button[name=factor]")) {
      browser.press("factor", factor);
    }
    who.type(page().element("#key").text());
    return answers(who.codeNow());
  }

  /** Points a new phone at the page's code, says yes on it, and goes on. */
  public Visit pairsPhone() {
    who.carrying(Phone.scanning(who.company(), pairing()));
    return goesOn();
  }

  /** What the QR code says that pairs a phone; chooses that way first where there is a choice. */
  public String pairing() {
    if (page().has("button[name=factor]")) {
      browser.press("factor", "push-notification");
    }
    return page().element("a[href*='/approver#']").attr("href");
  }

  /** The number that the page shows for a phone. */
  public String number() {
    return page().element(".number strong").text();
  }

  /** Presses the button that goes on after another device has answered. */
  public Visit goesOn() {
    browser.submit(Map.of("csrf", page().element("main input[name=csrf]").val()));
    return this;
  }

  /** Types the page's number on the phone, and goes on. */
  public Visit approvesOnPhone() {
    assertThat(who.phone().approves(number())).isEqualTo("noted");
    return goesOn();
  }

  /** Keeps the sheet of backup codes and says so. */
  public Visit savesBackupCodes() {
    assertThat(page().has("ol.codes")).as("backup codes on\n%s", page()).isTrue();
    who.keepCodes(page().document().select("ol.codes code").eachText());
    browser.submit(Map.of("saved", "true"));
    return this;
  }

  /** Turns the invitation down. */
  public Visit saysNotNow() {
    browser.press("action", "skip");
    return this;
  }

  /** Has arrived where they wanted to go. */
  public Visit isIn() {
    assertThat(isThere()).as("signed in, but stands on\n%s", page()).isTrue();
    return this;
  }

  private boolean isThere() {
    return page().isElsewhere()
        ? page().parameters().containsKey("code")
        : page().uri().getPath().equals("/account") && page().status() == 200;
  }

  /** Stands before a challenge for a code. */
  public Visit isAskedForCode() {
    assertThat(page().has("input[name=code]") && !page().has("#key"))
        .as("asked for a code, but stands on\n%s", page())
        .isTrue();
    return this;
  }

  /** Stands before the choice of a factor to set up, or before its set-up page. */
  public Visit isAskedToSetUp() {
    assertThat(page().has("button[name=factor]") || page().has("#key"))
        .as("asked to set up a factor, but stands on\n%s", page())
        .isTrue();
    return this;
  }

  public Visit isAskedForPassword() {
    assertThat(page().has("input[name=password]"))
        .as("asked for the password, but stands on\n%s", page())
        .isTrue();
    return this;
  }

  /** The newest answer was refused, for this reason by the audit log; the page says no more than that it was wrong. */
  public Visit isRefused(String reason) {
    assertThat(isThere()).as("refused, but got in").isFalse();
    var failures =
        who.company().audit().events().stream()
            .filter(event ->
                List.of(AuditType.MFA_FAILED, AuditType.SIGN_IN_FAILED).contains(event.type()))
            .filter(event -> who.id().equals(event.user()))
            .toList();
    assertThat(failures).as("failures of %s in the audit log", who).isNotEmpty();
    assertThat(failures.getLast().details()).containsEntry("reason", reason);
    return this;
  }

  /** Has to wait: too many wrong answers. */
  public Visit isThrottled() {
    assertThat(page().status()).as("told to wait, but stands on\n%s", page()).isEqualTo(429);
    return this;
  }
}
