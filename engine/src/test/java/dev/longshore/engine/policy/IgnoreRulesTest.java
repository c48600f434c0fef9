package dev.longshore.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.engine.testkit.Json;
import dev.longshore.format.policy.FilesPolicy;
import dev.longshore.format.policy.Policy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class IgnoreRulesTest {
  private static FilesPolicy files(String... rules) {
    return new FilesPolicy(List.of(rules), false, List.of(".kopiaignore"), false, null, 0, null);
  }

  private static DotFiles dotFile(String text) {
    return name ->
        name.equals(".kopiaignore") ? new ByteArrayInputStream(PolicyVectors.utf8(text)) : null;
  }

  /// A directory of a vector: its entries by name, null for a file.
  private static final class Tree {
    private final Map<String, Tree> directories = new TreeMap<>();
    private final Map<String, Json> files = new TreeMap<>();

    private Tree directory(List<String> path) {
      Tree tree = this;
      for (String name : path) {
        tree = tree.directories.computeIfAbsent(name, _ -> new Tree());
      }
      return tree;
    }

    private void walk(String path, IgnoreRules above, PolicyTree policies, Set<String> found)
        throws IOException {
      IgnoreRules rules =
          above.enter(
              path,
              policies.definedFiles(),
              name -> {
                Json file = files.get(name);
                return file == null
                    ? null
                    : new ByteArrayInputStream(PolicyVectors.utf8(file.text("text", "")));
              });
      for (Map.Entry<String, Json> file : files.entrySet()) {
        String filePath = path + "/" + file.getKey();
        long limit = rules.maxFileSizeBytes();
        boolean small = limit == 0 || file.getValue().get("size").number() <= limit;
        if (rules.includes(filePath, false) && small) {
          found.add(filePath);
        }
      }
      for (Map.Entry<String, Tree> directory : directories.entrySet()) {
        String directoryPath = path + "/" + directory.getKey();
        if (rules.includes(directoryPath, true)) {
          found.add(directoryPath);
          directory
              .getValue()
              .walk(directoryPath, rules, policies.child(directory.getKey()), found);
        }
      }
    }
  }

  @Test
  void leavesOfTreesWhatKopiaLeaves() throws IOException {
    int ignored = 0;
    for (Json c : PolicyVectors.cases("ignore-trees.json")) {
      Tree root = new Tree();
      TreeSet<String> all = new TreeSet<>();
      for (Json file : c.get("files").list()) {
        List<String> path = List.of(file.get("p").text().substring(1).split("/"));
        root.directory(path.subList(0, path.size() - 1)).files.put(path.getLast(), file);
        all.add(file.get("p").text());
      }
      Map<String, Policy> below = new HashMap<>();
      Policy top = Policy.UNSET;
      for (Map.Entry<String, Json> entry : c.get("policies").fields().entrySet()) {
        Policy policy = Policy.decode(PolicyVectors.utf8(entry.getValue().text()));
        if (entry.getKey().isEmpty()) {
          top = policy;
        } else {
          below.put(entry.getKey(), policy);
        }
      }
      TreeSet<String> found = new TreeSet<>();
      root.walk("", IgnoreRules.NONE, PolicyTree.of(top, below), found);
      // Directories without a file in or below them are not in the vector's list of files.
      TreeSet<String> expected =
          c.get("included").list().stream()
              .map(Json::text)
              .filter(path -> all.contains(path) || found.contains(path))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(expected, found, c.toString());
      ignored += all.size() - (int) all.stream().filter(found::contains).count();
    }
    assertEquals(true, ignored > 100, "ignored: " + ignored);
  }

  @Test
  void sharesTheParentsRulesWhereNothingIsAdded() throws IOException {
    IgnoreRules root = IgnoreRules.NONE.enter("", files("*.log"), DotFiles.NONE);
    assertSame(root, root.enter("/a", null, DotFiles.NONE));
    assertEquals(true, IgnoreRules.NONE.isEmpty());
    assertEquals(false, root.isEmpty());
  }

  @Test
  void lookForIgnoreFilesEndsWhereAPolicyNamesNone() throws IOException {
    IgnoreRules root = IgnoreRules.NONE.enter("", files(), dotFile("*.a\n"));
    assertEquals(false, root.includes("/x.a", false));
    FilesPolicy noNames = FilesPolicy.UNSET;
    IgnoreRules below = root.enter("/d", noNames, dotFile("*.b\n"));
    assertEquals(true, below.includes("/d/x.b", false));
    assertEquals(true, below.enter("/d/e", null, dotFile("*.b")).includes("/d/e/x.b", false));
  }

  @Test
  void readsLinesAsKopiaDoes() throws IOException {
    IgnoreRules rules =
        IgnoreRules.NONE.enter(
            "",
            files(),
            dotFile("#a\n\n  \t\r\nb\r\n #c\nlast" + "\n" + "z".repeat(70_000) + "\nd"));
    assertEquals(true, rules.includes("/#a", false));
    assertEquals(false, rules.includes("/b", false));
    assertEquals(false, rules.includes("/#c", false));
    assertEquals(false, rules.includes("/last", false));
    assertEquals(true, rules.includes("/d", false), "nothing is read behind a line too long");
  }

  @Test
  void failsOnAPatternThatMeansNothing() {
    assertThrows(
        InvalidPatternException.class, () -> IgnoreRules.NONE.enter("", files(), dotFile("[a")));
    assertThrows(
        InvalidPatternException.class,
        () -> IgnoreRules.NONE.enter("", files("x\\"), DotFiles.NONE));
  }

  @Test
  void knowsACacheDirectoryByItsTag() {
    String tag = "Signature: 8a477f597d28d172789f06886806bc55";
    assertEquals(CacheDirTag.LENGTH, tag.length());
    assertEquals(true, CacheDirTag.isValid(PolicyVectors.utf8(tag)));
    assertEquals(true, CacheDirTag.isValid(PolicyVectors.utf8(tag + "\nmore")));
    assertEquals(false, CacheDirTag.isValid(PolicyVectors.utf8(tag.substring(1))));
    assertEquals(false, CacheDirTag.isValid(PolicyVectors.utf8(" " + tag)));
  }
}
