package dev.countersign.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountDestinationTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//e.example", "/\\e.example", "https:e.example", "https://ok@e.example", "\t//e.example",
            "javascript:alert(1)", "data:text/html,x", "",
        "/account/../admin", "/account//e.example", "/account?x=//e.example", "/account#x",
            "/accountant", "/account/\n", "account", "/account/"
      })
  void IN_06_only_paths_of_our_own_are_gone_to(String path) {
    assertThat(AccountDestination.of(path).onward()).isEqualTo("/account");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/account",
        "/account/codes",
        "/account/methods/enr_0123abc/remove",
        "/account/set-up/otp"
      })
  void pages_of_the_account_are_come_back_to(String path) {
    assertThat(AccountDestination.of(path).onward()).isEqualTo(path);
  }
}
