package dev.lepton.platform.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What a test needs of its machine: without it the test is skipped, in a full run it fails. */
public final class Required {

    private Required() {}

    /**
     * @param otherwise what is missing when it does not hold
     */
    public static void that(boolean holds, String otherwise) {
        that(holds, otherwise, Boolean.getBoolean("lepton.full"));
    }

    static void that(boolean holds, String otherwise, boolean full) {
        if (full) {
            assertThat(holds).as("a full run must not skip this test: %s", otherwise).isTrue();
        } else {
            assumeTrue(holds, otherwise);
        }
    }
}
