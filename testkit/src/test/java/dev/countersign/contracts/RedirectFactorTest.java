package dev.countersign.contracts;

import dev.countersign.factor.Answer;
import dev.countersign.kernel.Secret;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.Journey;
import dev.countersign.testkit.Someone;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.testkit.examples.BadgePage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** A tenant's own factor, answered on a page of the tenant's. */
@WorldTest
class RedirectFactorTest implements FactorContract {
  private final Map<Company, BadgePage> pages = new HashMap<>();

  @AfterEach
  void close() {
    pages.values().forEach(BadgePage::close);
  }

  @Override
  public String factor() {
    return "custom:badge";
  }

  @Override
  public Company company(World world, String name) {
    var company = world.tenant(name);
    try {
      var page = new BadgePage(world.clock());
      page.knows(
          company.defining(
              """
              {"slug": "badge", "kind": "redirect", "display_name": "Badge", "description": "The badge that opens your door.",
               "redirect": {"url": "%s"}}
              """
                  .formatted(page.url())));
      pages.put(company, page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return company.requiring(factor());
  }

  /** There is no answer to a question that was not put. */
  @Override
  public String right(Someone who) {
    return "";
  }

  @Override
  public String wrong(Someone who) {
    return "";
  }

  @Override
  public Answer rightIn(Someone who, Journey journey) {
    var address = journey.asked(factor());
    var page = pages.get(who.company());
    var request = page.read(address.substring(address.indexOf("request=") + 8));
    return typed(page.answer(request, "approved"));
  }

  @Override
  public Answer wrongIn(Someone who, Journey journey) {
    var right = rightIn(who, journey).field("answer").reveal();
    return typed(right.substring(0, right.lastIndexOf('.') + 1) + "A".repeat(43));
  }

  @Override
  public Answer typed(String text) {
    return new Answer(Map.of("answer", Secret.of(text)));
  }

  @Override
  public String wrongReason() {
    return "signature_invalid";
  }

  @Override
  public String replayReason() {
    return "code_expired";
  }

  @Override
  public Duration life() {
    return Duration.ofMinutes(5);
  }
}
