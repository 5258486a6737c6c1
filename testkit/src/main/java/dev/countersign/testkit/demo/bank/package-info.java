/**
 * A small bank that signs people in with Countersign: an OpenID Connect client like anybody's, written against a stock
 * library and knowing nothing of the server but its issuer. {@link dev.countersign.testkit.demo.bank.Bank} shows its
 * pages; {@link dev.countersign.testkit.demo.bank.SignInClient} speaks the protocol.
 */
@NullMarked
package dev.countersign.testkit.demo.bank;

import org.jspecify.annotations.NullMarked;
