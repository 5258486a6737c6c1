/**
 * The states of one sign-in and the only moves between them ({@link dev.countersign.loginsession.LoginSession#next}), one
 * row each, saved by compare-and-set ({@link dev.countersign.loginsession.SignIns}). {@link
 * dev.countersign.loginsession.Deciding} gathers the facts and asks enforcement after every proof. May use the layers
 * up to enforcement.
 */
@NullMarked
package dev.countersign.loginsession;

import org.jspecify.annotations.NullMarked;
