package dev.countersign.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import dev.countersign.web.Route;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@WorldTest
class RoutesGoldenTest {
  @Test
  void the_routes_and_what_they_demand_are_the_ones_that_are_documented(World world) {
    var routes = world.wiring().web.router.routes();

    assertThat(routes).hasSizeGreaterThan(50);
    assertThat(routes.stream().map(it -> it.method() + " " + it.path())).doesNotHaveDuplicates();
    Golden.compare(
        "docs/routes.txt",
        routes.stream()
            .sorted(Comparator.comparing(Route::path).thenComparing(Route::method))
            .map(Route::toString)
            .collect(Collectors.joining("\n", "", "\n")));
  }
}
