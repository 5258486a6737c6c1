package dev.countersign.wiring;

import dev.countersign.newpassword.AskPasswordReset;
import dev.countersign.newpassword.ChangePassword;
import dev.countersign.newpassword.ChooseNewPassword;
import dev.countersign.newpassword.Installing;

/** How people come by another password. */
public final class NewPasswords {
  public final AskPasswordReset askPasswordReset;
  public final ChooseNewPassword chooseNewPassword;
  public final ChangePassword changePassword;

  public NewPasswords(Ground ground, Proofs proofs, Delivery delivery, Course course) {
    var database = ground.database;
    var tenants = ground.tenants;
    var people = ground.people;
    var audit = ground.audit;
    var notices = delivery.notices;

    askPasswordReset =
        new AskPasswordReset(
            database,
            people,
            proofs.allowances,
            proofs.spendables,
            ground.digester,
            ground.entropy,
            tenants,
            audit,
            notices);
    var installing =
        new Installing(course.policies, proofs.passwords, proofs.guesses, audit, notices);
    chooseNewPassword =
        new ChooseNewPassword(
            database,
            tenants,
            people,
            proofs.spendables,
            proofs.passwords,
            installing,
            course.endAccess,
            audit);
    changePassword =
        new ChangePassword(
            database,
            tenants,
            people,
            proofs.passwords,
            proofs.guesses,
            installing,
            course.endAccess,
            audit,
            notices);
  }
}
