package dev.countersign.enrolment.tokens;

import dev.countersign.kernel.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** A file of tokens, as makers ship them. */
public record TokenFile(
    Format format, Secret content, Optional<Secret> key, Optional<Secret> password) {
  /** More in one file are refused. */
  static final int MOST = 10_000;

  /** How it is written. */
  public enum Format {
    /** RFC 6030. */
    PSKC,
    /** A table with a header; see {@link TokenTable}. */
    CSV
  }

  /** What came of reading it. */
  public sealed interface Reading {
    record Read(List<Token> tokens) implements Reading {}

    /** Nothing is taken of a file that is not right throughout; the words never repeat what stands in it but serials. */
    record Unreadable(String why) implements Reading {}
  }

  /** What is wrong with a file. */
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1;

    Unfit(String why) {
      super(why);
    }
  }

  /** Reads all of it or nothing. */
  public Reading read() {
    try {
      var tokens =
          switch (format) {
            case PSKC -> new Pskc(key, password).read(content);
            case CSV -> TokenTable.read(content);
          };
      return checked(tokens);
    } catch (Unfit e) {
      return new Reading.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static Reading checked(List<Token> tokens) {
    if (tokens.isEmpty()) {
      return new Reading.Unreadable("there is no token in it");
    }
    if (tokens.size() > MOST) {
      return new Reading.Unreadable("there are more than " + MOST + " tokens in it");
    }
    var serials = new HashSet<String>();
    var number = 0;
    for (var token : tokens) {
      number++;
      var why = token.unfit();
      if (why.isPresent()) {
        return new Reading.Unreadable("token " + number + ": " + why.get());
      }
      if (!serials.add(token.serial())) {
        return new Reading.Unreadable("token " + number + ": its serial number came before");
      }
    }
    return new Reading.Read(new ArrayList<>(tokens));
  }
}
