package dev.countersign.hosted;

import com.github.benmanes.caffeine.cache.Cache;
import dev.countersign.factor.Factors;
import dev.countersign.hosted.view.Brand;
import dev.countersign.hosted.view.Frame;
import dev.countersign.hosted.view.Page;
import dev.countersign.kernel.Caches;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.TenantId;
import dev.countersign.storage.StorageException;
import dev.countersign.tenant.Tenant;
import dev.countersign.tenant.TenantSettings;
import dev.countersign.tenant.Tenants;
import dev.countersign.web.Assets;
import dev.countersign.web.BrandCss;
import dev.countersign.web.Cookie;
import dev.countersign.web.CrossSite;
import dev.countersign.web.Handler;
import dev.countersign.web.Messages;
import dev.countersign.web.Reply;
import dev.countersign.web.Request;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What every page of ours has: the tenant's looks, the reader's language and clock, and the token of its forms.
 * Thread-safe.
 */
public final class Frames {
  /** The language chosen on a page of ours. */
  private static final String LANGUAGE = "cs_language";

  /** The browser's time zone, set by app.js. */
  private static final String ZONE = "cs_zone";

  /** Where the style sheet of each colour is. */
  private static final Cache<String, String> SHEETS = Caches.begin().maximumSize(1_000).build();

  private final Tenants tenants;
  private final Factors factors;
  private final Pages pages;

  public Frames(Tenants tenants, Factors factors, Pages pages) {
    this.tenants = tenants;
    this.factors = factors;
    this.pages = pages;
  }

  /** The frame of a page outside of any sign-in. */
  public Frame plain(Request request, String here) {
    return Frame.of(
        brand(request.site().tenant()),
        reader(request, null).text(),
        here,
        CrossSite.token(request),
        "");
  }

  /** The frame of a page of a sign-in. */
  Frame within(Request request, String here, String state, @Nullable String locales) {
    return Frame.of(
        brand(request.site().tenant()),
        reader(request, locales).text(),
        here,
        CrossSite.token(request),
        state);
  }

  public Reply reply(int status, Page page) {
    var reply = Reply.html(status, pages.html(page));
    return page.isOpen() ? reply.allowingCompression() : reply;
  }

  /**
   * In which language and by which clock: first what was chosen on a page, then what the application asks for, then what
   * the browser prefers, then what the tenant speaks.
   */
  public Reader reader(Request request, @Nullable String locales) {
    var wanted =
        Stream.of(chosen(request), request.cookie(LANGUAGE), Optional.ofNullable(locales))
            .flatMap(Optional::stream)
            .collect(Collectors.joining(" "));
    var settings = settings(request.site().tenant());
    var text =
        Messages.choose(
            wanted,
            request.header("accept-language").orElse(null),
            Locale.forLanguageTag(settings.locale()));
    return new Reader(
        settings.factors().isEmpty()
            ? text
            : text.calling(FactorLook.called(factors.with(settings), text.locale())),
        zone(request),
        request.at());
  }

  private static ZoneId zone(Request request) {
    try {
      return request
          .cookie(ZONE)
          .filter(name -> name.matches("[A-Za-z0-9/_+-]{1,40}"))
          .map(ZoneId::of)
          .orElse(ZoneOffset.UTC);
    } catch (DateTimeException _) {
      return ZoneOffset.UTC;
    }
  }

  /** The language that the link of a page's language menu names. */
  private static Optional<String> chosen(Request request) {
    var asked = request.query().all("ui_locales");
    return asked.size() == 1 && isSpoken(asked.getFirst())
        ? Optional.of(asked.getFirst())
        : Optional.empty();
  }

  private static boolean isSpoken(String tag) {
    return Messages.LANGUAGES.stream().anyMatch(language -> language.toLanguageTag().equals(tag));
  }

  /** Wraps a page's handler so that a language chosen on the page holds for all that come after. */
  public static Handler remembering(Handler handler) {
    return request -> {
      var reply = handler.handle(request);
      return chosen(request)
          .map(tag ->
              reply.withCookie(Cookie.lasting(LANGUAGE, Secret.of(tag), Duration.ofDays(365))))
          .orElse(reply);
    };
  }

  /** How the tenant looks; as a tenant without any choice looks, while that cannot be read. */
  public Brand brand(TenantId id) {
    var name = known(id).map(Tenant::displayName).orElse("Countersign");
    var settings = settings(id);
    var support =
        settings.supportEmail().isEmpty() ? settings.supportUrl() : settings.supportEmail();
    return new Brand(
        name,
        // The content policy lets no other host's picture in; mails show it.
        settings.logoUrl().startsWith("/") ? settings.logoUrl() : null,
        SHEETS.get(
            settings.accent(),
            accent -> "/assets/brand/" + Assets.hash(BrandCss.render(accent)) + ".css"),
        support.isEmpty() ? null : support,
        known(id).map(Tenant::sandbox).orElse(false));
  }

  /** The style sheet of the tenant's colours. */
  String css(TenantId id) {
    return BrandCss.render(settings(id).accent());
  }

  private TenantSettings settings(TenantId id) {
    return known(id).map(Tenant::settings).orElseGet(TenantSettings::usual);
  }

  /** Pages that say what is wrong have to be drawn when the database is away, too. */
  private Optional<Tenant> known(TenantId id) {
    try {
      return tenants.find(id);
    } catch (StorageException.Unavailable | StorageException.Contention _) {
      return Optional.empty();
    }
  }
}
