package dev.countersign.cli;

import dev.countersign.config.Key;
import dev.countersign.config.Kind;
import dev.countersign.risk.places.CountryTableMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes a table of the countries of addresses. */
public final class MakePlaces implements Command.Plain {
  private static final Key<List<Path>> FROM =
      new Key<>(
          "from",
          Kind.path().list(),
          "",
          "Lists of addresses: first address, last address, country.");
  private static final Key<String> SOURCE =
      new Key<>(
          "source",
          Kind.text(),
          "unknown",
          "Where they come from, of when, and under which licence.");

  @Override
  public String name() {
    return "places make";
  }

  @Override
  public String summary() {
    return "Makes a table of the countries of addresses for risk.places-file.";
  }

  @Override
  public List<String> operands() {
    return List.of("FILE");
  }

  @Override
  public List<Key<?>> options() {
    return List.of(FROM, SOURCE);
  }

  @Override
  public String notes() {
    return "Each line of a list holds the first and the last address, as text or as numbers, and an ISO 3166-1 code, with commas between.";
  }

  @Override
  public Exit run(Call call) {
    var lists = call.settings().get(FROM);
    if (lists.isEmpty()) {
      call.terminal().tell("countersign: --from names no list");
      return Exit.USAGE;
    }
    var file = Path.of(call.operands().getFirst());
    try (var out = Files.newOutputStream(file)) {
      var made = CountryTableMaker.make(lists, call.settings().get(SOURCE), out);
      call.terminal().say(made.read() + " lines read, " + made.kept() + " kept in " + file);
      return Exit.OK;
    } catch (CountryTableMaker.Malformed | IOException e) {
      call.terminal().tell("countersign: " + e.getMessage());
      return Exit.FAILED;
    }
  }
}
