package dev.countersign.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test, or a class of tests, that takes a {@link World} as parameter. It is made afresh for each test, checked when the
 * test has passed, and closed. On a method it overrides what the class says.
 */
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WorldExtension.class)
public @interface WorldTest {
  Engine value() default Engine.EMBEDDED;

  /** How many servers on the one database. */
  int nodes() default 1;

  /** Whether requests go over real sockets. */
  boolean sockets() default false;

  /** Whether it has a database of its own. */
  boolean alone() default false;

  /** Networks of proxies that are believed when they say whom they ask for. */
  String[] proxies() default {};
}
