package dev.countersign.wiring;

import dev.countersign.challenge.AnswerChallenge;
import dev.countersign.challenge.AnswerPassword;
import dev.countersign.challenge.AttackWatch;
import dev.countersign.challenge.HearDevice;
import dev.countersign.challenge.NewPlaces;
import dev.countersign.challenge.Picker;
import dev.countersign.challenge.PoseChallenge;
import dev.countersign.challenge.SignInByKey;
import dev.countersign.challenge.TrustBrowser;
import dev.countersign.delivery.Caps;
import dev.countersign.delivery.Channels;
import dev.countersign.delivery.Courier;
import dev.countersign.delivery.hook.Hooks;
import dev.countersign.delivery.mail.MailCodes;
import dev.countersign.delivery.push.AppWaker;
import dev.countersign.delivery.push.Bell;
import dev.countersign.delivery.push.Pushes;
import dev.countersign.delivery.push.ServerKeys;
import dev.countersign.delivery.push.WebPushWaker;
import dev.countersign.hosted.CodeLetters;
import dev.countersign.hosted.Pages;
import dev.countersign.management.guardian.PushSettings;
import java.util.Map;

/** What is asked in a sign-in, how the question reaches people, and what becomes of their answers. */
public final class Answers {
  public final AnswerPassword answerPassword;
  public final SignInByKey signInByKey;
  public final AnswerChallenge answerChallenge;

  public final HearDevice hearDevice;
  public final Bell bell;
  public final ServerKeys serverKeys;
  public final PushSettings pushSettings;
  public final Courier courier;

  public final PoseChallenge poseChallenge;
  public final Picker picker;
  public final TrustBrowser trustBrowser;

  public Answers(
      Ground ground, Proofs proofs, Methods methods, Delivery delivery, Risk risk, Course course) {
    var database = ground.database;
    var people = ground.people;
    var audit = ground.audit;
    var guesses = proofs.guesses;
    var factors = methods.factors;
    var enrolments = methods.enrolments;
    var notices = delivery.notices;
    var signIns = course.signIns;
    var progress = course.progress;
    var scenes = course.scenes;

    answerPassword =
        new AnswerPassword(
            database,
            signIns,
            progress,
            people,
            proofs.passwords,
            proofs.knownBrowsers,
            ground.digester,
            proofs.ledger,
            guesses,
            audit,
            notices,
            new AttackWatch(proofs.allowances, audit),
            course.trustedBrowsers,
            risk.browserKeys,
            risk.stolenPasswords);
    var places = new NewPlaces(methods.habits, proofs.allowances, audit, notices);
    signInByKey =
        new SignInByKey(
            database,
            signIns,
            progress,
            people,
            factors,
            enrolments,
            scenes,
            course.policies,
            proofs.ledger,
            guesses,
            ground.sealer,
            audit,
            places);
    answerChallenge =
        new AnswerChallenge(
            database,
            signIns,
            progress,
            people,
            factors,
            enrolments,
            scenes,
            course.destinations,
            proofs.challenges,
            proofs.ledger,
            proofs.spendables,
            guesses,
            audit,
            notices,
            places);

    hearDevice =
        new HearDevice(
            database,
            signIns,
            progress,
            people,
            factors,
            enrolments,
            scenes,
            proofs.challenges,
            guesses,
            answerChallenge,
            audit,
            notices);
    bell = new Bell();
    serverKeys = new ServerKeys(database, ground.sealer);
    pushSettings = new PushSettings(database, factors, methods.factorSettings);
    courier = courier(ground, proofs, delivery);

    poseChallenge =
        new PoseChallenge(
            database,
            signIns,
            people,
            factors,
            enrolments,
            scenes,
            course.destinations,
            proofs.challenges,
            guesses,
            courier,
            audit);
    picker = new Picker(factors, enrolments, methods.habits, scenes);
    trustBrowser =
        new TrustBrowser(
            database,
            people,
            course.policies,
            factors,
            enrolments,
            signIns,
            course.sessions,
            course.trustedBrowsers);
  }

  /** By text, by mail, to a phone's app or browser, by a service of the tenant's own. */
  private Courier courier(Ground ground, Proofs proofs, Delivery delivery) {
    var caps = new Caps(proofs.allowances, ground.audit);
    var mailCodes =
        new MailCodes(
            ground.database,
            ground.people,
            caps,
            new CodeLetters(new Pages(), ground.tenants),
            delivery.mailTemplates,
            delivery.mailHosts,
            ground.entropy,
            work -> Thread.ofVirtual().name("mail-code").start(work));
    var browsers = new WebPushWaker(ground.outbound, serverKeys, ground.tenants, ground.entropy);
    var apps = new AppWaker(ground.outbound, ground.settings, pushSettings::plan);
    var pushes =
        new Pushes(
            ground.database,
            proofs.allowances,
            ground.audit,
            bell,
            Map.of("web", browsers, "fcm", apps, "apns", apps),
            hearDevice::unreachable,
            delivery.sandboxMessages,
            ground.clock,
            delivery.words);
    return new Channels(delivery.texts, mailCodes, pushes, new Hooks(caps, ground.outbound));
  }
}
