package dev.countersign.contracts;

import dev.countersign.testkit.Engine;
import dev.countersign.testkit.WorldTest;

@WorldTest(value = Engine.EMBEDDED, nodes = 2)
class RacesOnEmbeddedTest implements RaceContract {}
