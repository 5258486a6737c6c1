package dev.countersign.management.guardian;

import dev.countersign.enforcement.Act;
import dev.countersign.enforcement.Policies;
import dev.countersign.enrolment.AdminSetUp;
import dev.countersign.enrolment.EnrolmentTickets;
import dev.countersign.factor.Enrolment;
import dev.countersign.factor.Enrolments;
import dev.countersign.factor.Factor;
import dev.countersign.factor.FactorProfile;
import dev.countersign.factor.Factors;
import dev.countersign.factor.Scenes;
import dev.countersign.identity.Identifier;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.TenantId;
import dev.countersign.kernel.UserId;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Format;
import dev.countersign.management.api.Naming;
import dev.countersign.management.api.Paging;
import dev.countersign.management.api.Paths;
import dev.countersign.management.api.Shape;
import dev.countersign.management.roles.Reach;
import dev.countersign.storage.Database;
import dev.countersign.storage.Tx;
import dev.countersign.web.Method;
import dev.countersign.web.Reply;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** Guardian's view of who has which factor, and the tickets by which people are asked to set one up. */
public final class EnrollmentEndpoints {
  /** Texts go by another name here than among Guardian's factors. */
  private static final String PHONE = "phone";

  private static final Set<String> FACTORS =
      Factors.GUARDIAN.stream()
          .filter(name -> !name.equals("duo") && !name.startsWith("recovery"))
          .map(name -> name.equals("sms") ? PHONE : name)
          .collect(Collectors.toSet());

  private static final Shape TICKET =
      Shape.fields()
          .withRequired("user_id", Shape.text(1, 128))
          .with("email", Shape.text(3, Identifier.LONGEST, Format.EMAIL))
          .with("send_mail", Shape.flag())
          .with("email_locale", Shape.text(2, 35))
          .with("factor", new Shape.Word(FACTORS))
          .with("allow_multiple_enrollments", Shape.flag());
  private static final Shape ISSUED =
      Shape.fields()
          .withRequired("ticket_id", Shape.text(32, 32))
          .withRequired("ticket_url", Shape.text(1, 1000));

  private static final Shape.Fields ENROLLMENT =
      Shape.fields()
          .withRequired("id", Shape.text(1, 64))
          .withRequired("status", Shape.word("pending", "confirmed"))
          .with("name", Shape.text(1, 20))
          .with("identifier", Shape.text(1, Identifier.LONGEST))
          .with("phone_number", Shape.text(2, 30))
          .with("enrolled_at", Shape.moment())
          .with("last_auth", Shape.moment());
  private static final Shape.Fields OF_USER =
      ENROLLMENT.with("type", Shape.text(1, 64)).with("auth_method", Shape.text(1, 64));

  private final Database database;
  private final People people;
  private final Factors factors;
  private final Enrolments enrolments;
  private final Policies policies;
  private final Scenes scenes;
  private final AdminSetUp setUp;
  private final EnrolmentTickets tickets;
  private final Predicate<TenantId> mails;
  private final Reach reach;

  /**
   * The endpoints.
   *
   * @param mails whether mails of a tenant are sent
   */
  public EnrollmentEndpoints(
      Database database,
      People people,
      Factors factors,
      Enrolments enrolments,
      Policies policies,
      Scenes scenes,
      AdminSetUp setUp,
      EnrolmentTickets tickets,
      Predicate<TenantId> mails,
      Reach reach) {
    this.database = database;
    this.people = people;
    this.factors = factors;
    this.enrolments = enrolments;
    this.policies = policies;
    this.scenes = scenes;
    this.setUp = setUp;
    this.tickets = tickets;
    this.mails = mails;
    this.reach = reach;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post(
                "/guardian/enrollments/ticket",
                "create:guardian_enrollment_tickets",
                TICKET,
                this::ticket)
            .does("Makes a ticket by which somebody sets a factor up, and mails it if asked to")
            .answers(200, ISSUED),
        Endpoint.get("/guardian/enrollments/{id}", "read:guardian_enrollments", this::show)
            .does("Shows an enrolment")
            .answers(200, ENROLLMENT),
        Endpoint.delete("/guardian/enrollments/{id}", "delete:guardian_enrollments", this::remove)
            .act(Act.RESET_MFA)
            .does("Takes an enrolment off")
            .answersNothing(),
        Endpoint.of(
                Method.GET,
                Paths.USER + "/enrollments",
                List.of("read:users", "read:current_user"),
                this::first)
            .does("Shows a person's first confirmed enrolment")
            .answers(200, new Shape.ListOf(OF_USER, 1)));
  }

  // Tickets

  private Reply ticket(Call call) {
    var user = new UserId(String.valueOf(call.text("user_id")));
    boolean mail = call.flag("send_mail", false);
    return database.write(tx -> {
      var person = people.find(tx, call.tenant(), user);
      if (person.isEmpty()) {
        return ApiError.NO_SUCH_USER.reply();
      }
      var wanted = wanted(tx, call, person.get());
      if (wanted.isEmpty()) {
        return ApiError.unsupported(
                call.text("factor") == null
                    ? "There is no factor that this user could set up."
                    : "This factor is off, or this user cannot set it up.")
            .reply();
      }
      if (mail && !mails.test(call.tenant())) {
        return ApiError.unsupported("This server has no mail host, so it sends no mail.").reply();
      }
      if (mail && call.text("email") == null && person.get().email() == null) {
        return ApiError.body(
                new Shape.Violation("The user has no address; send one", "email")
                    .sentence("Payload"))
            .reply();
      }
      var issued =
          tickets.issue(
              tx,
              new AdminSetUp.Act(call.tenant(), user, call.actor(), call.occasion()),
              new EnrolmentTickets.Wanted(
                  wanted.stream().map(FactorProfile::id).toList(),
                  call.flag("allow_multiple_enrollments", false)),
              mail
                  ? Optional.of(
                      new EnrolmentTickets.Mailing(
                          Optional.ofNullable(call.text("email")),
                          Optional.ofNullable(call.text("email_locale"))))
                  : Optional.empty());
      return Reply.json(
          Json.object()
              .put("ticket_id", issued.ticket().reveal())
              .put("ticket_url", issued.link().reveal()));
    });
  }

  /** What the ticket is for: the factor that is named, or whatever people set up by themselves; as far as this one can. */
  private List<FactorProfile> wanted(Tx tx, Call call, Person person) {
    var name = call.text("factor");
    var guardian = PHONE.equals(name) ? "sms" : name;
    var allowed = policies.current(tx, call.tenant()).allowed();
    var holder = scenes.holder(tx, call.tenant(), person);
    return factors.of(call.tenant()).inOrder().stream()
        .filter(factor ->
            guardian == null
                ? factor.profile().audience() == FactorProfile.Audience.EVERYONE
                : factor.profile().guardianName().equals(guardian) && factor.isSetUpByPeople())
        .filter(factor -> factor.suits(holder) && allowed.contains(factor.profile().id()))
        .map(Factor::profile)
        .toList();
  }

  // Enrolments

  private Optional<Enrolment> named(Tx tx, Call call) {
    return enrolments
        .find(tx, call.tenant(), new EnrolmentId(call.parameter("id")))
        .filter(it -> it.state() != Enrolment.State.REMOVED)
        .filter(it -> !factors.of(call.tenant()).profile(it.factor()).recovers());
  }

  private Reply show(Call call) {
    return database
        .read(tx -> named(tx, call).map(it -> Reply.json(shown(call, it))))
        .orElseGet(EnrollmentEndpoints::notFound);
  }

  private Reply remove(Call call) {
    return database.write(tx ->
        named(tx, call)
            .flatMap(it ->
                reach
                    .againstPerson(tx, call, it.user())
                    .map(ApiError::reply)
                    .or(() -> removed(tx, call, it)))
            .orElseGet(EnrollmentEndpoints::notFound));
  }

  private Optional<Reply> removed(Tx tx, Call call, Enrolment it) {
    var act = new AdminSetUp.Act(call.tenant(), it.user(), call.actor(), call.occasion());
    return setUp.remove(tx, act, it.id()) ? Optional.of(Reply.empty(204)) : Optional.empty();
  }

  private Reply first(Call call) {
    var user = new UserId(call.parameter("id"));
    return database.read(tx ->
        people.find(tx, call.tenant(), user).isEmpty()
            ? ApiError.NO_SUCH_USER.reply()
            : Reply.json(
                Paging.array(
                    setUp.standing(tx, call.tenant(), user).stream()
                        .filter(it ->
                            it.isActive()
                                && !factors.of(call.tenant()).profile(it.factor()).recovers())
                        .limit(1)
                        .map(it -> {
                          var kind = authMethod(factors.of(call.tenant()).profile(it.factor()));
                          return shown(call, it).put("type", kind).put("auth_method", kind);
                        })
                        .toList())));
  }

  private ObjectNode shown(Call call, Enrolment it) {
    ObjectNode out =
        Json.object()
            .put("id", it.id().value())
            .put("status", it.state() == Enrolment.State.PENDING ? "pending" : "confirmed");
    if (!it.name().isEmpty()) {
      out.put("name", Naming.cut(it.name()));
    }
    if (it.isActive()) {
      var more = factors.of(call.tenant()).get(it.factor()).shown(it);
      if (more.get("phone_number") instanceof String number) {
        out.put("phone_number", number);
      }
      if (more.get("email") instanceof String address) {
        out.put("identifier", address);
      }
    }
    it.confirmedAt().ifPresent(at -> out.put("enrolled_at", at.toString()));
    it.lastUsedAt().ifPresent(at -> out.put("last_auth", at.toString()));
    return out;
  }

  /** Guardian's word for a type of method. */
  private static String authMethod(FactorProfile profile) {
    return switch (profile.methodType()) {
      case "totp" -> "authenticator";
      case "push" -> "guardian";
      case "phone" -> "sms";
      default -> profile.guardianName();
    };
  }

  private static Reply notFound() {
    return new ApiError(404, "enrollment_not_found", "The enrollment does not exist.").reply();
  }
}
