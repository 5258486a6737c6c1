package dev.countersign.hosted;

import dev.countersign.challenge.HearDevice;
import dev.countersign.delivery.push.Bell;
import dev.countersign.delivery.push.ServerKeys;
import dev.countersign.factor.Answer;
import dev.countersign.hosted.view.ApproverPage;
import dev.countersign.kernel.ChallengeId;
import dev.countersign.kernel.EnrolmentId;
import dev.countersign.kernel.Json;
import dev.countersign.kernel.Problem;
import dev.countersign.kernel.Secret;
import dev.countersign.web.Assets;
import dev.countersign.web.Guard;
import dev.countersign.web.Handler;
import dev.countersign.web.Messages;
import dev.countersign.web.Method;
import dev.countersign.web.Refused;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * The approver: an installable page on a person's phone, and what it says to us. Every message is signed by the key that
 * the phone made when it was paired; no cookie has any part in it. Thread-safe.
 */
final class ApproverPages {
  /** How long a phone that asks is kept waiting for something to tell it. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Questions put at another server are found by looking. */
  private static final Duration LOOK = Duration.ofMillis(1500);

  private static final Set<String> FIELDS =
      Set.of("what", "device", "question", "answer", "at", "attachment", "signature", "wait");

  /** As for every page, and the manifest. */
  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; font-src 'self'; connect-src 'self'; "
          + "manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

  private static final String WORKER_POLICY =
      "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'";

  private final Frames frames;
  private final HearDevice hearDevice;
  private final ServerKeys serverKeys;
  private final Bell bell;

  ApproverPages(Frames frames, HearDevice hearDevice, ServerKeys serverKeys, Bell bell) {
    this.frames = frames;
    this.hearDevice = hearDevice;
    this.serverKeys = serverKeys;
    this.bell = bell;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/approver", Frames.remembering(this::page)),
        Route.get("/approver/manifest.webmanifest", this::manifest),
        Route.get("/approver/worker.js", _ -> worker()),
        Route.get("/approver/icon-192.png", _ -> icon("icon-192.png")),
        Route.get("/approver/icon-512.png", _ -> icon("icon-512.png")),
        message("/approver/questions", this::questions),
        message("/approver/answers", this::answer),
        message("/approver/devices", this::renew));
  }

  /** Its handler sees to the signature. */
  private static Route message(String path, Handler handler) {
    return new Route(Method.POST, path, Guard.OPEN, handler);
  }

  // The app

  private Reply page(Request request) {
    var page =
        new ApproverPage(
            frames.plain(request, "/approver"),
            Objects.requireNonNullElse(BrowserName.of(request.userAgent()), ""),
            serverKeys.of(request.site().tenant(), request.at()).publicKey());
    return frames.reply(200, page).withHeader("Content-Security-Policy", PAGE_POLICY);
  }

  private Reply manifest(Request request) {
    var text = frames.reader(request, null).text();
    var brand = frames.brand(request.site().tenant());
    var manifest = Json.object();
    manifest
        .put("id", "/approver")
        .put("name", brand.name() + " " + text.text("approver.name"))
        .put("short_name", text.text("approver.name"))
        .put("description", text.text("approver.description"))
        .put("lang", text.tag())
        .put("dir", text.dir())
        .put("start_url", "/approver")
        .put("scope", "/approver")
        .put("display", "standalone")
        .put("background_color", "#ffffff")
        .put("theme_color", "#3b5bdb");
    var icons = manifest.putArray("icons");
    for (int size : new int[] {192, 512}) {
      icons
          .addObject()
          .put("src", "/approver/icon-" + size + ".png")
          .put("sizes", size + "x" + size)
          .put("type", "image/png")
          .put("purpose", "any maskable");
    }
    return Reply.bytes("application/manifest+json; charset=utf-8", Json.writeBytes(manifest));
  }

  /** Its script of ours has a name that changes with its content, so that a new one makes a new worker. */
  private static Reply worker() {
    var script =
        new String(file("worker.js"), StandardCharsets.UTF_8)
            .replace("/assets/device.js", Assets.url("device.js"));
    return Reply.bytes("text/javascript; charset=utf-8", script.getBytes(StandardCharsets.UTF_8))
        .withHeader("Content-Security-Policy", WORKER_POLICY)
        .withHeader("Service-Worker-Allowed", "/approver");
  }

  private static Reply icon(String name) {
    return Reply.bytes("image/png", file(name));
  }

  private static byte[] file(String name) {
    try (var in =
        Objects.requireNonNull(
            ApproverPages.class.getResourceAsStream("/approver/" + name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  // What it says

  private static Answer said(Request request) {
    var fields = new HashMap<String, Secret>();
    for (var field : request.json().properties()) {
      if (!FIELDS.contains(field.getKey()) || !field.getValue().isString()) {
        throw new Refused(Problem.BAD_REQUEST, field.getKey(), "Send known fields, as texts.");
      }
      fields.put(field.getKey(), Secret.of(field.getValue().asString()));
    }
    return new Answer(fields);
  }

  private static EnrolmentId device(Answer said) {
    return new EnrolmentId(said.field("device").reveal());
  }

  private static ObjectNode body(Request request) {
    return Json.object().put("now", request.at().millis());
  }

  /** What waits for this phone; when nothing does, the answer waits a little for something to come. */
  private Reply questions(Request request) {
    var said = said(request);
    var device = device(said);
    var tenant = request.site().tenant();
    var patience = said.field("wait").reveal().equals("yes") ? PATIENCE : Duration.ZERO;
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      switch (hearDevice.questions(tenant, device, said, request.occasion())) {
        case HearDevice.Listing.Unknown _ -> {
          return Reply.json(404, body(request).put("error", "unknown_device"));
        }
        case HearDevice.Listing.Listed listed -> {
          long left = end - System.nanoTime();
          if (!listed.questions().isEmpty() || listed.paused() || left <= 0 || bell.isClosed()) {
            return Reply.json(listed(request, listed));
          }
          bell.await(tenant, device, Duration.ofNanos(Math.min(left, LOOK.toNanos())));
        }
      }
    }
  }

  private ObjectNode listed(Request request, HearDevice.Listing.Listed listed) {
    var text = frames.reader(request, null).text();
    var body = body(request).put("account", listed.account()).put("paused", listed.paused());
    var questions = body.putArray("questions");
    listed.questions().forEach(question -> questions.add(question(text, question)));
    return body;
  }

  private static ObjectNode question(Messages text, HearDevice.Question question) {
    var shown = question.shown();
    var asking = shown.asking();
    var browser = BrowserName.of(asking.userAgent());
    boolean named = !asking.application().isEmpty();
    var out = Json.object();
    question
        .transaction()
        .ifPresent(it -> {
          var parts = out.putObject("transaction").put("hash", it.hash()).putArray("parts");
          TransactionWords.card(it, text)
              .parts()
              .forEach(part -> {
                var rows = parts.addObject().put("title", part.title()).putArray("rows");
                part.rows()
                    .forEach(row ->
                        rows.addObject().put("label", row.label()).put("value", row.value()));
              });
        });
    return out.put("id", question.id().value())
        .put("application", named ? asking.application() : text.text("account.title"))
        .put("address", asking.address())
        .put("browser", browser == null ? "" : browser)
        .put("asked", shown.askedAt().millis())
        .put("until", shown.until().millis())
        .put(
            "reason",
            question
                .because()
                .filter(_ -> question.transaction().isEmpty())
                .map(it -> SharedPages.reason(text, it, named ? asking.application() : null))
                .orElse(""));
  }

  private Reply answer(Request request) {
    var said = said(request);
    var question =
        Optional.of(said.field("question").reveal())
            .filter(it -> !it.isEmpty())
            .map(ChallengeId::new);
    var outcome =
        hearDevice.answer(
            request.site().tenant(), device(said), question, said, request.occasion());
    return switch (outcome) {
      case HearDevice.Outcome.Noted(var account) ->
          Reply.json(body(request).put("outcome", "noted").put("account", account));
      case HearDevice.Outcome.Wrong _ -> Reply.json(body(request).put("outcome", "wrong"));
      case HearDevice.Outcome.Disowned _ -> Reply.json(body(request).put("outcome", "disowned"));
      case HearDevice.Outcome.Nothing _ -> Reply.json(409, body(request).put("outcome", "nothing"));
    };
  }

  private Reply renew(Request request) {
    var said = said(request);
    return hearDevice.renew(request.site().tenant(), device(said), said, request.occasion())
        ? Reply.json(body(request))
        : Reply.json(404, body(request).put("error", "unknown_device"));
  }
}
