package dev.countersign.loginsession;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.kernel.Moment;
import dev.countersign.testkit.Company;
import dev.countersign.testkit.World;
import dev.countersign.testkit.WorldTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was decided is read page by page. */
@WorldTest
class HistoryTest {
  private static List<History.Recorded> read(
      World world, Company company, int page, List<Double> shares) {
    var all = new ArrayList<History.Recorded>();
    new History(world.wiring().ground.database, page)
        .eachSince(company.id(), new Moment(0), all::add, shares::add);
    return all;
  }

  @Test
  void however_much_is_read_at_once_each_sign_in_comes_once_with_its_first_decision(World world) {
    var acme = world.tenant("acme").requiring("otp");
    for (var name : List.of("ana", "ben", "cleo", "dora", "eli")) {
      var who = acme.person(name).enrolledIn("otp", "recovery-code");
      who.signsIn().isAskedForCode().answers(who.codeNow()).isIn();
    }

    var whole = read(world, acme, 1_000, new ArrayList<>());

    assertThat(whole).hasSize(5).allSatisfy(it -> assertThat(it.result()).isEqualTo("challenge"));
    for (int page = 1; page < 8; page++) {
      var shares = new ArrayList<Double>();
      assertThat(read(world, acme, page, shares)).as("%s at once", page).isEqualTo(whole);
      assertThat(shares).isSorted().allMatch(it -> it >= 0 && it <= 1);
      assertThat(shares.getLast()).isEqualTo(1);
    }
  }
}
