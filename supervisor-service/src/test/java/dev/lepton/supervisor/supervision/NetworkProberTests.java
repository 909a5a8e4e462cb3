package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.supervisor.declaration.Probe;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkProberTests {

    private final NetworkProber prober = new NetworkProber(Duration.ofSeconds(1));

    @AfterEach
    void close() {
        prober.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a|b", "/?q={a}", "/%zz"})
    void aPathThatCannotBeAskedForIsABadOutcome(String path) {
        Prober.Outcome outcome = prober.ask(Probe.http(path, false), 1).join();

        assertThat(outcome.good()).isFalse();
        assertThat(outcome.what()).contains(path);
    }

    @Test
    void afterItsEndEveryOutcomeIsBad() {
        prober.close();

        assertThat(prober.ask(Probe.CONNECT, 1).join().good()).isFalse();
        assertThat(prober.ask(Probe.http("/", false), 1).join().good()).isFalse();
    }
}
