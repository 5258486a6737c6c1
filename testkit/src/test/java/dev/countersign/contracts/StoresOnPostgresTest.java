package dev.countersign.contracts;

import dev.countersign.testkit.Engine;
import dev.countersign.testkit.WorldTest;

@WorldTest(value = Engine.POSTGRES, nodes = 2)
class StoresOnPostgresTest implements StoreContract {}
