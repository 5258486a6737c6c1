package dev.countersign.cli;

/** What the process tells the shell. */
public enum Exit {
  /** Done. */
  OK(0),
  /** It was understood, but could not be done. */
  FAILED(1),
  /** It was not understood: command line or configuration have to be put right. */
  USAGE(2);

  private final int code;

  Exit(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
