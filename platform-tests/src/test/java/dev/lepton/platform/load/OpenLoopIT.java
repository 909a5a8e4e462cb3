package dev.lepton.platform.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("alone")
class OpenLoopIT {

    @Test
    void aFreezeOfOneSecondShowsInEveryRequestThatWasDueMeanwhile() {
        long second = Duration.ofSeconds(1).toNanos();
        try (FreezingStub stub = new FreezingStub(2 * second, second);
                KeepAliveClient client = new KeepAliveClient(stub.uri(), 5_000)) {
            OpenLoop load = OpenLoop.start(200, () -> client.get("/").text());

            long end = System.nanoTime() + 10 * second;
            while (System.nanoTime() - end < 0) {
                LockSupport.parkNanos(end - System.nanoTime());
            }
            LoadReport report = load.stop();

            System.out.println("open loop against a stub that freezes 1 s in 10: " + report);
            long late =
                    report.samples().stream().filter(s -> s.latencyNanos() > second / 10).count();
            assertThat(report.failures()).isEmpty();
            assertThat(report.samples().size()).isBetween(1_900, 2_100);
            assertThat(late).as("requests delayed by the freeze").isBetween(150L, 260L);
            assertThat(report.latencyMillis(0.99)).isBetween(800.0, 1_300.0);
        }
    }
}
