package dev.countersign.delivery.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.delivery.Notice;
import dev.countersign.kernel.FactorId;
import dev.countersign.kernel.Moment;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LetterformTest {
  private static final TenantId ACME = new TenantId("t_acme");
  private static final Moment NOW = Moment.ofSeconds(1_800_000_000);
  private static final FactorId APP = new FactorId("app");

  static Stream<Notice> notices() {
    return Stream.of(
        new Notice.FactorEnrolled(APP, "Pixel"),
        new Notice.FactorRemoved(APP, ""),
        new Notice.FactorsReset(),
        new Notice.AccessCodeIssued(new Moment(1_700_000_000_000L)),
        new Notice.AccessCodeUsed(),
        new Notice.RecoveryWaiting(new Moment(1_700_000_000_000L), true),
        new Notice.RecoveryCancelled(),
        new Notice.RecoveryCompleted(),
        new Notice.BackupCodeUsed(3),
        new Notice.BackupCodesRegenerated(),
        new Notice.Locked(APP, Optional.of(NOW)),
        new Notice.Locked(APP, Optional.empty()),
        new Notice.PasswordLocked(Optional.of(NOW)),
        new Notice.CodeReplayed(APP),
        new Notice.PasswordChanged(),
        new Notice.PasswordReset(Secret.of("https://acme.example/u?ticket=x"), NOW),
        new Notice.EnrolmentTicket(
            Secret.of("https://acme.example/mfa/enrollment?ticket=x"),
            NOW,
            Optional.of("ana@acme.example"),
            Optional.of("de")),
        new Notice.SignInDisowned(),
        new Notice.FactorUsedElsewhere(APP, "Pixel"));
  }

  @ParameterizedTest
  @MethodSource("notices")
  void what_comes_out_of_the_outbox_is_what_went_in(Notice notice) {
    var errand =
        new Errand(
            ACME,
            "mail_1",
            "ana@acme.example",
            "Ana\u2028 \"A\"",
            Optional.of("de"),
            notice,
            new Occasion(NOW, "192.0.2.1", "Firefox", "req_1"),
            Optional.of(Secret.of("https://acme.example/u/not-me?ticket=y")));

    assertThat(Letterform.read(ACME, "mail_1", Letterform.write(errand))).isEqualTo(errand);
  }

  @Test
  void every_notice_there_is_was_tried() {
    assertThat(notices().map(Object::getClass))
        .containsAll(Arrays.asList(Notice.class.getPermittedSubclasses()));
  }
}
