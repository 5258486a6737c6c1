package dev.countersign.factor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HabitsTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2",
    "192.0.2.200, 192.0.2",
    "192.0.3.7, 192.0.3",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1",
    "2001:db8:1:ffff:0:0:0:1, 2001:db8:1",
    "2001:db8:2:2:3:4:5:6, 2001:db8:2",
    "'', ''"
  })
  void a_place_is_what_a_household_or_an_office_shares(String address, String place) {
    assertThat(Habits.neighbourhood(address)).isEqualTo(place);
  }
}
