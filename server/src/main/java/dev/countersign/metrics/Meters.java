package dev.countersign.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * A set of meters and their Prometheus text (exposition format 0.0.4). Safe for any number of threads; counting takes no
 * lock once a series exists.
 */
public final class Meters {
  /** The media type of {@link #text()}. */
  public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** Most series of one meter; what comes later is counted together, so that labels can never fill the memory. */
  static final int MOST_SERIES = 1_000;

  private static final String REST = "other";

  private final List<Consumer<StringBuilder>> families = new CopyOnWriteArrayList<>();

  /** Goes up by one at a time. */
  public Counter counter(String name, String help, String... labels) {
    Counter counter = new Counter(name, help, List.of(labels));
    families.add(counter::write);
    return counter;
  }

  /** Times, counted into buckets; {@code bounds} are upper bounds in rising order. */
  public Timings timings(String name, String help, List<Duration> bounds, String... labels) {
    Timings timings = new Timings(name, help, bounds, List.of(labels));
    families.add(timings::write);
    return timings;
  }

  /** A number looked up each time it is shown. */
  public void gauge(String name, String help, DoubleSupplier now) {
    Series<Object> series = new Series<>(name, help, List.of());
    families.add(text -> {
      series.header(text, "gauge");
      series.sample(text, "", List.of(), "", Double.toString(now.getAsDouble()));
    });
  }

  /** Everything, as of now. */
  public String text() {
    StringBuilder text = new StringBuilder(4_096);
    families.forEach(family -> family.accept(text));
    return text.toString();
  }

  /** A number that only rises, for each combination of label values. */
  public static final class Counter {
    private final Series<LongAdder> series;

    private Counter(String name, String help, List<String> labels) {
      series = new Series<>(name, help, labels);
    }

    public void count(String... values) {
      series.of(values, LongAdder::new).increment();
    }

    private void write(StringBuilder text) {
      series.header(text, "counter");
      series.each((values, sum) -> series.sample(text, "", values, "", Long.toString(sum.sum())));
    }
  }

  /** How long something took, for each combination of label values. */
  public static final class Timings {
    private final Series<Buckets> series;
    private final long[] bounds;

    private Timings(String name, String help, List<Duration> bounds, List<String> labels) {
      this.series = new Series<>(name, help, labels);
      this.bounds = bounds.stream().mapToLong(Duration::toNanos).toArray();
    }

    public void took(Duration time, String... values) {
      Buckets buckets = series.of(values, () -> new Buckets(bounds.length + 1));
      int at = Arrays.binarySearch(bounds, time.toNanos());
      buckets.counts[at >= 0 ? at : -at - 1].increment();
      buckets.nanos.add(time.toNanos());
    }

    private void write(StringBuilder text) {
      series.header(text, "histogram");
      series.each((values, buckets) -> {
        long sum = 0;
        for (int i = 0; i < buckets.counts.length; i++) {
          sum += buckets.counts[i].sum();
          String bound = i < bounds.length ? seconds(bounds[i]) : "+Inf";
          series.sample(text, "_bucket", values, "le=\"" + bound + "\"", Long.toString(sum));
        }
        series.sample(text, "_sum", values, "", seconds(buckets.nanos.sum()));
        series.sample(text, "_count", values, "", Long.toString(sum));
      });
    }

    private static String seconds(long nanos) {
      return Double.toString(nanos / 1e9);
    }

    private static final class Buckets {
      private final LongAdder[] counts;
      private final LongAdder nanos = new LongAdder();

      Buckets(int size) {
        counts = new LongAdder[size];
        Arrays.setAll(counts, _ -> new LongAdder());
      }
    }
  }

  /** The values of one meter, by label values. */
  private record Series<V>(
      String name, String help, List<String> labels, Map<List<String>, V> values) {
    Series(String name, String help, List<String> labels) {
      this(name, help, labels, new ConcurrentHashMap<>());
    }

    V of(String[] labelValues, Supplier<V> fresh) {
      List<String> key = List.of(labelValues);
      if (key.size() != labels.size()) {
        throw new IllegalArgumentException(
            name + " has the labels " + labels + ", not " + key.size());
      }
      V known = values.get(key);
      if (known != null) {
        return known;
      }
      List<String> kept =
          values.size() < MOST_SERIES ? key : labels.stream().map(_ -> REST).toList();
      return values.computeIfAbsent(kept, _ -> fresh.get());
    }

    void header(StringBuilder text, String type) {
      text.append("# HELP ").append(name).append(' ').append(help).append('\n');
      text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    void each(BiConsumer<List<String>, V> show) {
      values.entrySet().stream()
          .sorted((a, b) -> a.getKey().toString().compareTo(b.getKey().toString()))
          .forEach(entry -> show.accept(entry.getKey(), entry.getValue()));
    }

    void sample(
        StringBuilder text, String suffix, List<String> labelValues, String extra, String value) {
      List<String> pairs = new ArrayList<>();
      for (int i = 0; i < labelValues.size(); i++) {
        pairs.add(labels.get(i) + "=\"" + escaped(labelValues.get(i)) + "\"");
      }
      if (!extra.isEmpty()) {
        pairs.add(extra);
      }
      text.append(name).append(suffix);
      if (!pairs.isEmpty()) {
        text.append('{').append(String.join(",", pairs)).append('}');
      }
      text.append(' ').append(value).append('\n');
    }

    private static String escaped(String value) {
      return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
  }
}
