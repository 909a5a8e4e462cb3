package dev.lepton.registry.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What a test needs of its machine: where it is missing, the test is skipped, and in the profile
 * {@code full}, which is to run every test, it fails.
 */
public final class Required {

    private Required() {}

    /**
     * @param what says the need, such as {@code "needs root"}
     */
    public static void that(boolean met, String what) {
        that(Boolean.getBoolean("lepton.full"), met, what);
    }

    static void that(boolean full, boolean met, String what) {
        if (full) {
            assertThat(met).as(what).isTrue();
        } else {
            assumeTrue(met, what);
        }
    }
}
