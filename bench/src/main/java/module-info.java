/// The code behind `repo benchmark`; JMH lives in the test scope.
@org.jspecify.annotations.NullMarked
module longshore.bench {
  requires static org.jspecify;
  requires longshore.engine;
}
