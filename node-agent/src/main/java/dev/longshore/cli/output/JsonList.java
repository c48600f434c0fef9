package dev.longshore.cli.output;

import dev.longshore.format.json.GoJsonWriter;
import java.io.PrintStream;
import java.util.function.Consumer;

/// A JSON list printed row by row as Kopia prints it: `[`, one object a line after a blank, commas
/// between, `]`. Close it to print the end.
public final class JsonList implements AutoCloseable {
  private final PrintStream out;
  private boolean any;

  public JsonList(PrintStream out) {
    this.out = out;
    out.print("[");
  }

  /// Prints one row.
  ///
  /// @param fields writes them into the row's object
  public void add(Consumer<GoJsonWriter> fields) {
    var row = new GoJsonWriter();
    row.beginObject();
    fields.accept(row);
    row.endObject();
    out.print(any ? ",\n " : "\n ");
    out.writeBytes(row.toByteArray());
    any = true;
  }

  @Override
  public void close() {
    out.print("\n]");
  }
}
