package dev.countersign.contracts;

import dev.countersign.testkit.Engine;
import dev.countersign.testkit.WorldTest;

@WorldTest(value = Engine.H2, nodes = 2)
class RacesOnH2Test implements RaceContract {}
