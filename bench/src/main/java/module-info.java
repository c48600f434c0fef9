/// The code behind `repo benchmark`; JMH and the comparison with other programs live in the test
/// scope.
@org.jspecify.annotations.NullMarked
module longshore.bench {
  requires static org.jspecify;
  requires transitive longshore.engine;

  exports dev.longshore.bench.plot;
}
