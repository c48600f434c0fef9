import com.google.googlejavaformat.java.Main;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs google-java-format over every Java source of the project.
///
/// Started by Maven with the JDK that compiles the project, because the formatter reads the
/// language level of the JDK it runs on. Arguments: the project's root and `check` or `apply`.
class Format {
  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]).toAbsolutePath().normalize();
    boolean apply = args[1].equals("apply");
    List<String> options = new ArrayList<>();
    options.addAll(apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    try (var files = Files.walk(root)) {
      files
          .filter(f -> f.toString().endsWith(".java") && !f.toString().contains("/target/"))
          .sorted()
          .forEach(f -> options.add(f.toString()));
    }
    var out = new PrintWriter(System.out, true);
    var err = new PrintWriter(System.err, true);
    int status = new Main(out, err, System.in).format(options.toArray(String[]::new));
    if (status != 0 && !apply) {
      err.println("The files above are not formatted: run `mvn -Pformat validate`.");
    }
    System.exit(status);
  }
}
