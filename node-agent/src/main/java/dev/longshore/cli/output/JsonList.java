package dev.longshore.cli.output;

import java.io.PrintStream;

/// A JSON list printed row by row as Kopia prints it: `[`, one object a line after a blank, commas
/// between, `]`. Close it to print the end.
public final class JsonList implements AutoCloseable {
  private final PrintStream out;
  private boolean any;

  public JsonList(PrintStream out) {
    this.out = out;
    out.print("[");
  }

  /// Prints one row, compact JSON.
  public void add(String json) {
    out.print(any ? ",\n " : "\n ");
    out.print(json);
    any = true;
  }

  @Override
  public void close() {
    out.print("\n]");
  }
}
