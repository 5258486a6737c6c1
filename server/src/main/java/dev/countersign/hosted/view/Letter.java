package dev.countersign.hosted.view;

import dev.countersign.kernel.Secret;
import dev.countersign.web.BrandCss;
import dev.countersign.web.Messages;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mail to a user: one matter, at most one button. Made by the static methods, one for each occasion.
 *
 * @param paragraphs the first says what happened
 * @param code to be typed, below the first paragraph; null if there is none
 * @param facts when, where and so on
 * @param button the one thing to do
 * @param advice what to do if it wasn't the reader
 */
public record Letter(
    Envelope to,
    String subject,
    List<String> paragraphs,
    @Nullable Secret code,
    List<Fact> facts,
    @Nullable Link button,
    String advice) {

  public Letter {
    paragraphs = List.copyOf(paragraphs);
    facts = List.copyOf(facts);
  }

  /**
   * Who writes to whom.
   *
   * @param sender the tenant's name
   * @param logoUrl absolute; null shows the name
   * @param colour of the tenant, {@code #rrggbb}
   * @param name how the reader is greeted
   * @param address where it is sent
   * @param support whom to ask; null if nobody
   */
  public record Envelope(
      Messages text,
      String sender,
      @Nullable String logoUrl,
      String colour,
      String name,
      String address,
      @Nullable String support) {

    public BrandCss.Button look() {
      return BrandCss.button(colour);
    }
  }

  /** One line of the table of facts. */
  public record Fact(String name, String value) {}

  /** The circumstances, in the reader's form; what is null is left out. */
  public record Circumstances(
      String when,
      @Nullable String where,
      @Nullable String browser,
      @Nullable String application) {}

  /** The link or code is what opens the account: this mail is written nowhere but to its reader. */
  @Override
  public String toString() {
    return "Letter[" + subject + "]";
  }

  public static Letter passwordReset(
      Envelope to, String url, int validMinutes, Circumstances circumstances) {
    var text = to.text();
    return new Letter(
        to,
        text.text("mail.reset.subject", to.sender()),
        List.of(text.text("mail.reset.text"), text.text("mail.reset.valid", validMinutes)),
        null,
        facts(text, circumstances, null),
        new Link(text.text("mail.reset.button"), url),
        text.text("mail.ignore"));
  }

  public static Letter enrolmentTicket(
      Envelope to, String url, int validDays, Circumstances circumstances) {
    var text = to.text();
    return new Letter(
        to,
        text.text("mail.ticket.subject", to.sender()),
        List.of(
            text.text("mail.ticket.text", to.sender()), text.text("mail.ticket.valid", validDays)),
        null,
        List.of(new Fact(text.text("mail.when"), circumstances.when())),
        new Link(text.text("mail.ticket.button"), url),
        text.text("mail.ticket.unsure", to.sender()));
  }

  /** {@code place} is where the code is to be typed, and nowhere else. */
  public static Letter code(
      Envelope to, Secret code, int validMinutes, String place, Circumstances circumstances) {
    var text = to.text();
    return new Letter(
        to,
        text.text("mail.code.subject", to.sender()),
        List.of(
            text.text("mail.code.text"),
            text.text("mail.code.valid", validMinutes),
            text.text("mail.code.where", place)),
        code,
        facts(text, circumstances, null),
        null,
        text.text("mail.code.not_you"));
  }

  /** {@code reportUrl} is where the reader says that it was not them; null if nowhere. */
  public static Letter methodAdded(
      Envelope to,
      String method,
      Circumstances circumstances,
      String accountUrl,
      @Nullable String reportUrl) {
    return warning(
            to,
            "mail.enrolled.subject",
            List.of(to.text().text("mail.enrolled.text", method)),
            circumstances,
            method,
            accountUrl)
        .answeredAt(reportUrl);
  }

  /** {@code reportUrl} is where the reader says that it was not them; null if nowhere. */
  public static Letter methodRemoved(
      Envelope to,
      String method,
      Circumstances circumstances,
      String accountUrl,
      @Nullable String reportUrl) {
    return warning(
            to,
            "mail.removed.subject",
            List.of(to.text().text("mail.removed.text", method)),
            circumstances,
            method,
            accountUrl)
        .answeredAt(reportUrl);
  }

  /** {@code reportUrl} is where the reader says that it was not them; null if nowhere. */
  public static Letter methodUsedElsewhere(
      Envelope to,
      String method,
      Circumstances circumstances,
      String accountUrl,
      @Nullable String reportUrl) {
    return warning(
            to,
            "mail.elsewhere.subject",
            List.of(to.text().text("mail.elsewhere.text", method)),
            circumstances,
            method,
            accountUrl)
        .answeredAt(reportUrl);
  }

  /** The same, with the button that says that it was not the reader; without an address as it is. */
  private Letter answeredAt(@Nullable String reportUrl) {
    var text = to.text();
    return reportUrl == null
        ? this
        : new Letter(
            to,
            subject,
            paragraphs,
            code,
            facts,
            new Link(text.text("mail.not_me.button"), reportUrl),
            text.text("mail.not_me.advice"));
  }

  public static Letter backupCodeUsed(
      Envelope to, int left, Circumstances circumstances, String accountUrl) {
    var text = to.text();
    return warning(
        to,
        "mail.backup_used.subject",
        List.of(text.text("mail.backup_used.text"), text.text("mail.backup_used.left", left)),
        circumstances,
        null,
        accountUrl);
  }

  public static Letter backupCodesRenewed(
      Envelope to, Circumstances circumstances, String accountUrl) {
    return warning(
        to,
        "mail.regenerated.subject",
        List.of(to.text().text("mail.regenerated.text")),
        circumstances,
        null,
        accountUrl);
  }

  /** {@code until} is a time in the reader's form; null if until somebody unlocks it. */
  public static Letter locked(
      Envelope to,
      String method,
      @Nullable String until,
      Circumstances circumstances,
      String accountUrl) {
    var text = to.text();
    var end =
        until == null ? text.text("mail.locked.for_good") : text.text("mail.locked.until", until);
    return warning(
        to,
        "mail.locked.subject",
        List.of(text.text("mail.locked.text", method), end),
        circumstances,
        method,
        accountUrl);
  }

  /** {@code until} is a time in the reader's form; null if until the password is reset. */
  public static Letter signInDisowned(Envelope to, Circumstances circumstances, String accountUrl) {
    var text = to.text();
    return warning(
        to,
        "mail.disowned.subject",
        List.of(text.text("mail.disowned.text"), text.text("mail.disowned.advice")),
        circumstances,
        null,
        accountUrl);
  }

  public static Letter passwordLocked(
      Envelope to, @Nullable String until, Circumstances circumstances, String accountUrl) {
    var text = to.text();
    var end =
        until == null
            ? text.text("mail.password_locked.for_good")
            : text.text("mail.locked.until", until);
    return warning(
        to,
        "mail.password_locked.subject",
        List.of(text.text("mail.password_locked.text"), end),
        circumstances,
        null,
        accountUrl);
  }

  /** {@code reportUrl} is where the reader says that it was not them; null if nowhere. */
  public static Letter factorsReset(
      Envelope to, Circumstances circumstances, String accountUrl, @Nullable String reportUrl) {
    return warning(
            to,
            "mail.factors_reset.subject",
            List.of(to.text().text("mail.factors_reset.text")),
            circumstances,
            null,
            accountUrl)
        .answeredAt(reportUrl);
  }

  /** {@code until} is a time in the reader's form; {@code reportUrl} is null if there is nowhere to say that it was not them. */
  public static Letter accessCodeIssued(
      Envelope to,
      String until,
      Circumstances circumstances,
      String accountUrl,
      @Nullable String reportUrl) {
    var text = to.text();
    return warning(
            to,
            "mail.access_code.subject",
            List.of(
                text.text("mail.access_code.text", to.sender()),
                text.text("mail.access_code.until", until)),
            circumstances,
            null,
            accountUrl)
        .answeredAt(reportUrl);
  }

  /** {@code reportUrl} is where the reader says that it was not them; null if nowhere. */
  public static Letter accessCodeUsed(
      Envelope to, Circumstances circumstances, String accountUrl, @Nullable String reportUrl) {
    return warning(
            to,
            "mail.access_code_used.subject",
            List.of(to.text().text("mail.access_code_used.text")),
            circumstances,
            null,
            accountUrl)
        .answeredAt(reportUrl);
  }

  /**
   * Told when it begins, and again while it lasts.
   *
   * @param due a time in the reader's form
   * @param reportUrl where the reader says that it was not them; null if nowhere
   */
  public static Letter recoveryWaiting(
      Envelope to,
      String due,
      boolean again,
      Circumstances circumstances,
      String accountUrl,
      @Nullable String reportUrl) {
    var text = to.text();
    return warning(
            to,
            again ? "mail.recovery_again.subject" : "mail.recovery.subject",
            List.of(text.text("mail.recovery.text", due), text.text("mail.recovery.stop")),
            circumstances,
            null,
            accountUrl)
        .answeredAt(reportUrl);
  }

  public static Letter recoveryCancelled(
      Envelope to, Circumstances circumstances, String accountUrl) {
    return warning(
        to,
        "mail.recovery_cancelled.subject",
        List.of(to.text().text("mail.recovery_cancelled.text")),
        circumstances,
        null,
        accountUrl);
  }

  /** {@code reportUrl} is where the reader says that it was not them; null if nowhere. */
  public static Letter recoveryCompleted(
      Envelope to, Circumstances circumstances, String accountUrl, @Nullable String reportUrl) {
    return warning(
            to,
            "mail.recovery_completed.subject",
            List.of(to.text().text("mail.recovery_completed.text")),
            circumstances,
            null,
            accountUrl)
        .answeredAt(reportUrl);
  }

  public static Letter codeReplayed(
      Envelope to, String method, Circumstances circumstances, String accountUrl) {
    return warning(
        to,
        "mail.replayed.subject",
        List.of(to.text().text("mail.replayed.text", method)),
        circumstances,
        method,
        accountUrl);
  }

  public static Letter passwordChanged(
      Envelope to, Circumstances circumstances, String accountUrl) {
    return warning(
        to,
        "mail.password_changed.subject",
        List.of(to.text().text("mail.password_changed.text")),
        circumstances,
        null,
        accountUrl);
  }

  private static Letter warning(
      Envelope to,
      String subjectKey,
      List<String> paragraphs,
      Circumstances circumstances,
      @Nullable String method,
      String accountUrl) {
    var text = to.text();
    return new Letter(
        to,
        text.text(subjectKey, to.sender()),
        paragraphs,
        null,
        facts(text, circumstances, method),
        new Link(text.text("mail.secure"), accountUrl),
        text.text("mail.not_you"));
  }

  private static List<Fact> facts(
      Messages text, Circumstances circumstances, @Nullable String method) {
    var facts = new ArrayList<Fact>();
    add(facts, text.text("mail.method"), method);
    add(facts, text.text("mail.when"), circumstances.when());
    add(facts, text.text("mail.where"), circumstances.where());
    add(facts, text.text("mail.browser"), circumstances.browser());
    add(facts, text.text("mail.application"), circumstances.application());
    return facts;
  }

  private static void add(List<Fact> facts, String name, @Nullable String value) {
    if (value != null) {
      facts.add(new Fact(name, value));
    }
  }
}
