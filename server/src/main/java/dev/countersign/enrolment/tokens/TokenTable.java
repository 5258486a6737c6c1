package dev.countersign.enrolment.tokens;

import dev.countersign.kernel.Base32;
import dev.countersign.kernel.OneTimeCodes;
import dev.countersign.kernel.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tokens as a table: a header, then one token a line, fields separated by commas. Columns {@code serial}, {@code type}
 * (hotp, totp) and one of {@code seed_hex} and {@code seed_base32} have to be there; {@code digits} (6), {@code period}
 * (30), {@code algorithm} (SHA1) and {@code counter} (0) may be. No field needs quotes, so none are understood.
 */
final class TokenTable {
  private static final Set<String> COLUMNS =
      Set.of(
          "serial", "type", "seed_hex", "seed_base32", "digits", "period", "algorithm", "counter");

  private final List<String> header;

  private TokenTable(List<String> header) {
    this.header = header;
  }

  static List<Token> read(Secret content) throws TokenFile.Unfit {
    var lines =
        content
            .reveal()
            .replaceFirst("^\ufeff", "")
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    if (lines.isEmpty()) {
      throw new TokenFile.Unfit("it is empty");
    }
    var table = new TokenTable(cells(lines.getFirst().toLowerCase(Locale.ROOT)));
    table.checkHeader();
    var tokens = new ArrayList<Token>();
    for (int i = 1; i < lines.size(); i++) {
      tokens.add(table.token(i + 1, cells(lines.get(i))));
    }
    return tokens;
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.split(",", -1)).map(String::strip).toList();
  }

  private void checkHeader() throws TokenFile.Unfit {
    if (!COLUMNS.containsAll(header) || header.stream().distinct().count() < header.size()) {
      throw new TokenFile.Unfit(
          "the first line has to name columns: serial, type, seed_hex or seed_base32, digits, period, algorithm, counter");
    }
    if (!header.contains("serial")
        || !header.contains("type")
        || header.contains("seed_hex") == header.contains("seed_base32")) {
      throw new TokenFile.Unfit(
          "the columns serial, type and one of seed_hex and seed_base32 have to be there");
    }
  }

  private Token token(int line, List<String> cells) throws TokenFile.Unfit {
    if (cells.size() != header.size()) {
      throw new TokenFile.Unfit(
          "line " + line + " has " + cells.size() + " fields, not " + header.size());
    }
    try {
      return new Token(
          cell(cells, "serial", ""),
          Token.Kind.valueOf(cell(cells, "type", "").toUpperCase(Locale.ROOT)),
          OneTimeCodes.Algorithm.valueOf(
              cell(cells, "algorithm", "SHA1").toUpperCase(Locale.ROOT).replace("-", "")),
          Integer.parseInt(cell(cells, "digits", "6")),
          Integer.parseInt(cell(cells, "period", "30")),
          seed(cells),
          Long.parseLong(cell(cells, "counter", "0")));
    } catch (IllegalArgumentException _) {
      // Its message may repeat a seed.
      throw new TokenFile.Unfit("line " + line + " has a field that cannot be read");
    }
  }

  private Secret seed(List<String> cells) {
    var hex = cell(cells, "seed_hex", "");
    return Secret.of(
        Base32.encode(
            hex.isEmpty()
                ? Base32.decode(cell(cells, "seed_base32", ""))
                : HexFormat.of().parseHex(hex)));
  }

  private String cell(List<String> cells, String column, String otherwise) {
    int at = header.indexOf(column);
    return at < 0 || cells.get(at).isEmpty() ? otherwise : cells.get(at);
  }
}
