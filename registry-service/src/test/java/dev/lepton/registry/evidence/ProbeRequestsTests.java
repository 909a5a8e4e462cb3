package dev.lepton.registry.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProbeRequestsTests {

    private static final long KEPT = Duration.ofSeconds(10).toNanos();
    private static final NodeName NODE = new NodeName("node-a");
    private static final UnitId UNIT = new UnitId("worker-1");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final ProbeRequests requests = new ProbeRequests(nanos::get);

    @Test
    void requestIsHandedOutOnceAndToItsNodeAlone() {
        requests.ask(NODE, UNIT);
        requests.ask(NODE, UNIT);

        assertThat(requests.take(new NodeName("node-b"))).isEmpty();
        assertThat(requests.take(NODE)).containsExactly(UNIT);
        assertThat(requests.take(NODE)).isEmpty();
    }

    @Test
    void requestIsKeptForExactlyTenSeconds() {
        requests.ask(NODE, UNIT);
        nanos.addAndGet(KEPT);
        assertThat(requests.take(NODE)).containsExactly(UNIT);

        requests.ask(NODE, UNIT);
        nanos.addAndGet(KEPT + 1);
        assertThat(requests.take(NODE)).isEmpty();
    }
}
