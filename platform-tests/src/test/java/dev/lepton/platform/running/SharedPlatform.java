package dev.lepton.platform.running;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Hands one platform to all tests of a run, because starting six processes takes longer than
 * hurting them. Every test begins with all six units up; the platform is stopped after the last
 * one, and keeps its folder, with the logs, when any has failed.
 */
public final class SharedPlatform implements ParameterResolver, BeforeEachCallback, TestWatcher {

    @Override
    public void beforeEach(ExtensionContext context) {
        platform(context).awaitReady();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Platform.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return platform(context);
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        // None when it did not come up.
        Platform platform = store(context).get(Platform.class, Platform.class);
        if (platform != null) {
            platform.keepLogs();
            System.out.printf(
                    "%s failed; the logs are in %s%n", context.getDisplayName(), platform.home());
        }
    }

    private static Platform platform(ExtensionContext context) {
        return store(context)
                .computeIfAbsent(Platform.class, key -> Platform.start(), Platform.class);
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getRoot().getStore(Namespace.create(SharedPlatform.class));
    }
}
