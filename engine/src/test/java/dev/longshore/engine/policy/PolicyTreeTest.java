package dev.longshore.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.longshore.format.policy.Policy;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyTreeTest {
  private static Policy policy(int keepLatest) throws IOException {
    return Policy.decode(PolicyVectors.utf8("{\"retention\":{\"keepLatest\":" + keepLatest + "}}"));
  }

  @Test
  void givesEachDirectoryTheNearestPolicyAbove() throws IOException {
    Policy root = policy(1);
    Policy ab = policy(2);
    Policy abcd = policy(3);
    Policy x = policy(4);
    PolicyTree tree = PolicyTree.of(root, Map.of("a/b", ab, "a/b/c/d", abcd, "x", x, "a/b2/c", x));
    assertEquals(Optional.of(root), tree.defined());
    assertEquals(root, tree.child("a").policy());
    assertEquals(Optional.empty(), tree.child("a").defined());
    assertEquals(Optional.of(ab), tree.child("a").child("b").defined());
    assertEquals(ab, tree.child("a").child("b").child("c").policy());
    assertEquals(Optional.of(abcd), tree.child("a").child("b").child("c").child("d").defined());
    assertEquals(abcd, tree.child("a").child("b").child("c").child("d").child("e").policy());
    assertEquals(Optional.of(x), tree.child("x").defined());
    assertEquals(root, tree.child("a").child("b2").policy());
    assertEquals(Optional.of(x), tree.child("a").child("b2").child("c").defined());
    assertEquals(root, tree.child("a").child("b3").policy());
    assertEquals(null, tree.child("y").definedFiles());
  }

  @Test
  void needsNoNodesWhereNothingIsDefined() throws IOException {
    PolicyTree below = PolicyTree.of(policy(1), Map.of()).child("a");
    assertSame(below, below.child("b").child("c"));
  }

  @Test
  void takesPathsOfAnyDepth() throws IOException {
    Policy deep = policy(2);
    PolicyTree tree = PolicyTree.of(policy(1), Map.of("a/".repeat(50_000) + "a", deep));
    for (int i = 0; i <= 100; i++) {
      tree = tree.child("a");
    }
    assertEquals(Optional.empty(), tree.defined());
  }
}
