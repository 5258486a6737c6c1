package dev.countersign.contracts;

import dev.countersign.testkit.Someone;
import dev.countersign.testkit.WorldTest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

@WorldTest
class BackupCodesFactorTest implements FactorContract {
  @Override
  public String factor() {
    return "recovery-code";
  }

  /** They stand beside another factor. */
  @Override
  public List<String> allowed() {
    return List.of("otp", "recovery-code");
  }

  @Override
  public String right(Someone who) {
    return who.backupCode();
  }

  @Override
  public String wrong(Someone who) {
    return "aaaa-aaaaa-aaaaa";
  }

  @Override
  public @Nullable Duration life() {
    return null;
  }
}
