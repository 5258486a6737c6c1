package dev.countersign.newpassword;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.challenge.AnswerPassword;
import dev.countersign.delivery.Notice;
import dev.countersign.delivery.Notices;
import dev.countersign.enforcement.Facts;
import dev.countersign.enforcement.Policies;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.proof.Guesses;
import dev.countersign.session.EndAccess;
import dev.countersign.signin.password.PasswordRules;
import dev.countersign.signin.password.Passwords;
import dev.countersign.storage.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What choosing and changing have in common: which rules hold, and what happens when a password takes the place of another. Thread-safe. */
public final class Installing {
  private final Policies policies;
  private final Passwords passwords;
  private final Guesses guesses;
  private final Audit audit;
  private final Notices notices;

  public Installing(
      Policies policies, Passwords passwords, Guesses guesses, Audit audit, Notices notices) {
    this.policies = policies;
    this.passwords = passwords;
    this.guesses = guesses;
    this.audit = audit;
    this.notices = notices;
  }

  /** The rules for this person (SP 800-63B-4 section 3.1.1.2): shorter ones will do where a second factor is always asked. */
  PasswordRules rules(Tx tx, TenantId tenant, Person person, Moment now) {
    var policy = policies.current(tx, tenant);
    var who = Facts.Who.of(person, policy.traits());
    return policy.effective(who, now).requiresNow()
        ? PasswordRules.WITH_SECOND_FACTOR
        : PasswordRules.ALONE;
  }

  /** What an attacker would try first for this person. */
  static List<String> words(Person person, String tenantName) {
    var words = new ArrayList<>(List.of(person.name(), tenantName));
    var username = person.username();
    if (username != null) {
      words.add(username);
    }
    var email = person.email();
    if (email != null) {
      words.add(email);
    }
    return words;
  }

  /**
   * Puts the new hash in place.
   *
   * @param end ends what the old password had opened; run after the new one holds, so that nothing slips in between
   */
  void install(
      Tx tx,
      TenantId tenant,
      Person person,
      Secret hash,
      String how,
      Supplier<EndAccess.Ended> end,
      Occasion occasion) {
    passwords.set(tx, tenant, person.id(), hash, occasion.at());
    guesses.reset(tx, tenant, person.id().value(), AnswerPassword.PERSON.name());
    var ended = end.get();
    var counts =
        Map.of(
            "sessions_ended",
            ended.sessions(),
            "refresh_families_revoked",
            ended.refreshFamilies());
    var event =
        AuditEvent.success(AuditType.PASSWORD_CHANGED, occasion).by(person.id()).with("how", how);
    for (var count : counts.entrySet()) {
      event = event.with(count.getKey(), String.valueOf(count.getValue()));
    }
    audit.record(tx, tenant, event);
    notices.tell(tx, tenant, person.id(), new Notice.PasswordChanged(), occasion);
  }
}
