package dev.countersign.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.Audit;
import dev.countersign.audit.AuditEvent;
import java.util.HashSet;
import java.util.List;

/** The audit log of a {@link Company}, as read at the time of asking. */
public final class AuditTrail {
  private static final int MOST = 100_000;

  private final World world;
  private final Company company;

  AuditTrail(World world, Company company) {
    this.world = world;
    this.company = company;
  }

  /** All events, oldest first. */
  public List<AuditEvent> events() {
    var wiring = world.wiring();
    return wiring.ground.database.read(
        tx -> wiring.ground.audit.oldestFirst(tx, company.id(), Audit.Filter.ALL, MOST));
  }

  /** All events of these kinds, such as {@code user.mfa_failed}, oldest first. */
  public List<AuditEvent> of(String... kinds) {
    var wanted = new HashSet<>(List.of(kinds));
    return events().stream().filter(event -> wanted.contains(event.type().code())).toList();
  }

  public int count(String kind) {
    return of(kind).size();
  }

  /** The newest event of a kind. */
  public AuditEvent last(String kind) {
    var found = of(kind);
    assertThat(found).as("events %s of %s", kind, company).isNotEmpty();
    return found.getLast();
  }

  /** The kinds of all events, oldest first. */
  public List<String> kinds() {
    return events().stream().map(event -> event.type().code()).toList();
  }

  /** Of the kinds that are named here, these were the last that happened, in this order. */
  public AuditTrail endsWith(String... kinds) {
    assertThat(of(kinds)).extracting(event -> event.type().code()).endsWith(kinds);
    return this;
  }

  /** Exactly this happened, in this order. */
  public AuditTrail tells(String... kinds) {
    assertThat(kinds()).containsExactly(kinds);
    return this;
  }

  /** The newest event of that kind says this of itself under that name. */
  public AuditTrail says(String kind, String name, String value) {
    assertThat(last(kind).details())
        .as("details of the newest %s", kind)
        .containsEntry(name, value);
    return this;
  }
}
