package dev.countersign;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * The rules of the house. Each is stated in the name of its test; each first proves that it looked at something, so that
 * a moved package cannot turn it into an empty promise.
 */
class ArchitectureTest {

  private static final String ROOT = "dev.countersign";

  /** Who may know whom: a room knows the rooms above it in this list and, without cycles, those beside it. */
  private static final List<Set<String>> LAYERS =
      List.of(
          Set.of("kernel", "config", "logging", "metrics", "tls"),
          Set.of("storage", "outbound", "web", "operator"),
          Set.of("tenant", "identity", "application", "audit", "delivery", "proof"),
          Set.of("signin", "factor", "risk"),
          Set.of("enforcement"),
          Set.of("loginsession", "session"),
          Set.of("enrolment", "challenge", "stepup", "newpassword", "recovery"),
          Set.of("oidc", "hosted", "account", "management", "console"),
          Set.of("cli"),
          Set.of("wiring"),
          Set.of("")); // Main and Wiring

  /** The rooms that speak HTTP. */
  private static final Set<String> SPEAKERS =
      Set.of("web", "oidc", "hosted", "account", "management", "console", "cli", "wiring", "");

  /** Compiled from the page templates; they belong to no room. */
  private static final String PAGES = ROOT + ".pages";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(ArchitectureTest::isWrittenByHand)
          .importPackages(ROOT);

  private static final Path SOURCES = Path.of("src/main/java/dev/countersign");

  // 1. Direction

  @Test
  void every_room_has_its_place_in_the_layers() {
    var placed = LAYERS.stream().flatMap(Set::stream).collect(toSet());

    assertThat(rooms()).isNotEmpty().isSubsetOf(placed);
  }

  @Test
  void a_room_knows_only_rooms_of_its_own_layer_and_below() {
    var looked = dependenciesBetweenRooms().toList();

    none(
        looked,
        d -> layer(d.getTargetClass()) > layer(d.getOriginClass()),
        Dependency::getDescription);
    lookedAt(looked, 50);
  }

  @Test
  void rooms_do_not_know_each_other_in_a_circle() {
    SlicesRuleDefinition.slices()
        .matching(ROOT + ".(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void only_the_rooms_that_speak_http_know_web() {
    var users =
        dependenciesBetweenRooms().filter(d -> room(d.getTargetClass()).equals("web")).toList();

    none(users, d -> !SPEAKERS.contains(room(d.getOriginClass())), Dependency::getDescription);
    lookedAt(users, 1);
  }

  // 2. Factors

  @Test
  void a_factor_knows_the_contract_and_nothing_of_its_siblings_or_of_what_surrounds_it() {
    var looked =
        classes()
            .filter(c -> !factorFolder(c).isEmpty())
            .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
            .filter(d -> d.getTargetClass().getPackageName().startsWith(ROOT))
            .toList();

    none(looked, d -> !allowedToFactor(d), Dependency::getDescription);
    lookedAt(looked, 10);
  }

  private static boolean allowedToFactor(Dependency dependency) {
    var target = dependency.getTargetClass();
    var folder = factorFolder(dependency.getOriginClass());
    return switch (room(target)) {
      case "kernel" -> true;
      case "factor" -> factorFolder(target).isEmpty() || factorFolder(target).equals(folder);
      // Values only: what a factor may say about a proof or read of a tenant or a person carries
      // no service with it. Proof itself is neither, so a factor can claim one but not make one.
      case "proof", "tenant", "identity", "delivery" ->
          target.isRecord() || target.isEnum() || target.isInterface();
      case "outbound" -> folder.equals("custom");
      default -> false;
    };
  }

  // 3. SQL

  @Test
  void sql_is_spoken_in_storage_and_in_stores_only() {
    var speakers =
        classes()
            .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
            .filter(
                d -> isIn(d.getTargetClass(), "java.sql") || isIn(d.getTargetClass(), "javax.sql"))
            .toList();

    none(
        speakers,
        d ->
            !room(d.getOriginClass()).equals("storage")
                && !outermost(d.getOriginClass()).getSimpleName().endsWith("Store"),
        Dependency::getDescription);
    lookedAt(speakers, 10);
  }

  @Test
  void a_store_is_seen_only_by_its_own_room() {
    var stores =
        classes()
            .filter(c -> c.getSimpleName().endsWith("Store") && !room(c).equals("storage"))
            .toList();

    none(stores, c -> isOpen(c.getModifiers()), JavaClass::getName);
    lookedAt(stores, 3);
  }

  // 4. What differs from run to run

  private static final Map<String, Set<String>> UNREPEATABLE =
      Map.ofEntries(
          Map.entry("java.lang.System", Set.of("currentTimeMillis", "getenv")),
          Map.entry("java.lang.Math", Set.of("random")),
          Map.entry("java.lang.ProcessBuilder", Set.of("environment")),
          Map.entry("java.time.Instant", Set.of("now")),
          Map.entry("java.time.LocalDate", Set.of("now")),
          Map.entry("java.time.LocalTime", Set.of("now")),
          Map.entry("java.time.LocalDateTime", Set.of("now")),
          Map.entry("java.time.OffsetDateTime", Set.of("now")),
          Map.entry("java.time.ZonedDateTime", Set.of("now")),
          Map.entry("java.time.Year", Set.of("now")),
          Map.entry("java.time.YearMonth", Set.of("now")),
          Map.entry(
              "java.time.Clock",
              Set.of(
                  "systemUTC",
                  "systemDefaultZone",
                  "system",
                  "tickSeconds",
                  "tickMillis",
                  "tickMinutes")),
          Map.entry("java.util.UUID", Set.of("randomUUID")),
          Map.entry("java.util.Random", Set.of("<init>")),
          Map.entry("java.util.concurrent.ThreadLocalRandom", Set.of("current")),
          Map.entry(
              "java.security.SecureRandom", Set.of("<init>", "getInstance", "getInstanceStrong")));

  @Test
  void
      wall_clock_randomness_and_environment_come_in_only_through_main_and_the_kernels_live_classes() {
    var uses = calls().filter(ArchitectureTest::isUnrepeatable).toList();

    none(uses, use -> !isAllowed(use), Call::description);
    lookedAt(uses, 3);
  }

  private static boolean isUnrepeatable(Call call) {
    var owner = call.target().getOwner().getFullName();
    var name = call.target().getName();
    return UNREPEATABLE.getOrDefault(owner, Set.of()).contains(name)
        || (owner.equals("java.util.Date")
            && name.equals("<init>")
            && call.target().getRawParameterTypes().isEmpty());
  }

  private static boolean isAllowed(Call use) {
    var outer = outermost(use.from());
    return outer.getFullName().equals(ROOT + ".Main")
        || (room(outer).equals("kernel") && outer.getSimpleName().startsWith("Live"))
        // How long to wait before a transaction is tried again may well differ from run to run.
        || (room(outer).equals("storage")
            && use.target().getOwner().isEquivalentTo(ThreadLocalRandom.class));
  }

  // 5. The way out

  @Test
  void only_outbound_calls_other_servers() {
    var uses =
        classes()
            .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
            .filter(d -> leadsOut(d.getTargetClass()))
            // The JDK's key manager names a socket in its signatures; it opens none.
            .filter(d -> !d.getOriginClass().isAssignableTo(KeyManager.class))
            .toList();
    var opened =
        calls()
            .filter(c -> c.target().getOwner().getFullName().equals("java.net.URL"))
            .filter(c -> c.target().getName().startsWith("open"))
            .toList();

    none(uses, d -> !room(d.getOriginClass()).equals("outbound"), Dependency::getDescription);
    none(opened, c -> !room(c.from()).equals("outbound"), Call::description);
    if (rooms().contains("outbound")) {
      lookedAt(uses, 1);
    }
  }

  private static boolean leadsOut(JavaClass target) {
    return isIn(target, "java.net.http")
        || Set.of(
                "java.net.Socket",
                "java.net.URLConnection",
                "java.net.HttpURLConnection",
                "javax.net.ssl.HttpsURLConnection")
            .contains(target.getFullName());
  }

  // 6. Types that carry a proof

  @Test
  void proof_cleared_and_completed_are_made_only_where_they_are_earned() {
    var earnedIn = Map.of("Proof", "proof", "Cleared", "enforcement", "Completed", "loginsession");

    var earned =
        classes()
            .filter(c -> room(c).equals(earnedIn.getOrDefault(c.getSimpleName(), "nowhere")))
            .toList();

    assertThat(earned)
        .extracting(JavaClass::getSimpleName)
        .containsExactlyInAnyOrderElementsOf(earnedIn.keySet());
    none(
        earned.stream().flatMap(c -> c.getConstructors().stream()).toList(),
        c -> isOpen(c.getModifiers()),
        JavaConstructor::getFullName);
  }

  private static boolean isOpen(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  // 7. Names

  private static final Pattern EMPTY_WORD =
      Pattern.compile("Abstract.*|.*(Impl|Manager|Utils?|Helper|Base|Data|Info)");

  @Test
  void no_name_ends_in_an_empty_word() {
    var all = classes().toList();

    none(all, c -> EMPTY_WORD.matcher(c.getSimpleName()).matches(), JavaClass::getName);
    lookedAt(all, 50);
  }

  // 8. Exceptions, streams, nulls

  @Test
  void what_is_thrown_says_what_happened() {
    var generic =
        Set.of(
            "java.lang.Exception",
            "java.lang.RuntimeException",
            "java.lang.Throwable",
            "java.lang.Error");
    var made = calls().filter(c -> c.target().getName().equals("<init>")).toList();

    // An exception of our own calls the constructor of its parent.
    none(
        made,
        c ->
            generic.contains(c.target().getOwner().getFullName())
                && !c.from().isAssignableTo(Throwable.class),
        Call::description);
    lookedAt(made, 100);
  }

  @Test
  void only_the_command_line_writes_to_the_standard_streams() {
    var uses =
        classes()
            .flatMap(c -> c.getFieldAccessesFromSelf().stream())
            .filter(a -> a.getTargetOwner().getFullName().equals("java.lang.System"))
            .toList();

    none(
        uses,
        a ->
            !room(a.getOriginOwner()).equals("cli")
                && !outermost(a.getOriginOwner()).getFullName().equals(ROOT + ".Main"),
        Object::toString);
    lookedAt(uses, 1);
  }

  @Test
  void caches_begin_in_one_place() {
    var begun =
        calls()
            .filter(c ->
                c.target().getOwner().getSimpleName().equals("Caffeine")
                    && c.target().getName().equals("newBuilder"))
            .toList();

    none(
        begun,
        c -> !outermost(c.from()).getFullName().equals(ROOT + ".kernel.Caches"),
        Call::description);
    lookedAt(begun, 1);
  }

  @Test
  void every_package_is_null_marked() {
    var unmarked = new TreeSet<String>();
    for (var name : classes().map(JavaClass::getPackageName).collect(toSet())) {
      if (!CLASSES.getPackage(name).isAnnotatedWith(NullMarked.class)) {
        unmarked.add(name);
      }
    }

    assertThat(unmarked).isEmpty();
  }

  @Test
  void every_package_says_what_it_promises_in_at_most_twelve_lines() throws IOException {
    var lengths = new HashMap<Path, Long>();
    for (var description : sources().filter(p -> p.endsWith("package-info.java")).toList()) {
      var words =
          Files.readString(description).lines().takeWhile(line -> !line.startsWith("package "));
      lengths.put(
          SOURCES.relativize(description),
          words.filter(line -> line.startsWith("/** ") || line.startsWith(" * ")).count());
    }

    assertThat(lengths).isNotEmpty().allSatisfy((_, lines) -> assertThat(lines).isBetween(1L, 12L));
  }

  // 9. Secrets

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "secret|code|token|seed|password|\\w+(Secret|Seed|Password)|(access|refresh|id)Token");

  @Test
  void what_is_secret_is_not_kept_as_plain_text() {
    var fields =
        classes()
            .flatMap(c -> c.getFields().stream())
            .filter(f -> !f.getModifiers().contains(JavaModifier.STATIC))
            // A constant of an enum is a word of the program, known to every reader of its source.
            .filter(f -> !f.getOwner().isEnum())
            .toList();

    none(
        fields,
        f ->
            SECRET_NAME.matcher(f.getName()).matches()
                && (f.getRawType().isEquivalentTo(String.class)
                    || f.getRawType().isEquivalentTo(byte[].class)),
        JavaField::getFullName);
    lookedAt(fields, 100);
  }

  // 10. Factor ids

  private static final Pattern NAMED_FACTOR = Pattern.compile("new FactorId\\(\\s*\"([^\"]*)\"");

  /** Ids that are also plain words of other trades: a trait, a scope, a kind of message. */
  private static final Set<String> PLAIN_WORDS =
      Set.of("email", "sms", "phone", "push", "password");

  @Test
  void a_factors_id_is_written_only_in_its_own_folder() throws IOException {
    var ids = new TreeSet<String>();
    var strangers = new ArrayList<String>();
    for (var source : sources().toList()) {
      var named = NAMED_FACTOR.matcher(Files.readString(source));
      while (named.find()) {
        if (source.startsWith(SOURCES.resolve("factor"))
            && !source.getParent().endsWith("factor")) {
          ids.add(named.group(1));
        } else {
          strangers.add(source + " names the factor " + named.group(1));
        }
      }
    }
    // Inside the factors' folders the same letters may be a method reference of RFC 8176.
    for (var source : sources().filter(p -> !p.startsWith(SOURCES.resolve("factor"))).toList()) {
      var text = Files.readString(source);
      ids.stream()
          .filter(id -> !PLAIN_WORDS.contains(id) && text.contains('"' + id + '"'))
          .forEach(id -> strangers.add(source + " writes the id " + id));
    }

    assertThat(strangers).isEmpty();
    lookedAt(ids, 2);
  }

  // Tests

  private static final Pattern EXCUSE =
      Pattern.compile(
          "@Disabled|\\bassume[A-Z]\\w*\\(|Thread\\.sleep\\(|org\\.mockito|@RepeatedIfExceptions");

  @Test
  void tests_neither_skip_nor_sleep_nor_mock() throws IOException {
    var excuses = new TreeSet<String>();
    var looked = new TreeSet<Path>();
    for (var module : List.of("server", "testkit", "e2e")) {
      for (var source : sources(Path.of("..", module, "src")).toList()) {
        looked.add(source);
        var excuse = EXCUSE.matcher(Files.readString(source));
        // This file names them all.
        if (excuse.find() && !source.endsWith("ArchitectureTest.java")) {
          excuses.add(source + ": " + excuse.group());
        }
      }
    }

    assertThat(excuses).isEmpty();
    lookedAt(looked, 20);
  }

  // Words of this test

  private static <T> void none(
      Collection<T> all, Predicate<T> breaks, Function<? super T, String> name) {
    assertThat(all.stream().filter(breaks).map(name).distinct()).isEmpty();
  }

  /** The guard of a rule: something was there to be judged. */
  private static void lookedAt(Collection<?> all, int atLeast) {
    assertThat(all.size())
        .as("how many things this rule looked at")
        .isGreaterThanOrEqualTo(atLeast);
  }

  /** A call from one of our classes. */
  private record Call(JavaClass from, CodeUnitAccessTarget target, String description) {}

  private static Stream<JavaClass> classes() {
    return CLASSES.stream();
  }

  private static Set<String> rooms() {
    return classes().map(ArchitectureTest::room).collect(toSet());
  }

  private static Stream<Call> calls() {
    return classes().flatMap(c -> c.getCodeUnits().stream()).flatMap(ArchitectureTest::callsFrom);
  }

  private static Stream<Call> callsFrom(JavaCodeUnit unit) {
    var direct =
        unit.getCallsFromSelf().stream()
            .map(c -> new Call(c.getOriginOwner(), c.getTarget(), c.getDescription()));
    var referred =
        Stream.concat(
                unit.getMethodReferencesFromSelf().stream(),
                unit.getConstructorReferencesFromSelf().stream())
            .map(r -> new Call(r.getOriginOwner(), r.getTarget(), r.getDescription()));
    return Stream.concat(direct, referred);
  }

  private static Stream<Dependency> dependenciesBetweenRooms() {
    return classes()
        .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
        .filter(d -> isIn(d.getTargetClass(), ROOT) && !isIn(d.getTargetClass(), PAGES))
        .filter(d -> !room(d.getOriginClass()).equals(room(d.getTargetClass())));
  }

  private static Stream<Path> sources() throws IOException {
    return sources(SOURCES);
  }

  private static Stream<Path> sources(Path below) throws IOException {
    try (var all = Files.walk(below)) {
      return all.filter(p -> p.toString().endsWith(".java")).toList().stream();
    }
  }

  /** The first level below the root; empty for the root itself. */
  private static String room(JavaClass type) {
    return step(type.getPackageName(), ROOT);
  }

  /** The factor's own folder; empty for everything outside and for the contract itself. */
  private static String factorFolder(JavaClass type) {
    return step(type.getPackageName(), ROOT + ".factor");
  }

  private static String step(String name, String above) {
    if (!name.startsWith(above + ".")) {
      return "";
    }
    var below = name.substring(above.length() + 1);
    var dot = below.indexOf('.');
    return dot < 0 ? below : below.substring(0, dot);
  }

  private static int layer(JavaClass type) {
    var room = room(type);
    for (var i = 0; i < LAYERS.size(); i++) {
      if (LAYERS.get(i).contains(room)) {
        return i;
      }
    }
    throw new AssertionError("no layer for the room " + room);
  }

  private static boolean isIn(JavaClass type, String name) {
    return (type.getPackageName() + ".").startsWith(name + ".");
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }

  private static boolean isWrittenByHand(Location location) {
    return !location.contains("/dev/countersign/pages/");
  }
}
