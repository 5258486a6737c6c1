package dev.countersign.cli;

import static dev.countersign.cli.OperatorCommand.TENANT;

import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import java.util.List;
import java.util.Optional;

/** What a tenant's audit log says. */
final class AuditCommands {
  private static final Key<Optional<String>> USER =
      new Key<>("user", Kind.text().optional(), "", "Only events about the user of this id.");
  private static final Key<Integer> MOST =
      new Key<>("last", Kind.number(1, 10_000), "100", "How many events at most.");
  private static final Key<Integer> HOURS =
      new Key<>("hours", Kind.number(1, 8_760), "24", "How far back.");

  /** Stands for nobody in particular between this process and a running server; no user id looks like it. */
  private static final String EVERYBODY = "*";

  static final OperatorCommand LAST =
      OperatorCommand.saying(
              "Prints the newest events of a tenant's audit log, one JSON object a line.",
              (there, sent, answer) ->
                  there.audit(
                      sent.at(0),
                      Optional.of(sent.at(1)).filter(user -> !user.equals(EVERYBODY)),
                      sent.number(2),
                      answer))
          .options(TENANT, USER, MOST)
          .sending(
              3,
              call ->
                  List.of(
                      call.get(TENANT),
                      call.get(USER).orElse(EVERYBODY),
                      call.get(MOST).toString()));

  static final OperatorCommand REFUSALS =
      OperatorCommand.saying(
              "Sums up what was refused in a tenant: how often, why, and for how many people.",
              (there, sent, answer) -> there.refusals(sent.at(0), sent.number(1), answer))
          .notes(
              "One JSON object a line, the most frequent first. Much for one person: that person's factor is lost, or somebody guesses at them. A little for many: the policy or the factor is at fault.")
          .options(TENANT, HOURS)
          .sending(2, call -> List.of(call.get(TENANT), call.get(HOURS).toString()));

  private AuditCommands() {}
}
