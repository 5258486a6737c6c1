package dev.countersign.testkit;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Makes the {@link World} of a {@link WorldTest}, checks it after the test, and names its seed when the test failed. */
final class WorldExtension implements ParameterResolver, AfterTestExecutionCallback {
  private static final ExtensionContext.Namespace MINE =
      ExtensionContext.Namespace.create(WorldExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == World.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var wanted =
        context
            .getTestMethod()
            .flatMap(method -> AnnotationSupport.findAnnotation(method, WorldTest.class))
            .or(() ->
                AnnotationSupport.findAnnotation(context.getRequiredTestClass(), WorldTest.class))
            .orElseThrow();
    var making = World.on(wanted.value()).nodes(wanted.nodes());
    making = wanted.sockets() ? making.overSockets() : making;
    making = wanted.alone() ? making.onItsOwn() : making;
    making = wanted.proxies().length > 0 ? making.behindProxies(wanted.proxies()) : making;
    var world = making.make();
    context.getStore(MINE).put(World.class, world); // The store closes what it holds.
    return world;
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    var world = context.getStore(MINE).get(World.class, World.class);
    if (world == null) {
      return;
    }
    if (context.getExecutionException().isPresent()) {
      context.publishReportEntry("world.seed", String.valueOf(world.seed() - 1));
    } else {
      world.check();
    }
  }
}
