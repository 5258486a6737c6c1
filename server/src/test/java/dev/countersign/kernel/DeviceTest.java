package dev.countersign.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36|Chrome|Linux|DESKTOP",
        "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36|Chrome|Android|PHONE",
        "Mozilla/5.0 (Linux; Android 16; SM-X910) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36|Chrome|Android|DESKTOP",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1|Safari|iPhone|PHONE",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0|Edge|Windows|DESKTOP",
        "Mozilla/5.0 (Windows NT 10.0; rv:141.0) Gecko/20100101 Firefox/141.0|Firefox|Windows|DESKTOP",
        "curl/8.9.1|''|''|DESKTOP",
        "''|''|''|DESKTOP"
      })
  void a_browser_is_known_by_its_make_and_system_whatever_its_version(
      String userAgent, String browser, String system, Device.Kind kind) {
    assertThat(Device.of(userAgent)).isEqualTo(new Device(browser, system, kind));
    assertThat(Device.of(userAgent.replace("140.0", "199.1")))
        .isEqualTo(new Device(browser, system, kind));
  }
}
