package dev.countersign.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ActTest {
  private static boolean covers(String rule, String asked) {
    assertThat(Act.isForRule(rule)).as(rule).isTrue();
    return Act.covers(rule, Act.of(asked).orElseThrow());
  }

  @Test
  void an_endpoint_is_the_same_however_its_path_was_written() {
    for (var written :
        List.of(
            "POST /payments/42",
            "post /payments/42",
            "POST /payments/42/",
            "POST //payments//42",
            "POST /payments/42?dry=true",
            "POST /payments/42#top",
            "POST /p%61yments/42",
            "POST /payments;v=1/42;jsessionid=x")) {
      assertThat(Act.of("endpoint:" + written)).as(written).contains("endpoint:POST /payments/42");
    }
    assertThat(Act.of("endpoint:GET /")).contains("endpoint:GET /");
    assertThat(Act.of("endpoint:GET /Accounts")).contains("endpoint:GET /Accounts");
  }

  @Test
  void what_programs_might_read_differently_is_no_act() {
    for (var strange :
        List.of(
            "endpoint:",
            "endpoint:POST",
            "endpoint:/payments",
            "endpoint:POST payments",
            "endpoint:POST https://bank.example/payments",
            "endpoint:PO ST /payments",
            "endpoint:POST /public/../payments",
            "endpoint:POST /./payments",
            "endpoint:POST /public/%2e%2e/payments",
            "endpoint:POST /pay%2Fments",
            "endpoint:POST /pay%5Cments",
            "endpoint:POST /pay\\ments",
            "endpoint:POST /pay%2570ments",
            "endpoint:POST /pay%3Bments",
            "endpoint:POST /pay%00ments",
            "endpoint:POST /pay%ffments",
            "endpoint:POST /pay%ments",
            "endpoint:POST /pay\nments",
            "operation:",
            "operation: ",
            "resource:",
            "admin:",
            "admin:something",
            "payout",
            "",
            "operation:" + "x".repeat(Act.LONGEST))) {
      assertThat(Act.of(strange)).as(strange).isEmpty();
      assertThat(Act.isForRule(strange)).as(strange).isFalse();
    }
  }

  @Test
  void rules_are_written_plainly() {
    assertThat(List.of("endpoint:GET /a?b=1", "endpoint:GET /a#b", "endpoint:GET /%61"))
        .noneMatch(Act::isForRule);
    assertThat(
            List.of(
                "endpoint:*",
                "endpoint:* /payments",
                "endpoint:GET /payments/{id}/*",
                "operation:*",
                "scope:transfers:*",
                "resource:statements",
                "admin:*",
                "admin:delete_client"))
        .allMatch(Act::isForRule);
  }

  @Test
  void a_template_stands_for_one_segment_and_a_star_at_the_end_for_all_below() {
    var one = "endpoint:GET /accounts/{id}/statements";
    assertThat(covers(one, "endpoint:GET /accounts/7/statements")).isTrue();
    assertThat(covers(one, "endpoint:GET /accounts/7/cards")).isFalse();
    assertThat(covers(one, "endpoint:GET /accounts/7/statements/1")).isFalse();
    assertThat(covers(one, "endpoint:POST /accounts/7/statements")).isFalse();
    assertThat(covers(one, "endpoint:GET /Accounts/7/statements")).isFalse();

    var below = "endpoint:* /accounts/*";
    assertThat(covers(below, "endpoint:GET /accounts/7")).isTrue();
    assertThat(covers(below, "endpoint:DELETE /accounts/7/cards/1")).isTrue();
    assertThat(covers(below, "endpoint:GET /accounts")).isFalse();
    assertThat(covers("endpoint:GET /*/secret", "endpoint:GET /7/secret")).isTrue();
    assertThat(covers("endpoint:GET /*/secret", "endpoint:GET /7/8/secret")).isFalse();
    assertThat(covers("endpoint:*", "endpoint:GET /anything/at/all")).isTrue();
  }

  @Test
  void whoever_asks_about_a_route_asks_about_all_that_it_may_be() {
    for (var route : List.of("/accounts/{account}", "/accounts/:id", "/accounts/*")) {
      assertThat(covers("endpoint:GET /accounts/{id}", "endpoint:GET " + route)).isTrue();
      assertThat(covers("endpoint:GET /accounts/me", "endpoint:GET " + route)).isTrue();
      assertThat(covers("endpoint:GET /cards/{id}", "endpoint:GET " + route)).isFalse();
    }
  }

  @Test
  void other_acts_are_compared_letter_by_letter_or_by_how_they_begin() {
    assertThat(covers("resource:statements", "resource:statements")).isTrue();
    assertThat(covers("resource:statements", "resource:statements2")).isFalse();
    assertThat(covers("resource:statements", "operation:statements")).isFalse();
    assertThat(covers("operation:pay*", "operation:payout")).isTrue();
    assertThat(covers("admin:*", Act.EXPORT_USERS)).isTrue();
  }
}
