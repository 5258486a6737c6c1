package dev.countersign.cli;

import static dev.countersign.cli.OperatorCommand.TENANT;

import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A tenant's policy: taken out and in, tried before, explained afterwards. */
final class PolicyCommands {
  private static final Key<Optional<String>> TESTED =
      new Key<>(
          "draft",
          Kind.text().optional(),
          "",
          "A policy file to test, instead of the policy as it stands.");
  private static final Key<Optional<String>> TRIED =
      new Key<>(
          "draft",
          Kind.text().optional(),
          "",
          "A policy file to try, instead of the policy as it stands.");
  private static final Key<Integer> DAYS =
      new Key<>("days", Kind.number(1, 3_650), "30", "How far back.");

  private static final String CASES = "cases=";

  static final OperatorCommand EXPORT =
      OperatorCommand.saying(
              "Prints a tenant's whole policy as JSON, to be kept under version control.",
              (there, sent, answer) -> there.exportPolicy(sent.at(0), answer))
          .notes(
              "The same is at /api/v2/enforcement. countersign policy schema prints the JSON Schema of the file.")
          .options(TENANT)
          .sending(1, call -> List.of(call.get(TENANT)));

  static final OperatorCommand IMPORT =
      OperatorCommand.saying(
              "Makes a file the policy of a tenant, if that locks nobody out.",
              (there, sent, answer) ->
                  there.importPolicy(sent.at(0), sent.secret(Sent.CONTENT), answer))
          .of("FILE")
          .notes(
              "FILE is what countersign policy export prints. What it does not name stays as it is. Try it first with countersign policy test and countersign policy replay.")
          .options(TENANT)
          .sending(2, call -> List.of(call.get(TENANT), file(Sent.CONTENT, call.operand())));

  static final OperatorCommand SCHEMA =
      OperatorCommand.saying(
          "Prints the JSON Schema of policy files.",
          (there, _, answer) -> there.policySchema(answer));

  static final OperatorCommand TEST =
      OperatorCommand.saying(
              "Holds a policy against named cases; fails when one does not stand.",
              (there, sent, answer) ->
                  there.testPolicy(
                      sent.at(0), sent.secret(Sent.CONTENT), sent.secret(CASES), answer))
          .of("CASES")
          .notes(
              "CASES is a JSON file; docs/policy.md shows one. With --draft it is also said how many people would meet something else than today, and from what to what. Exits with 1 when a case fails, for builds.")
          .options(TENANT, TESTED)
          .sending(
              3,
              call ->
                  List.of(call.get(TENANT), draft(call.get(TESTED)), file(CASES, call.operand())));

  static final OperatorCommand REPLAY =
      OperatorCommand.saying(
              "Asks a draft of a policy about the sign-ins that were.",
              (there, sent, answer) ->
                  there.replayPolicy(sent.at(0), sent.secret(Sent.CONTENT), sent.number(1), answer))
          .notes(
              "By the same decision as sign-ins, on the facts that were recorded with them. Says how many would be challenged, would have to set a factor up, could not sign in, and how many texts that would cost.")
          .options(TENANT, TRIED, DAYS)
          .sending(
              3,
              call -> List.of(call.get(TENANT), call.get(DAYS).toString(), draft(call.get(TRIED))));

  static final OperatorCommand EXPLAIN =
      OperatorCommand.saying(
              "Says why a sign-in was asked for what it was: rules, risk, factors.",
              (there, sent, answer) -> there.explain(sent.at(0), sent.at(1), answer))
          .of("SIGN-IN")
          .notes("SIGN-IN is its id, as audit events have it.")
          .options(TENANT)
          .sending(2, call -> List.of(call.get(TENANT), call.operand()));

  private PolicyCommands() {}

  /** The draft's text; an empty one when no file is named. */
  private static String draft(Optional<String> file) throws IOException {
    return file.isPresent() ? file(Sent.CONTENT, file.get()) : Sent.encoded(Sent.CONTENT, "");
  }

  private static String file(String name, String path) throws IOException {
    return Sent.encoded(name, Files.readString(Path.of(path)));
  }
}
