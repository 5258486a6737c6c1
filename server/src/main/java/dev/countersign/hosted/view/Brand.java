package dev.countersign.hosted.view;

import org.jspecify.annotations.Nullable;

/**
 * How a tenant looks.
 *
 * @param name what people call the tenant
 * @param logoUrl a picture served from our own origin (the content policy forbids others), or none: its name is shown
 * @param stylesheetUrl where the output of {@code web.BrandCss} is served, for example {@code /assets/brand/1f2e.css}
 * @param support whom people may ask: a mail address or an https URL
 * @param sandbox whether it is for trying things out, which its pages say
 */
public record Brand(
    String name,
    @Nullable String logoUrl,
    String stylesheetUrl,
    @Nullable String support,
    boolean sandbox) {

  /** The link to whoever helps: {@code mailto:} for a mail address. */
  public @Nullable String supportLink() {
    return support == null || support.startsWith("https://") ? support : "mailto:" + support;
  }
}
