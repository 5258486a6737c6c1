/**
 * What the hosted pages and the mails say: one record per page, holding what is displayed and nothing else.
 *
 * <p>Entry: {@link dev.countersign.hosted.view.Page}; every page names its template and carries a {@link
 * dev.countersign.hosted.view.Frame}. A handler builds a record, {@code hosted.Pages} renders it. Fields that a page
 * posts are listed in its record's comment; every form also posts {@code csrf} and, if there is one, {@code state}, to
 * {@code frame.here()}. Buttons other than the primary one post {@code action}.
 *
 * <p>May use: {@code web} (messages, assets).
 */
@NullMarked
package dev.countersign.hosted.view;

import org.jspecify.annotations.NullMarked;
