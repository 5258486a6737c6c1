package dev.countersign.account;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.kernel.Occasion;
import dev.countersign.kernel.TenantId;
import dev.countersign.loginsession.Arrivals;
import dev.countersign.loginsession.Completed;
import dev.countersign.loginsession.Destinations;
import dev.countersign.loginsession.SignIn;
import dev.countersign.proof.Proof;
import dev.countersign.session.Sessions;
import dev.countersign.storage.Tx;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The security page as the place that a sign-in leads to: opens the session and goes to the path that was wanted. Thread-safe. */
public final class AccountDestination implements Arrivals, Destinations {
  static final String HOME = "/account";

  /** Stands for the end of a sign-in that began with a ticket. */
  static final String INVITED = "/account/invited";

  private final Sessions sessions;
  private final Audit audit;

  public AccountDestination(Sessions sessions, Audit audit) {
    this.sessions = sessions;
    this.audit = audit;
  }

  /** The destination for one of our own paths. */
  static SignIn.Destination of(String path) {
    return new SignIn.Destination(SignIn.Destination.ACCOUNT, local(path));
  }

  /** Whatever does not lead to the security page leads to its first page. */
  private static String local(String path) {
    return path.matches("/account(/[A-Za-z0-9_-]+)*") ? path : HOME;
  }

  @Override
  public Arrived arrive(Tx tx, SignIn signIn, Completed completed, Occasion occasion) {
    var opened = sessions.open(tx, signIn, completed, occasion);
    boolean raised = opened.session().id().equals(signIn.notes().session());
    audit.record(
        tx,
        signIn.tenant(),
        event(
            raised ? AuditType.STEP_UP_APPROVED : AuditType.SIGNED_IN,
            signIn,
            completed,
            occasion));
    return new Arrived(opened.session().id(), opened.cookie(), new Onward.Redirect(onward(signIn)));
  }

  /** A ticket that is still there at the end was good for nothing: too old, used in another tab, or somebody else's. */
  private static String onward(SignIn signIn) {
    var path = local(signIn.destination().onward());
    if (!path.equals(INVITED)) {
      return path;
    }
    return signIn.notes().invitation() == null ? HOME + "?done=invited" : TicketPages.OVER;
  }

  private static AuditEvent event(
      AuditType type, SignIn signIn, Completed completed, Occasion occasion) {
    return AuditEvent.success(type, occasion)
        .by(completed.who())
        .in(signIn.id(), signIn.destination().application())
        .with(
            "methods",
            completed.proofs().stream()
                .map(Proof::method)
                .distinct()
                .collect(Collectors.joining(" ")))
        .with("acr", completed.level().acr());
  }

  @Override
  public Place place(TenantId tenant, SignIn.Destination destination) {
    return new Place("", Set.of(), Optional.of(HOME), Optional.of(HOME), false);
  }

  @Override
  public Onward turnedAway(TenantId tenant, SignIn.Destination destination) {
    return new Onward.Redirect("/");
  }

  @Override
  public Onward unmet(
      TenantId tenant, SignIn.Destination destination, SignIn.Asked asked, String why) {
    return turnedAway(tenant, destination);
  }
}
