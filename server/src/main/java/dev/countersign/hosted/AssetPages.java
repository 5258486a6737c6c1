package dev.countersign.hosted;

import dev.countersign.kernel.Problem;
import dev.countersign.web.Assets;
import dev.countersign.web.Gzip;
import dev.countersign.web.Refused;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import dev.countersign.web.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Style sheets and scripts. Their names change with their content, so that browsers may keep them for ever. */
final class AssetPages {
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private final Frames frames;

  AssetPages(Frames frames) {
    this.frames = frames;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/assets/{file}", AssetPages::asset),
        Route.get("/assets/brand/{file}", this::brand));
  }

  private static Reply asset(Request request) {
    var asset =
        Assets.find(request.parameter("file"))
            .orElseThrow(() -> new Refused(Problem.NOT_FOUND, "", ""));
    boolean gzip = Gzip.isWanted(request);
    var reply =
        Reply.bytes(asset.contentType(), gzip ? asset.gzipped() : asset.plain())
            .withHeader("Cache-Control", FOR_EVER)
            .withHeader("Vary", "Accept-Encoding");
    return gzip ? reply.withHeader("Content-Encoding", "gzip") : reply;
  }

  /** The tenant's colours as they are now; kept only under the name that belongs to them. */
  private Reply brand(Request request) {
    var css = frames.css(request.site().tenant());
    var reply = Reply.bytes("text/css; charset=utf-8", css.getBytes(StandardCharsets.UTF_8));
    return request.parameter("file").equals(Assets.hash(css) + ".css")
        ? reply.withHeader("Cache-Control", FOR_EVER)
        : reply;
  }
}
