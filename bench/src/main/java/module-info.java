/// The code behind `repo benchmark`; JMH and the comparison with other programs live in the test
/// scope.
@org.jspecify.annotations.NullMarked
module longshore.bench {
  requires static org.jspecify;
  requires transitive longshore.engine;
  requires java.management;
  requires jdk.management;

  exports dev.longshore.bench.algorithm;
  exports dev.longshore.bench.plot;
}
