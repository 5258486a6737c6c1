package dev.countersign.newpassword;

import dev.countersign.identity.Identifier;
import dev.countersign.identity.Person;
import dev.countersign.kernel.Json;
import java.util.Optional;

/**
 * What stands behind a reset link.
 *
 * @param address where it was sent; once the person has another address, the link is worthless
 */
record Ticket(String address) {
  static String payload(Optional<Person> person) {
    return Json.write(new Ticket(person.map(Ticket::address).orElse("")));
  }

  static Ticket of(String payload) {
    return Json.read(payload, Ticket.class);
  }

  /** Who signs in with a password of ours, can be written to, and may sign in at all. */
  static boolean mayBeFor(Person person) {
    return !person.blocked()
        && person.email() != null
        && person.connection().equals(Person.PASSWORD_CONNECTION);
  }

  boolean stillFits(Person person) {
    return mayBeFor(person) && address(person).equals(address);
  }

  private static String address(Person person) {
    var email = person.email();
    return email == null ? "" : Identifier.of(email).normal();
  }
}
