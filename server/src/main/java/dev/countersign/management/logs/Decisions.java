package dev.countersign.management.logs;

import dev.countersign.kernel.Json;
import dev.countersign.kernel.SignInId;
import dev.countersign.loginsession.Progress;
import dev.countersign.management.api.ApiError;
import dev.countersign.management.api.Call;
import dev.countersign.management.api.Endpoint;
import dev.countersign.management.api.Shape;
import dev.countersign.storage.Database;
import dev.countersign.web.Reply;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Why a sign-in was asked for what it was: the newest decision with all the facts that it rested on. Ours. */
public final class Decisions {
  private final Database database;
  private final Progress progress;

  public Decisions(Database database, Progress progress) {
    this.database = database;
    this.progress = progress;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/decisions/{sign_in}", "read:logs", this::show)
            .does("Shows why a sign-in was asked for what it was")
            .answers(
                200,
                Shape.fields()
                    .withRequired("sign_in", Shape.text(1, 64))
                    .withRequired("policy_version", new Shape.Whole(0, Long.MAX_VALUE))
                    .withRequired("decision", new Shape.Open(1_000_000))
                    .withRequired("facts", new Shape.Open(1_000_000))));
  }

  private Reply show(Call call) {
    var signIn = new SignInId(call.parameter("sign_in"));
    return database
        .read(tx -> progress.newestDecision(tx, call.tenant(), signIn))
        .map(it -> {
          ObjectNode out =
              Json.object()
                  .put("sign_in", signIn.value())
                  .put("policy_version", it.policyVersion());
          out.set("decision", Json.tree(it.decision()));
          out.set("facts", Json.tree(it.facts()));
          return Reply.json(out);
        })
        .orElseGet(() ->
            new ApiError(404, "inexistent_decision", "No decision is recorded for this sign-in.")
                .reply());
  }
}
