package dev.countersign.hosted;

import dev.countersign.hosted.view.LogoutPage;
import dev.countersign.hosted.view.SignedOutPage;
import dev.countersign.loginsession.Arrivals;
import dev.countersign.oidc.OidcPages;
import dev.countersign.session.StartSignIn;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.util.Optional;

/** Draws what the OpenID Connect provider needs drawn. Thread-safe. */
public final class ProtocolPages implements OidcPages {
  private final Frames frames;
  private final Onwards onwards;

  public ProtocolPages(Frames frames, Onwards onwards) {
    this.frames = frames;
    this.onwards = onwards;
  }

  @Override
  public Reply began(Request request, StartSignIn.Started started) {
    return onwards.began(request, started);
  }

  @Override
  public Reply follow(Request request, Arrivals.Onward onward) {
    return onwards.follow(request, onward);
  }

  @Override
  public Reply askToSignOut(Request request, String here, String identifier, String stay) {
    return frames.reply(200, new LogoutPage(frames.plain(request, here), identifier, stay));
  }

  @Override
  public Reply signedOut(Request request, Optional<String> application) {
    var frame = frames.plain(request, request.path()).application(application.orElse(null));
    return frames.reply(200, new SignedOutPage(frame, null, "/account"));
  }
}
