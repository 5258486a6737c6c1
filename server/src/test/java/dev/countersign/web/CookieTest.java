package dev.countersign.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.kernel.Ids;
import dev.countersign.kernel.Secret;
import dev.countersign.kernel.SignInId;
import java.util.List;
import org.junit.jupiter.api.Test;

class CookieTest {
  @Test
  void LS_04_neither_a_name_nor_a_value_can_end_early_and_go_on_as_something_else() {
    for (var text : List.of("a=b", "a; Domain=example.com", "a b", "a\r\nX: y", "ä")) {
      assertThatThrownBy(() -> Cookie.deleted(text)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new SignInId(text)).isInstanceOf(Ids.Malformed.class);
    }
    assertThatThrownBy(() -> Cookie.untilClosed("a", Secret.of("b; Path=/x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_empty_or_repeated_cookie_counts_as_absent() {
    assertThat(Cookie.read(List.of("a=1; b=2"), "b")).contains("2");
    assertThat(Cookie.read(List.of("b="), "b")).isEmpty();
    assertThat(Cookie.read(List.of("b=1", "b=2"), "b")).isEmpty();
  }
}
