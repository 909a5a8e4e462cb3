package dev.lepton.registry.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AllowanceTests {

    private final AtomicLong nanos = new AtomicLong();
    private final Allowance allowance = new Allowance(2, nanos::get);

    @Test
    void allowsSoManyInASecondAndThenOneAtATime() {
        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isFalse();

        nanos.addAndGet(499_999_999);
        assertThat(allowance.take()).isFalse();
        nanos.addAndGet(1);
        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isFalse();
    }

    @Test
    void savesNoMoreThanOneSecondOfQuiet() {
        nanos.addAndGet(3_600_000_000_000L);

        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isFalse();
    }
}
