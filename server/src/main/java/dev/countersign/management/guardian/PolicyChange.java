package dev.countersign.management.guardian;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import dev.countersign.audit.AuditType;
import dev.countersign.enforcement.Policies;
import dev.countersign.enforcement.Policy;
import dev.countersign.identity.People;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.storage.Database;
import dev.countersign.storage.StorageException;
import dev.countersign.storage.Tx;
import dev.countersign.web.Reply;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Changes a tenant's policy for a caller of the API: recorded, and refused in words where it would lock people out. */
public final class PolicyChange {
  /** As often as this another change may come between reading the newest version and writing the next. */
  private static final int TRIES = 5;

  private final Database database;
  private final Policies policies;
  private final People people;
  private final Audit audit;

  public PolicyChange(Database database, Policies policies, People people, Audit audit) {
    this.database = database;
    this.policies = policies;
    this.people = people;
    this.audit = audit;
  }

  public Policy current(Call call) {
    return database.read(tx -> policies.current(tx, call.tenant()));
  }

  /**
   * Makes the change; one that changes nothing is neither written nor recorded.
   *
   * @param event what the record says of the policy before and after
   */
  public Reply make(
      Call call,
      UnaryOperator<Policy> edit,
      BiFunction<Policy, Policy, AuditEvent> event,
      Function<Policy, Reply> answer) {
    for (int attempt = 1; ; attempt++) {
      try {
        return database.write(tx -> make(tx, call, edit, event, answer));
      } catch (StorageException.Duplicate e) {
        if (attempt == TRIES) {
          return new ApiError(
                  409,
                  "conflict",
                  "The policy is being changed by others at the same time. Read it and try again.")
              .reply();
        }
      }
    }
  }

  private Reply make(
      Tx tx,
      Call call,
      UnaryOperator<Policy> edit,
      BiFunction<Policy, Policy, AuditEvent> event,
      Function<Policy, Reply> answer) {
    var before = policies.current(tx, call.tenant());
    if (edit.apply(before).equals(before)) {
      return answer.apply(before);
    }
    return switch (policies.change(tx, call.tenant(), edit, call.actor(), call.occasion().at())) {
      case Policies.Change.Saved(var after) -> {
        audit.record(tx, call.tenant(), event.apply(before, after));
        yield answer.apply(after);
      }
      case Policies.Change.LocksOut(var stranded, var some) ->
          new ApiError(409, "operation_not_supported", lockedOut(stranded, some)).reply();
      case Policies.Change.NoFactorLeft _ ->
          new ApiError(
                  409, "operation_not_supported", noFactorLeft(people.count(tx, call.tenant())))
              .reply();
    };
  }

  /** The start of an event by this caller. */
  public static AuditEvent event(AuditType type, Call call) {
    return AuditEvent.success(type, call.occasion()).by(call.actor(), null);
  }

  /** What to say of a change that would lock people out. */
  public static String lockedOut(int stranded, List<String> some) {
    return "This would leave "
        + counted(stranded)
        + (some.isEmpty()
            ? ""
            : " (" + String.join(", ", some) + (some.size() < stranded ? ", ..." : "") + ")")
        + " without any factor that they could use, locked out of their accounts. Let them set up another "
        + "factor first, or reset the factors of each (DELETE /api/v2/users/{id}/authentication-methods), or leave this factor on, "
        + "or let the rules that are for them have a factor in common.";
  }

  public static String noFactorLeft(long everybody) {
    return "Multi-factor authentication would be required while no factor that satisfies it is on, so of "
        + counted(everybody)
        + " those concerned could not sign in. Turn on a factor that people can set up (PUT /api/v2/guardian/factors/{name}), or do not require it.";
  }

  private static String counted(long howMany) {
    return howMany == 1 ? "1 person" : howMany + " people";
  }
}
