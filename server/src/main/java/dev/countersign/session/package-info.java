/**
 * Single sign-on sessions: {@link dev.countersign.session.Sessions} opens one when a sign-in completes, finds it again by
 * its cookie, ends it; {@link dev.countersign.session.StartSignIn} begins a sign-in, going on from a session if there is
 * one; {@link dev.countersign.session.CancelSignIn}, {@link dev.countersign.session.Reconsider}, {@link
 * dev.countersign.session.EndSession} and {@link dev.countersign.session.ForgetBrowsers} are what else people do with them. May use loginsession and what is below.
 */
@NullMarked
package dev.countersign.session;

import org.jspecify.annotations.NullMarked;
