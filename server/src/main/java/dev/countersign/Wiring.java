package dev.countersign;

import dev.countersign.config.Settings;
import dev.countersign.delivery.mail.Mailer;
import dev.countersign.delivery.mail.SmtpMailer;
import dev.countersign.kernel.Argon2id;
import dev.countersign.kernel.Entropy;
import dev.countersign.storage.Database;
import dev.countersign.storage.KeyRing;
import dev.countersign.tenant.PublicAddress;
import dev.countersign.wiring.Administration;
import dev.countersign.wiring.Answers;
import dev.countersign.wiring.Course;
import dev.countersign.wiring.Delivery;
import dev.countersign.wiring.Enrolling;
import dev.countersign.wiring.Ground;
import dev.countersign.wiring.Methods;
import dev.countersign.wiring.NewPasswords;
import dev.countersign.wiring.Proofs;
import dev.countersign.wiring.Recovering;
import dev.countersign.wiring.Risk;
import dev.countersign.wiring.Upkeep;
import dev.countersign.wiring.Web;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The whole product, put together by hand; its table of contents. Read it from top to bottom to see what there is, and each
 * part to see who knows whom: a part knows those above it only. Listens to nothing: that is the server's.
 */
public final class Wiring implements AutoCloseable {

  /**
   * What the product is made from.
   *
   * @param keys root keys, kept outside the database
   * @param address how the world reaches it
   * @param passwordCost what hashing a password costs
   * @param settings the configuration, for what has keys there
   * @param mailer what carries mails; none where people are told nothing
   */
  public record Parts(
      Database database,
      KeyRing keys,
      InstantSource clock,
      Entropy entropy,
      PublicAddress address,
      Argon2id.Cost passwordCost,
      Settings settings,
      Optional<Mailer> mailer) {

    /** With the mail host that the configuration names, if it names one. */
    public Parts(
        Database database,
        KeyRing keys,
        InstantSource clock,
        Entropy entropy,
        PublicAddress address,
        Argon2id.Cost passwordCost,
        Settings settings) {
      this(
          database,
          keys,
          clock,
          entropy,
          address,
          passwordCost,
          settings,
          SmtpMailer.of(settings, clock));
    }
  }

  /** What everything rests on, and who the customer is, who the person is, what happened. */
  public final Ground ground;

  /** What is proven once and counts, how often somebody may try, and the first proof. */
  public final Proofs proofs;

  /** The factors there are, and what people have of them. */
  public final Methods methods;

  /** What people are told, by mail and by text. */
  public final Delivery delivery;

  /** What is noteworthy about a sign-in. */
  public final Risk risk;

  /** The course of a sign-in, from its start to the end of its session. */
  public final Course course;

  /** What is asked in a sign-in, and what becomes of the answers. */
  public final Answers answers;

  /** The ways back in of somebody who lost every factor. */
  public final Recovering recovering;

  /** How people come by their factors and lose them. */
  public final Enrolling enrolling;

  /** How people come by another password. */
  public final NewPasswords newPasswords;

  /** What admins and operators do. */
  public final Administration administration;

  /** What is reached over HTTP. */
  public final Web web;

  /** What runs by itself. */
  public final Upkeep upkeep;

  public Wiring(Parts parts) {
    ground =
        new Ground(
            parts.database(),
            parts.keys(),
            parts.clock(),
            parts.entropy(),
            parts.address(),
            parts.settings());
    proofs = new Proofs(ground, parts.passwordCost());
    methods = new Methods(ground);
    delivery = new Delivery(ground, proofs, methods, parts.mailer());
    risk = new Risk(ground, proofs);
    course = new Course(ground, proofs, methods, delivery, risk);
    answers = new Answers(ground, proofs, methods, delivery, risk, course);
    recovering = new Recovering(ground, proofs, methods, delivery, course, answers);
    enrolling = new Enrolling(ground, proofs, methods, delivery, course, answers, recovering);
    newPasswords = new NewPasswords(ground, proofs, delivery, course);
    administration =
        new Administration(
            ground, proofs, methods, delivery, risk, course, answers, recovering, enrolling);
    web =
        new Web(
            ground,
            proofs,
            methods,
            delivery,
            risk,
            course,
            answers,
            recovering,
            enrolling,
            newPasswords,
            administration);
    upkeep =
        new Upkeep(ground, proofs, methods, delivery, risk, course, recovering, administration);
  }

  @Override
  public void close() {
    answers.bell.close();
    ground.outbound.close(); // Before what waits for its answers.
    upkeep.close();
    ground.database.close();
  }
}
