package dev.countersign.audit;

import dev.countersign.Golden;
import org.junit.jupiter.api.Test;

class AuditEventsGoldenTest {
  @Test
  void the_events_are_the_ones_that_are_documented() {
    var page =
        new StringBuilder(
            """
            # Audit events

            This page is made from `server/src/main/java/dev/countersign/audit/AuditType.java`. The set only grows; a name is
            never used for something else. The second column is the type in `GET /api/v2/logs`, the first stands there in
            `details.event`; both can be searched for as `type`.

            Some events tell more by their Auth0 type: `user.sign_in_failed` is `fp` for a wrong password, `fu` for an unknown
            name and `f` for anything else; `user.mfa_failed` is `gd_recovery_failed` for a backup code and
            `gd_otp_rate_limit_exceed` while answers rest; `token.issued_directly` and `token.refused_directly` are `seotpft` and
            `feotpft` for a password with a code, `seoobft` and `feoobft` for one with a code that was sent or an approval,
            `sercft` and `fercft` for one with a backup code.

            | Event | Auth0 type | Meaning |
            |---|---|---|
            """);
    for (var type : AuditType.values()) {
      page.append("| `")
          .append(type.code())
          .append("` | `")
          .append(type.auth0())
          .append("` | ")
          .append(type.description())
          .append(" |\n");
    }
    Golden.compare("docs/audit-events.md", page.toString());
  }
}
