package dev.countersign.hosted;

import dev.countersign.kernel.Moment;
import dev.countersign.web.Messages;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** Who reads a page: in which language, and by which clock. */
public record Reader(Messages text, ZoneId zone, Moment now) {

  /** A clock time such as {@code 14:05}; says so when it is not the reader's own. */
  public String clock(Moment when) {
    var time = text.time(when.instant(), zone);
    return zone.equals(ZoneOffset.UTC) ? time + " UTC" : time;
  }

  public String date(Moment when) {
    return text.date(when.instant(), zone);
  }

  public String dateTime(Moment when) {
    var time = text.dateTime(when.instant(), zone);
    return zone.equals(ZoneOffset.UTC) ? time + " UTC" : time;
  }

  /** A country by its code; empty where there is none. */
  public Optional<String> country(String code) {
    return text.country(code);
  }

  public String ago(Moment when) {
    return text.ago(when.instant(), now.instant(), zone);
  }

  /** Whole seconds until then, rounded up; at least one. */
  public long seconds(Moment when) {
    return Math.max(1, (now.until(when).toMillis() + 999) / 1000);
  }
}
