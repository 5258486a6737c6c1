package dev.countersign.contracts;

import dev.countersign.factor.Answer;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Journey;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.testkit.examples.PagerService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** A tenant's own factor, judged by a service of the tenant's. */
@WorldTest
class WebhookFactorTest implements FactorContract {
  private final Map<Company, PagerService> services = new HashMap<>();

  @AfterEach
  void close() {
    services.values().forEach(PagerService::close);
  }

  @Override
  public String factor() {
    return "custom:pager";
  }

  @Override
  public Company company(World world, String name) {
    var company = world.tenant(name);
    try {
      var service = new PagerService(world.clock());
      service.knows(
          company.defining(
              """
              {"slug": "pager", "kind": "webhook", "display_name": "Pager", "description": "A code on your pager.",
               "webhook": {"url": "%s"}}
              """
                  .formatted(service.url())));
      services.put(company, service);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return company.requiring(factor());
  }

  @Override
  public String right(Someone who) {
    return services.get(who.company()).pager(who.id().value()).orElseThrow();
  }

  @Override
  public String wrong(Someone who) {
    return right(who).equals("000000") ? "000001" : "000000";
  }

  @Override
  public Answer rightIn(Someone who, Journey journey) {
    journey.isAsked(factor());
    return typed(right(who));
  }

  @Override
  public Answer wrongIn(Someone who, Journey journey) {
    journey.isAsked(factor());
    return typed(wrong(who));
  }

  /** In the other sign-in no question stands. */
  @Override
  public String replayReason() {
    return "code_expired";
  }

  @Override
  public Duration life() {
    return Duration.ofMinutes(5);
  }
}
